"""What is gathered while a file is decoded: its level, its 8 kHz sound's frames, and the sound itself, set aside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames, FrameStream, join
from wholetape.match.resample import Resampler
from wholetape.media.spool import Spool

_SILENT = 1e-4
"""Root mean square below which there is nothing to judge: three steps of 16 bit."""
LEVEL_S = 0.1
"""Seconds of one entry of the level."""


class Survey:
    """Takes the channels' mean, block by block; read it after :meth:`finish`."""

    def __init__(self, rate: int) -> None:
        self._step = max(1, round(rate * LEVEL_S))
        self._seconds = self._step / rate
        self._rest: NDArray[np.float32] = np.zeros(0, np.float32)
        self._levels: list[NDArray[np.float32]] = []
        self._resampler = Resampler(rate)
        self._stream = FrameStream()
        self._parts: list[Frames] = []
        self.spool = Spool()
        """The sound at 8 kHz."""
        self.level: NDArray[np.float32] = np.zeros(0, np.float32)
        """(n,) root mean square of each tenth of a second, full scale 1."""
        self.frames: Frames = join([])
        """Features of the sound at 8 kHz, every 10 ms."""

    def feed(self, sound: NDArray[np.float32]) -> None:
        """Takes (n,) samples."""
        loud = np.concatenate((self._rest, sound))
        whole = len(loud) // self._step * self._step
        self._rest = loud[whole:]
        self._levels.append(np.sqrt((loud[:whole].reshape(-1, self._step) ** 2).mean(axis=1)))
        self._take(self._resampler.feed(sound))

    def finish(self) -> None:
        """Ends the sound."""
        self._take(self._resampler.finish())
        self._parts.append(self._stream.finish())
        self.frames = join(self._parts)
        self.level = np.concatenate([*self._levels, np.zeros(0, np.float32)])

    @property
    def sounding(self) -> float:
        """Share of the file that is no digital silence."""
        return float((self.level > _SILENT).mean()) if len(self.level) else 0.0

    def active(self, start: float) -> float:
        """How loud the sound is in the second that begins at ``start``."""
        first = int(start / self._seconds)
        part = self.level[first : first + max(1, round(1 / self._seconds))]
        return float(np.median(part)) if len(part) else 0.0

    def _take(self, sound: NDArray[np.float32]) -> None:
        self._parts.append(self._stream.feed(sound))
        self.spool.append(np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16))
