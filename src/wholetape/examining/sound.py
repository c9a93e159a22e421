"""The sound under examination: set aside on disk once, then read anywhere, channel by channel or as middle and side."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import gcd
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wholetape.media.decode import Damage, Decoder
from wholetape.media.spool import Spool

Sound = NDArray[np.float32]
MID, SIDE, LEFT, RIGHT = "mid", "side", "left", "right"
_STEREO_SHARE = 1e-5
"""Power of the side against the middle below which both channels count as one."""
_MARGIN = 0.1
"""Seconds around a piece that is resampled, thrown away afterwards."""


class Take:
    """One audio stream of a file, decoded once; a context manager. ``rate`` in Hz, ``len()`` in samples.

    Of more than two channels the first two are looked at.
    """

    def __init__(self, path: str | os.PathLike[str], *, jobs: int = 1) -> None:
        self._decoder = Decoder(path, 0, jobs=jobs)
        self.rate = self._decoder.rate
        self.channels = self._decoder.channels
        self._spools = [Spool() for _ in range(min(2, self.channels))]
        self._power = [0.0, 0.0]
        self._lock = Lock()
        self.damage: tuple[Damage, ...] = ()

    def fill(self, *takers: Callable[[Sound], None], progress: Callable[[float], None] = lambda share: None) -> None:
        """Decodes everything; each taker gets all blocks of the channels' mean, in order."""
        for block in self._decoder.blocks():
            samples = np.nan_to_num(block.samples[:2], nan=0.0, posinf=1.0, neginf=-1.0)
            for spool, row in zip(self._spools, samples, strict=True):
                spool.append(np.clip(np.rint(row * 32768), -32768, 32767).astype(np.int16))
            mid = samples.mean(axis=0, dtype=np.float32)
            self._power[0] += float(np.dot(mid, mid))
            if len(samples) == 2:
                side = (samples[0] - samples[1]) / 2
                self._power[1] += float(np.dot(side, side))
            for taker in takers:
                taker(mid)
            progress(self._decoder.progress)
        self.damage = self._decoder.damage
        self._decoder.close()

    def __len__(self) -> int:
        return len(self._spools[0])

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self) / self.rate

    @property
    def stereo(self) -> bool:
        """True when the two channels differ."""
        return self._power[1] > _STEREO_SHARE * self._power[0]

    def read(self, view: str, start: int, end: int) -> Sound:
        """Samples [start, end) of one view, full scale ±1; zeros outside of the sound."""
        a, b = max(0, start), min(len(self), end)
        if b <= a:
            return np.zeros(max(0, end - start), np.float32)
        with self._lock:
            rows = [spool.read(a, b).astype(np.float32) for spool in self._spools]
        first, last = rows[0], rows[-1]
        half = np.float32(0.5)
        mixed: Sound = {LEFT: first, RIGHT: last, MID: half * (first + last), SIDE: half * (first - last)}[view]
        sound = mixed * np.float32(1 / 32768)
        return np.pad(sound, (a - start, end - b)) if (a, b) != (start, end) else sound

    def at_rate(self, view: str, start: float, end: float, rate: int) -> tuple[Sound, int]:
        """The sound from ``start`` to ``end`` seconds at ``rate``, and the index at that rate of its first sample.

        Both are moved to the whole samples of both clocks that lie around them.
        """
        if rate == self.rate:
            first = int(start * rate)
            return self.read(view, first, int(end * rate)), first
        unit = 1 / gcd(rate, self.rate)  # seconds after which both clocks tick together
        first_unit = int((start - _MARGIN) / unit) if start > _MARGIN else -int(_MARGIN / unit)
        units = int(np.ceil((end + _MARGIN) / unit)) - first_unit
        per_own, per_new = round(self.rate * unit), round(rate * unit)
        units = _smooth(units)
        piece = self.read(view, first_unit * per_own, (first_unit + units) * per_own)
        sound = _fft_resample(piece, units * per_new)
        a = round(start * rate) - first_unit * per_new
        b = round(end * rate) - first_unit * per_new
        return sound[a:b], first_unit * per_new + a

    def close(self) -> None:
        """Gives the disk space back."""
        self._decoder.close()
        for spool in self._spools:
            spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _smooth(n: int) -> int:
    """The smallest number from ``n`` on whose prime factors are 2, 3 and 5, for which transforms are fast."""
    while True:
        rest = n
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return n
        n += 1


def _fft_resample(sound: Sound, count: int) -> Sound:
    spectrum = np.fft.rfft(sound)
    size = count // 2 + 1
    if size <= len(spectrum):
        spectrum = spectrum[:size]
    else:
        spectrum = np.pad(spectrum, (0, size - len(spectrum)))
    return np.asarray(np.fft.irfft(spectrum, count), np.float32) * np.float32(count / len(sound))
