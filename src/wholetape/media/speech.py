"""The sound of a recording as speech recognisers take it: one channel, 16 kHz, 16 bit, in order, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wholetape.media.blocks import Samples
from wholetape.media.decode import Decoder

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

SPEECH_HZ = 16_000
Speech = npt.NDArray[np.int16]
_CANCELLED = 0.25
"""Share of a channel's level below which the mean of all has cancelled it: then the loudest is heard."""


def speech(
    path: str | os.PathLike[str],
    *,
    stream: int = 0,
    jobs: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Iterator[Speech]:
    """All sound of one stream, contiguous from the first sample that ``ffmpeg -i FILE`` yields, a few seconds a block.

    Raises:
        UnreadableInput: no such file or stream, or nothing in it can be decoded.
    """
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

    with Decoder(path, stream, jobs=jobs) as decoder:
        resampler = AudioResampler(format="s16", layout="mono", rate=SPEECH_HZ)
        for block in decoder.blocks():
            frame = AudioFrame.from_ndarray(_one(block.samples)[None, :], format="flt", layout="mono")
            frame.sample_rate = decoder.rate
            yield from _arrays(resampler.resample(frame))
            progress(decoder.progress)
        yield from _arrays(resampler.resample(None))


def _arrays(frames: Sequence[AudioFrame]) -> Iterator[Speech]:
    for frame in frames:
        if frame is not None and frame.samples:  # an idle resampler passes the flushing None through
            yield np.asarray(frame.to_ndarray()[0], np.int16)


def _one(samples: Samples) -> npt.NDArray[np.float32]:
    """The mean of the channels; the loudest one where they cancel each other."""
    sound = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0)
    mean = sound.mean(axis=0, dtype=np.float32)
    levels = np.sqrt((sound.astype(np.float64) ** 2).mean(axis=1)) if sound.size else np.zeros(len(sound))
    if len(sound) > 1 and mean.size and np.sqrt((mean.astype(np.float64) ** 2).mean()) < _CANCELLED * levels.max():
        return np.ascontiguousarray(sound[int(levels.argmax())])
    return np.ascontiguousarray(mean)
