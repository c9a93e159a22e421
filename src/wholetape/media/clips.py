"""Short pieces of one recording to listen to, and its outline to look at, in one pass and bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wholetape.media.blocks import Samples
from wholetape.media.decode import Decoder
from wholetape.media.mp3 import Mp3
from wholetape.media.outline import Outline

COLUMNS = 600
"""Parts of the outline of a whole recording: a wide screen shows no more."""
CLIP_COLUMNS = 180
"""Parts of the outline of one clip."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece to be cut: seconds from ``start`` to ``end``; of these ``channels``, from 0, or of the mean of all."""

    start: float
    end: float
    channels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece that was cut: MP3 bytes, and an outline of at most ``CLIP_COLUMNS`` peaks from 0 to 1."""

    mp3: bytes
    outline: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """The outline of a whole stream, at most ``COLUMNS`` peaks from 0 to 1, and its clips in the order wanted."""

    outline: tuple[float, ...]
    clips: tuple[Clip, ...]


def survey(
    path: str | os.PathLike[str],
    stream: int,
    wanted: Sequence[Wanted],
    *,
    jobs: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Survey:
    """Outline and clips of one audio stream of the file at ``path``, on the clock of ``ffmpeg -i FILE``.

    A piece is shorter, or empty, where the sound ends before it does.

    Raises:
        UnreadableInput: no such file or stream, or nothing in it can be decoded.
    """
    with Decoder(path, stream, jobs=jobs) as decoder:
        outline = Outline(decoder.rate)
        cutters = [_Cutter(piece, decoder.rate) for piece in wanted]
        for block in decoder.blocks():
            sound = np.nan_to_num(block.samples, nan=0.0, posinf=1.0, neginf=-1.0)
            outline.feed(np.abs(sound).max(axis=0))
            for cutter in cutters:
                cutter.take(block.start, sound)
            progress(decoder.progress)
    return Survey(outline.read(COLUMNS), tuple(cutter.clip() for cutter in cutters))


class _Cutter:
    """One piece on its way; nothing is held before it begins and nothing but its bytes after."""

    def __init__(self, piece: Wanted, rate: int) -> None:
        self._first, self._end = max(0, round(piece.start * rate)), round(piece.end * rate)
        self._channels = piece.channels
        self._rate = rate
        self._mp3: Mp3 | None = None
        self._outline = Outline(rate)

    def take(self, start: int, sound: Samples) -> None:
        """Takes what concerns the piece from a block whose first sample is ``start``."""
        a, b = max(0, self._first - start), min(sound.shape[1], self._end - start)
        if b <= a:
            return
        mono = self._mono(sound[:, a:b])
        self._mp3 = self._mp3 or Mp3(self._rate)
        self._mp3.feed(mono)
        self._outline.feed(mono)

    def clip(self) -> Clip:
        """What was cut."""
        return Clip(self._mp3.finish() if self._mp3 else b"", self._outline.read(CLIP_COLUMNS))

    def _mono(self, sound: Samples) -> npt.NDArray[np.float32]:
        chosen = [channel for channel in self._channels if channel < len(sound)]
        return np.asarray((sound[chosen] if chosen else sound).mean(axis=0, dtype=np.float32))
