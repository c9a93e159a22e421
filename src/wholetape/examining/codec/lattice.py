"""Whether a transform's coefficients lie on a quantiser's lattice: what tells a grid best, however few became zero.

MP3 and AAC round the power ¾ of a coefficient to a multiple of one step for each band of a frame (ISO/IEC 11172-3,
2.4.3.4; ISO/IEC 14496-3, 4.6.1). Where the transform stands where the encoder's stood, those powers are multiples of
a common step again, and nowhere else. No step is known: of all that are not too small the one counts that fits best,
so that a change of level does not matter. What rounds to zero counts neither way. What chance fits is learnt from
frames at random places of the same sound.

Source: O. Derrien, Detection of Genuine Lossless Audio Files: Application to the MPEG-AAC Codec, JAES 67 (3), 2019.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.banks import Bank, aac_of, mp3_of
from wholetape.examining.codec.grid import HOPS, Grid, Transform, Views
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.scalefactorbands import BANDS
from wholetape.examining.codec.sliding import least_power
from wholetape.examining.sound import Sound, Take

Values = NDArray[np.float64]

LEAST_Z = 7.0
"""Deviations by which a grid's lattice must stand out, of the best of all offsets that are tried."""
_LEAST_BAND = 6
"""Coefficients of a band below which any step fits."""
_LOW_HZ, _HIGH_HZ = 250.0, 6000.0
"""Between which bands are looked at: hum lies below, little of speech above."""
_STEPS = np.arange(1.3, 14.0, 0.15).tolist()
"""How many steps the largest coefficient of a band may hold."""
_LEAST = 4
"""Coefficients that do not round to zero, from which a band counts."""
_ABOVE = 20.0
"""Times of the power above which zeros are judged: a band whose largest coefficient has less is noise of rounding."""
_LEARNT = 400
"""Frames at random places from which chance is learnt."""
_TRIED = 100
"""Frames, the loudest, at which one offset is tried."""
_SEARCHED, _ROUGHLY, _GOOD = 60, 8, 32
"""Frames, the loudest, in which offsets are searched; those at which all are tried, and how many go on from there."""
_AT_ONCE = 64
"""Frames at once: as many as stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class _Bands:
    """The coefficients of whole bands as a bank, and the columns at which each begins."""

    bank: Bank
    firsts: NDArray[np.int64]


class Lattice:
    """What lattices say of frames of ``transform`` in one sound; may be used from several threads.

    ``starts``: seconds at which windows of ``CODEC.window_s`` begin, from which chance is learnt.
    """

    def __init__(self, take: Take, transform: Transform, views: Views, starts: Sequence[float]) -> None:
        bands = _bands(transform, take.rate)
        self.bank, self._firsts = bands.bank, bands.firsts
        self._filters = np.ascontiguousarray(self.bank.filters.real.T)
        self._widths = np.diff(np.append(self._firsts, self._filters.shape[1]))
        self._least = _ABOVE * np.maximum.reduceat(least_power(self.bank), self._firsts)
        self._take, self._views, self._starts = take, views, starts
        self._mean, self._spread = self._learn()

    @staticmethod
    def knows(transform: Transform, heard: int) -> bool:
        """True where a standard has bands for its rate, and sound that was sampled at ``heard`` Hz reaches some."""
        return bool(_whole(transform, heard))

    @property
    def most(self) -> int:
        """Bands of a frame."""
        return len(self._firsts)

    def __call__(
        self, sound: Sound, starts: NDArray[np.int64], steps: Sequence[float] = _STEPS
    ) -> tuple[Values, Values]:
        """Deviations above chance, summed, and bands judged, of the frames whose filters begin at ``starts``.

        Of fewer ``steps``, evenly apart, all offsets fit less well.
        """
        sums, counts = np.zeros(len(starts)), np.zeros(len(starts))
        windows = np.lib.stride_tricks.sliding_window_view(sound, self.bank.taps) if len(starts) else sound
        for at in range(0, len(starts), _AT_ONCE):
            fits, heard = self._fits(windows[starts[at : at + _AT_ONCE]], steps)
            heard &= np.isfinite(self._spread)
            value = np.where(heard, (fits - self._mean) / self._spread, 0.0)
            sums[at : at + _AT_ONCE], counts[at : at + _AT_ONCE] = value.sum(axis=1), heard.sum(axis=1)
        return sums, counts

    def best_near(self, grid: Grid, starts: Sequence[float], around: int = 0) -> tuple[Grid, float]:
        """Of the offsets up to ``around`` samples beside ``grid`` the one that fits best, and by how many deviations.

        ``starts``: seconds at which windows begin, of which the loudest frames are looked at.
        """
        frames = self._loudest(grid.offset - around, starts, 2 * around, _TRIED)
        z = self._deviations(frames, np.arange(2 * around + 1))
        best = int(np.argmax(z))
        return replace(grid, offset=(grid.offset - around + best) % self.bank.hop), float(z[best])

    def search(self, starts: Sequence[float], most: int, pool: ThreadPoolExecutor) -> list[tuple[int, float]]:
        """The offsets, ``most`` at most, that stand out, and by how many deviations; of all, the clearest first."""
        hop = self.bank.hop
        frames = self._loudest(0, starts, hop, _SEARCHED)
        if not len(frames):
            return []
        parts = np.array_split(np.arange(hop), 8)
        rough = np.concatenate(
            list(pool.map(lambda part: self._deviations(frames[:_ROUGHLY], part, _STEPS[::2]), parts))
        )
        good = np.argsort(-rough)[:_GOOD]
        z = np.concatenate(list(pool.map(lambda part: self._deviations(frames, part), np.array_split(good, 8))))
        order = np.argsort(-z)[:most]
        return [(int(good[k]), float(z[k])) for k in order.tolist() if z[k] >= LEAST_Z]

    def _deviations(self, frames: Sound, moves: NDArray[np.int64], steps: Sequence[float] = _STEPS) -> Values:
        """(moves,) deviations of all of (frames, size) together, each read from ``moves`` on."""
        begin = np.arange(len(frames))[:, None] * frames.shape[1] + moves
        sums, counts = (v.reshape(begin.shape).sum(axis=0) for v in self(frames.ravel(), begin.ravel(), steps))
        return np.asarray(sums / np.sqrt(CODEC.dispersion * np.maximum(1.0, counts)))

    def _fits(self, windows: Sound, steps: Sequence[float] = _STEPS) -> tuple[Sound, NDArray[np.bool_]]:
        """How well (n, taps) frames fit lattices, (n, bands), and which bands can be judged."""
        size = np.abs(windows @ self._filters)
        top = np.maximum.reduceat(size, self._firsts, axis=1)
        heard = top**2 > self._least
        part = (size / np.repeat(np.maximum(top, 1e-12), self._widths, axis=1)) ** np.float32(0.75)
        turn = np.exp(np.complex64(2j * np.pi * steps[0]) * part)
        more = np.exp(np.complex64(2j * np.pi * (steps[1] - steps[0])) * part)
        best = np.zeros_like(top)
        for many in steps:
            on = (part > np.float32(0.5 / many)).astype(np.float32)
            count = np.add.reduceat(on, self._firsts, axis=1)
            fit = np.add.reduceat(turn.real * on, self._firsts, axis=1) / np.sqrt(np.maximum(count, 1) / 2)
            np.maximum(best, np.where(count >= _LEAST, fit, 0), out=best)
            turn *= more
        return best, heard

    def _learn(self) -> tuple[Values, Values]:
        """Mean and spread of each band's fit by chance; bands that are hardly heard fit nothing."""
        rng = np.random.default_rng(0)
        pieces = list(self._pieces(self._starts, self.bank.taps))
        each = max(1, _LEARNT // max(1, len(pieces)))
        every = [
            self._fits(np.lib.stride_tricks.sliding_window_view(sound, self.bank.taps)[at])
            for sound, _ in pieces
            if (at := np.sort(rng.integers(0, len(sound) - self.bank.taps, each))).size
        ]
        mean, spread = np.zeros(self.most), np.full(self.most, np.inf)
        if not every:
            return mean, spread
        fits, heard = np.concatenate([fit for fit, _ in every]), np.concatenate([judged for _, judged in every])
        for band in range(self.most):
            mine = fits[heard[:, band], band]
            if len(mine) >= _LEARNT // 10:
                mean[band], spread[band] = mine.mean(), max(float(mine.std()), 1e-3)
        return mean, spread

    def _loudest(self, offset: int, starts: Sequence[float], more: int, most: int) -> Sound:
        """(frames, taps + more) samples from the beginning of each of the loudest frames at ``offset``."""
        size = self.bank.taps + more
        rows: list[Sound] = []
        for sound, origin in self._pieces(starts, size):
            phase = (offset - self.bank.lead - origin) % self.bank.hop
            rows += list(np.lib.stride_tricks.sliding_window_view(sound, size)[phase :: self.bank.hop])
        loudest = np.argsort([-float(row @ row) for row in rows])[:most]
        return np.array([rows[k] for k in loudest.tolist()], np.float32).reshape(-1, size)

    def _pieces(self, starts: Sequence[float], more: int) -> Iterator[tuple[Sound, int]]:
        """The sound of each window and ``more`` samples, in each view, and the index of its first sample."""
        for view in self._views:
            for start in starts:
                yield self._take.at_rate(view, start, start + CODEC.window_s + more / self.bank.rate, self.bank.rate)


@lru_cache(maxsize=4)
def _bands(transform: Transform, heard: int) -> _Bands:
    """The bands of ``transform``, for sound that was sampled at ``heard`` Hz."""
    whole = _whole(transform, heard)
    start = whole[0][0]
    index = np.arange(start, whole[-1][1])
    rate = transform.rate
    bank = mp3_of(rate, index) if transform.codec == "mp3" else aac_of(rate, transform.window, index)
    return _Bands(bank, np.array([first - start for first, _ in whole]))


def _whole(transform: Transform, heard: int) -> list[tuple[int, int]]:
    """[first, last) coefficients of the bands that lie wholly between the frequencies that are looked at."""
    rate = transform.rate
    width, high = rate / 2 / HOPS[transform.codec], min(_HIGH_HZ, 0.46 * heard, 0.46 * rate)
    return [
        (first, last)
        for first, last in pairwise(BANDS.get(transform.codec, {}).get(rate, ()))
        if last - first >= _LEAST_BAND and first * width >= _LOW_HZ and last * width <= high
    ]
