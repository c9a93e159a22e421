"""A whole recording as MP3, which every browser plays and seeks in, with its outline: one pass, bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import numpy as np

from wholetape.media.decode import Decoder
from wholetape.media.outline import Outline

TYPE = "audio/mpeg"
_RATES = (16000, 22050, 24000, 32000, 44100, 48000)
_WIDEST = 2
"""Channels that MP3 holds; of more the mean is played."""


@dataclass(frozen=True, slots=True)
class WebParams:
    """Speech and rooms without audible loss on a phone's loudspeaker, at a size that a phone's network bears."""

    mono: int = 64000
    """Bits a second, constant, so that every browser finds a moment exactly."""
    stereo: int = 112000
    effort: int = 4
    """LAME's, from 0 for the best to 9 for the fastest."""
    columns: int = 600
    """Parts of the outline: a wide screen shows one in two pixels."""


WEB = WebParams()


@dataclass(frozen=True, slots=True)
class WebSound:
    """``duration`` in seconds of the sound that was encoded, its channels, and its outline from 0 to 1."""

    duration: float
    channels: int
    outline: tuple[float, ...]


def encode_for_web(
    path: str | os.PathLike[str],
    out: BinaryIO,
    *,
    jobs: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> WebSound:
    """Writes the first audio stream of the file at ``path`` to ``out``, which can be seeked in, as MP3 without tags.

    Time zero is that of ``ffmpeg -i FILE``, and players apply the encoder's delay, which the file states.

    Raises:
        UnreadableInput: no such file, or nothing in it can be decoded.
    """
    import av

    with Decoder(path, 0, jobs=jobs) as decoder:
        outline, seconds = Outline(decoder.rate), 0
        channels = decoder.channels if decoder.channels <= _WIDEST else 1
        layout = "mono" if channels == 1 else "stereo"
        rate = decoder.rate if decoder.rate in _RATES else 44100
        file = av.open(out, "w", format="mp3", options={"id3v2_version": "0"})
        stream = file.add_stream(
            "libmp3lame",
            rate=rate,
            layout=layout,
            bit_rate=WEB.mono if channels == 1 else WEB.stereo,
            options={"compression_level": str(WEB.effort)},
        )
        for block in decoder.blocks():
            sound = np.nan_to_num(block.samples, nan=0.0, posinf=1.0, neginf=-1.0)
            outline.feed(np.abs(sound).max(axis=0))
            if channels != len(sound):
                sound = sound.mean(axis=0, keepdims=True, dtype=np.float32)
            plane = np.ascontiguousarray(np.clip(sound, -1.0, 1.0, dtype=np.float32))
            frame = av.AudioFrame.from_ndarray(plane, format="fltp", layout=layout)
            frame.sample_rate, frame.time_base, frame.pts = decoder.rate, Fraction(1, decoder.rate), seconds
            seconds += plane.shape[1]
            file.mux(stream.encode(frame))
            progress(decoder.progress)
        file.mux(stream.encode(None))
        file.close()
        return WebSound(seconds / decoder.rate, channels, outline.read(WEB.columns))
