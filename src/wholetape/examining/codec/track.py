"""One grid followed through a file: evidence at its own offset, block after block, and where it is there.

An encoder cuts a frame with a sudden onset into short windows, of which the long one shows nothing. Of each frame
counts whichever shows more; where short windows cannot tell two grids apart, only for the clearer one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.banks import Bank
from wholetape.examining.codec.grid import SHORT_STARTS, Grid, Transform
from wholetape.examining.codec.lattice import LEAST_Z, Lattice
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.products import products
from wholetape.examining.codec.sliding import least_power, null
from wholetape.examining.sound import Sound, Take

Values = NDArray[np.float64]

_PIECE_S = 8.0
"""Seconds that are read and transformed at once."""
_THIN_S = 900.0
"""Longer stretches are followed in every second frame."""
_PART, _RISE = 128, 2.0
"""Samples whose power is held against that of those before them in a frame, and by how many times it rises at once."""
_EVER_S = 4.0
"""Seconds over which lattices are judged together, to tell whether they stand out."""
_THIN_LATTICE = 4
"""Of those frames, one in so many is held to a lattice."""


@dataclass(frozen=True, slots=True)
class Series:
    """Evidence frame after frame. ``sums``: (n,) deviations beside chance, summed; ``counts``: (n,) what was judged."""

    sums: Values
    counts: Values


@dataclass(frozen=True, slots=True)
class Track:
    """Evidence for ``grid``, frame after frame. ``times``: (n,) seconds, the middle of each frame.

    ``zeros``: by how much its coefficients lie below chance. ``lattice``: by how much they lie on one, and in the
    weights that it has beside the zeros.
    """

    grid: Grid
    times: Values
    zeros: Series
    lattice: Series

    @property
    def sums(self) -> Values:
        """(n,) deviations of zeros and lattice together."""
        return self.zeros.sums + self.lattice.sums

    @property
    def counts(self) -> Values:
        """(n,) what was judged, of both together."""
        return self.zeros.counts + self.lattice.counts

    def between(self, start: float, end: float) -> slice:
        """The frames whose middle lies in [start, end)."""
        a, b = np.searchsorted(self.times, (start, end))
        return slice(int(a), int(b))

    def z(self, start: float, end: float) -> float:
        """Deviations by which the grid stands out between two seconds; 0 where nothing was judged."""
        return _z(self.between(start, end), self.zeros, self.lattice)

    def zeros_z(self, start: float, end: float) -> float:
        """The same by zeros alone."""
        return _z(self.between(start, end), self.zeros)

    def lattice_z(self, start: float, end: float) -> float:
        """The same by lattices alone."""
        return _z(self.between(start, end), self.lattice)


def _z(part: slice, *series: Series) -> float:
    count = sum(float(one.counts[part].sum()) for one in series)
    return sum(float(one.sums[part].sum()) for one in series) / float(np.sqrt(CODEC.dispersion * count or 1.0))


def _ever(fits: Series, times: Values) -> bool:
    """True where lattices stand out anywhere: where they never do, as after Opus, they would only drown the zeros."""
    if not len(times):
        return False
    begins = np.arange(times[0], times[-1], _EVER_S / 2)
    spans = zip(np.searchsorted(times, begins).tolist(), np.searchsorted(times, begins + _EVER_S).tolist(), strict=True)
    return any(_z(slice(a, b), fits) >= LEAST_Z for a, b in [(0, len(times)), *spans])


def follow(
    take: Take,
    grids: Sequence[Grid],
    start: float,
    end: float,
    pool: ThreadPoolExecutor,
    *,
    thin: bool | None = None,
    known: Sequence[Grid] = (),
    lattice: Lattice | None = None,
) -> list[Track]:
    """Tracks of ``grids`` of one transform and the same views, clearest first, from ``start`` to ``end`` seconds.

    ``known`` are clearer ones that were followed before.
    """
    if not grids:
        return []
    every = 2 if (end - start > _THIN_S if thin is None else thin) else 1
    machine = _Machine(grids[0].transform, take.rate, every, lattice)
    clearer = [*known, *grids]
    alone = [not any(grid.short_alike(other) for other in clearer[: len(known) + k]) for k, grid in enumerate(grids)]
    pieces = list(np.arange(start, max(start + 1e-6, end - 0.05), _PIECE_S))

    def one(first: float) -> list[tuple[Values, ...]]:
        last = min(end, first + _PIECE_S)
        return machine.follow(take, grids, alone, first, last)

    parts = list(pool.map(one, pieces))
    joined = []
    for k, grid in enumerate(grids):
        times, *values = (np.concatenate([part[k][c] for part in parts]) for c in range(5))
        fits = Series(*values[2:])
        nothing = Series(np.zeros(len(times)), np.zeros(len(times)))
        joined.append(Track(grid, times, Series(*values[:2]), fits if _ever(fits, times) else nothing))
    return joined


class _Machine:
    def __init__(self, transform: Transform, heard: int, every: int, lattice: Lattice | None) -> None:
        self.bank, self.every = transform.bank(heard), every
        self._long = _Judge(self.bank)
        short = transform.short_bank(heard)
        self._short = None if short is None else _Judge(short)
        self._starts = np.array(SHORT_STARTS.get(transform.codec, ()), np.int64)
        self._lattice = lattice
        if lattice is not None:
            self._weight = float(np.sqrt(CODEC.lattice * len(self.bank.filters) / lattice.most))
            self._seldom = _THIN_LATTICE if every > 1 else 1

    def follow(
        self, take: Take, grids: Sequence[Grid], alone: Sequence[bool], first: float, last: float
    ) -> list[tuple[Values, ...]]:
        bank = self.bank
        rate, hop = bank.rate, bank.hop
        reach = bank.taps / rate
        found: list[list[Values]] = [[] for _ in grids]
        for view in grids[0].views:
            sound, origin = take.at_rate(view, first - reach, last + reach, rate)
            for k, grid in enumerate(grids):
                phase = (grid.offset - bank.lead - origin) % hop
                starts = np.arange(phase, len(sound) - bank.taps, hop * self.every)
                middles = (starts + origin + bank.taps / 2) / rate
                inside = (middles >= first) & (middles < last)
                values = self._judge(sound, starts[inside], short=alone[k])
                if found[k]:
                    for total, value in zip(found[k][1:], values, strict=True):
                        total += value
                else:
                    found[k] = [middles[inside], *values]
        return [tuple(columns) for columns in found]

    def _judge(self, sound: Sound, starts: NDArray[np.int64], *, short: bool) -> tuple[Values, Values, Values, Values]:
        zeros = self._zeros(sound, starts, short=short)
        sums, counts = np.zeros(len(starts)), np.zeros(len(starts))
        if self._lattice is not None:
            fits, bands = self._lattice(sound, starts[:: self._seldom])
            sums[:: self._seldom], counts[:: self._seldom] = self._weight * fits, self._weight**2 * bands
        return *zeros, sums, counts

    def _zeros(self, sound: Sound, starts: NDArray[np.int64], *, short: bool) -> tuple[Values, Values]:
        sums, counts = self._long(sound, starts)
        if self._short is None or not short or not len(starts):
            return sums, counts
        rises = np.flatnonzero(_rises(sound, starts, self.bank.taps))
        every, judged = self._short(sound, (starts[rises][:, None] + self._starts).ravel())
        sums_of, counts_of = (v.reshape(len(rises), len(self._starts)) for v in (every, judged))
        z = _deviations(sums_of.sum(axis=1), counts_of.sum(axis=1))
        best = np.argmax(sums_of, axis=1)[:, None]
        np.put_along_axis(without := sums_of.copy(), best, 0.0, axis=1)
        np.put_along_axis(fewer := counts_of.copy(), best, 0.0, axis=1)
        rest = _deviations(without.sum(axis=1), fewer.sum(axis=1))
        more = z >= _deviations(sums[rises], counts[rises]) + CODEC.short_more
        cut = (z >= CODEC.short_z) & (rest >= CODEC.short_rest) & more
        sums[rises[cut]], counts[rises[cut]] = sums_of.sum(axis=1)[cut], counts_of.sum(axis=1)[cut]
        return sums, counts


def _rises(sound: Sound, starts: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Frames of ``size`` samples in which the sound gets louder at once; encoders cut no others into short windows."""
    energy = np.concatenate(([0.0], np.cumsum(np.diff(sound, prepend=np.float32(0)).astype(np.float64) ** 2)))
    edges = starts[:, None] + np.arange(0, size + 1, _PART)
    parts = np.diff(energy[edges], axis=1)
    before = np.cumsum(parts, axis=1)[:, :-1] / np.arange(1, parts.shape[1])
    return np.asarray((parts[:, 1:] > _RISE * before).any(axis=1))


class _Judge:
    """What a bank's coefficients say of single frames."""

    def __init__(self, bank: Bank) -> None:
        self.taps = bank.taps
        self._mean, self._spread = null(CODEC.floor)
        self._least = least_power(bank)
        self._products = products(bank)

    def __call__(self, sound: Sound, starts: NDArray[np.int64]) -> tuple[Values, Values]:
        """Deviations below chance, summed, and coefficients judged, of the frames that begin at ``starts``."""
        sums, counts = np.zeros(len(starts)), np.zeros(len(starts))
        windows = np.lib.stride_tricks.sliding_window_view(sound, self.taps) if len(starts) else sound
        for at in range(0, len(starts), 64):
            re, im = self._products(windows[starts[at : at + 64]])
            power = re * re + im * im
            heard = power > self._least
            logs = np.log(re * re / np.maximum(power, self._least) + np.float32(CODEC.floor))
            value = np.where(heard, (self._mean - logs) / self._spread, 0)
            sums[at : at + 64] = value.sum(axis=1)
            counts[at : at + 64] = heard.sum(axis=1)
        return sums, counts


def _deviations(sums: Values, counts: Values) -> Values:
    return np.asarray(sums / np.sqrt(CODEC.dispersion * np.maximum(counts, 1.0)))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch, in seconds, that carries the grid of ``track``; ``z`` is its evidence."""

    track: Track
    start: float
    end: float
    z: float


def runs(track: Track) -> list[Run]:
    """The stretches that carry the grid, by a two-state chain over blocks of ``CODEC.block_s``."""
    if not len(track.times):
        return []
    length = track.times[-1] + 1e-3
    edges = np.arange(track.times[0], length + CODEC.block_s, CODEC.block_s)
    cuts = np.searchsorted(track.times, edges)
    sums = np.add.reduceat(np.append(track.sums, 0.0), np.minimum(cuts[:-1], len(track.times)))
    counts = np.add.reduceat(np.append(track.counts, 0.0), np.minimum(cuts[:-1], len(track.times)))
    empty = cuts[1:] == cuts[:-1]
    sums[empty], counts[empty] = 0.0, 0.0
    strength = _strength(sums, counts)
    if strength <= 0:
        return []
    gain = (strength * sums - counts * strength**2 / 2) / CODEC.dispersion
    gain = np.clip(gain, -CODEC.switch / 2, CODEC.switch / 2)  # no single block decides
    found = []
    for first, last in _on(gain):
        start, end = float(edges[first]), float(edges[last])
        z = track.z(start, end)
        if end - start >= CODEC.run_s and z >= CODEC.run_z:
            found.append(Run(track, start, end, z))
    return found


def _strength(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Half of what a coefficient says where the grid is clearest: enough for its weaker stretches, too."""
    heard = counts > 0
    if not heard.any():
        return 0.0
    z = sums[heard] / np.sqrt(CODEC.dispersion * counts[heard])
    top = z >= np.quantile(z, 0.8)
    chosen = sums[heard][top].sum() / counts[heard][top].sum()
    return 0.5 * float(chosen)


def _on(gain: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """[first, last) of the stretches that the best two-state chain calls on."""
    n = len(gain)
    come = np.zeros((n, 2), np.int8)
    off, on = 0.0, -CODEC.switch
    for t in range(n):
        from_on, from_off = on - CODEC.switch, off - CODEC.switch
        come[t, 0] = from_on > off
        come[t, 1] = from_off > on
        off, on = max(off, from_on), max(on, from_off) + float(gain[t])
    state = int(on > off)
    path = np.zeros(n, np.bool_)
    for t in range(n - 1, -1, -1):
        path[t] = state
        if come[t, state]:
            state = 1 - state
    flips = np.flatnonzero(np.diff(np.concatenate(([0], path.astype(np.int8), [0]))))
    yield from zip(flips[::2].tolist(), flips[1::2].tolist(), strict=True)
