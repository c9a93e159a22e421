"""Place the edges of an edit between frames: the likeliest position, given how far the windows smear each sign.

A sign near an edge mixes both sides. How much was measured on spliced speech (``docs/how-it-works.md``): the share by
which a sign has become random, as a function of its frame's distance from the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import ALIGN
from wholetape.match.score import LEVELS, Scorer

_FAST = (np.array([-30, -20, -10, 0, 10, 20, 30.0]), np.array([0, 0.34, 0.73, 0.83, 0.92, 0.97, 1.0]))
_SLOW = (
    np.array([-110, -100, -90, -80, -70, -60, -50, -40, -30, 0, 20, 40, 70, 100.0]),
    np.array([0, 0.12, 0.38, 0.46, 0.5, 0.56, 0.64, 0.72, 0.76, 0.79, 0.85, 0.88, 0.94, 1.0]),
)
"""(ms from the left edge of foreign sound, share of randomness) for the halves of a word; the right edge mirrors it."""
_GRADES = np.linspace(0.0, 1.0, 11)
TIGHT = 0.02
"""Nats a ms that foreign sound costs: where silence lies on either side of it, it ends where it falls silent."""
_ALIKE = 0.02
"""Nats below the best at which a place no longer counts: each counts by what it is above, so rounding moves nothing."""
_REACH = 14
"""Frames either side of an edge that it can smear."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Edges in ms of the release's frame clock, and the log-likelihood of the stretch with them."""

    left: float
    right: float
    score: float


class Bench:
    """Scores frames [start, end) on one diagonal for every degree to which their signs may be smeared."""

    def __init__(self, scorer: Scorer, start: int, end: int, diagonal: int) -> None:
        assert scorer.model is not None
        self.start = start
        axis = scorer.axis
        first, last = max(start, -diagonal, 0), min(end, len(axis) - diagonal, len(scorer))
        self.table = np.zeros((2, len(_GRADES), max(0, end - start)))
        self.time = np.arange(start, end) * 10.0
        self.time[max(0, -start) : max(0, len(scorer) - start)] += scorer.late[max(0, start) : max(0, end)] / 8
        if first >= last:
            return
        differ = scorer.differing(first, last, diagonal).T.astype(np.float64)
        agree = scorer.counts[:, first:last].T - differ
        place = slice(first + diagonal, last + diagonal)
        rate = scorer.model.rate.reshape(LEVELS * LEVELS, 8)[
            scorer.loudness[first:last].astype(np.int64) * LEVELS + axis.loudness[place]
        ]
        usable = axis.usable[place]
        at = slice(first - start, last - start)
        for g, grade in enumerate(_GRADES):
            p = rate + (0.5 - rate) * grade
            score = (agree * np.log(2 * (1 - p)) + differ * np.log(2 * p)) / ALIGN.correlation
            score[~usable] = 0.0
            self.table[0, g, at] = score[:, :4].sum(1)
            self.table[1, g, at] = score[:, 4:].sum(1)

    def score(
        self, smear_fast: NDArray[np.float64], smear_slow: NDArray[np.float64], columns: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """(k,) totals for (k, w) degrees of randomness of the frames ``columns``."""
        total = np.zeros(len(smear_fast))
        for half, smear in ((0, smear_fast), (1, smear_slow)):
            position = np.clip(smear, 0, 1) * (len(_GRADES) - 1)
            lower = np.minimum(position.astype(np.int64), len(_GRADES) - 2)
            part = position - lower
            table = self.table[half]
            total += ((1 - part) * table[lower, columns] + part * table[lower + 1, columns]).sum(1)
        return total

    def until(self, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,) totals when the reference is followed up to each edge and foreign sound stands behind."""
        clean = np.concatenate(([0.0], np.cumsum(self.table[:, 0].sum(0))))
        first, columns = self._near(edges)
        distance = self.time[columns] - edges[:, None]
        smeared = self.score(np.interp(distance, *_FAST), np.interp(distance, *_SLOW), columns)
        return np.asarray(clean[first] + smeared)

    def after(self, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,) totals when foreign sound stands before each edge and the reference is followed from there."""
        clean = np.concatenate(([0.0], np.cumsum(self.table[:, 0].sum(0))))
        first, columns = self._near(edges)
        distance = edges[:, None] - self.time[columns]
        behind = clean[-1] - clean[first + columns.shape[1]]
        smeared = self.score(np.interp(distance, *_FAST), np.interp(distance, *_SLOW), columns)
        return np.asarray(behind + smeared)

    def _near(self, edges: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(k,) and (k, w): the first frame, and all those that each edge smears, as columns of the table.

        What is further off is either clean, or wholly random and scores nothing.
        """
        n = self.table.shape[2]
        width = min(n, 2 * _REACH)
        first = np.clip(np.round(edges / 10).astype(np.int64) - self.start - _REACH, 0, n - width)
        return first, first[:, None] + np.arange(width)

    def except_between(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,) totals when the reference is followed but for a foreign stretch between the edges."""
        before = self.time[None, :] - left[:, None]
        behind = right[:, None] - self.time[None, :]
        fast = np.minimum(np.interp(before, *_FAST), np.interp(behind, *_FAST))
        slow = np.minimum(np.interp(before, *_SLOW), np.interp(behind, *_SLOW))
        short = np.clip((right - left) / 90.0, 0.0, 1.0)[:, None]  # a short stretch makes no slow sign wholly random
        fast *= np.clip((right - left) / 40.0, 0, 1)[:, None]
        return self.score(fast, slow * short, np.arange(self.table.shape[2]))

    def plain(self) -> float:
        """Total when nothing was smeared."""
        return float(self.table[:, 0].sum())


def _step(near: int, far: int) -> float:
    """Milliseconds between the places tried for an edge: one, or two where there are many."""
    return 1.0 if far - near <= 60 else 2.0


def _grid(centre: float, reach: float, step: float) -> NDArray[np.float64]:
    return np.arange(centre - reach, centre + reach + step / 2, step)


def fit_cut(scorer: Scorer, before: int, after: int, near: int, far: int) -> Fit:
    """The instant between frames ``near`` and ``far`` at which diagonal ``before`` gives way to ``after``."""
    first, last = near - _REACH, far + _REACH
    left, right = Bench(scorer, first, last, before), Bench(scorer, first, last, after)
    edges = np.arange(near * 10.0, far * 10.0 + 1, _step(near, far))
    total = left.until(edges) + right.after(edges)
    weights = np.maximum(0.0, total - (total.max() - _ALIKE))
    edge = float((edges * weights).sum() / weights.sum())
    return Fit(edge, edge, float(total.max()))


def fit_inserted(scorer: Scorer, before: int, after: int, near: int, far: int) -> Fit:
    """Edges of foreign sound of the length by which the diagonal falls, so that nothing of the reference is missing."""
    length = (before - after) * 10.0
    first, last = near - _REACH, far + _REACH
    left, right = Bench(scorer, first, last, before), Bench(scorer, first, last, after)
    edges = np.arange(near * 10.0, max(near * 10.0, far * 10.0 - length) + 1, _step(near, far))
    total = left.until(edges) + right.after(edges + length)
    k = int(total.argmax())
    return Fit(float(edges[k]), float(edges[k] + length), float(total[k]))


def fit_between(scorer: Scorer, before: int, after: int, near: int, far: int) -> Fit:
    """Edges of foreign sound between ``before`` and ``after``, each placed by itself, when the diagonals differ."""
    first, last = near - _REACH, far + _REACH
    edges = np.arange(near * 10.0, far * 10.0 + 1, _step(near, far))
    left = Bench(scorer, first, last, before).until(edges) + TIGHT * edges
    right = Bench(scorer, first, last, after).after(edges) - TIGHT * edges
    best_left = np.maximum.accumulate(left)  # the best left edge up to each right edge
    total = best_left + right
    k = int(total.argmax())
    return Fit(float(edges[int(left[: k + 1].argmax())]), float(edges[k]), float(total[k]))


def fit_replaced(scorer: Scorer, diagonal: int, near: int, far: int) -> tuple[Fit, float]:
    """Edges of foreign sound that stands over the reference, and what the same stretch scores without it."""
    bench = Bench(scorer, near - _REACH, far + _REACH, diagonal)
    low, high = near * 10.0, far * 10.0
    width = high - low
    left, right = low + min(60.0, width / 3), high - min(60.0, width / 3)
    best = -np.inf
    for step, reach in ((10.0, 150.0), (5.0, 60.0), (2.0, 20.0), (1.0, 6.0)):
        for _ in range(3):
            edges = np.clip(_grid(left, reach, step), low - 50, right - 10)
            total = bench.except_between(edges, np.full(len(edges), right))
            left = float(edges[int(total.argmax())])
            edges = np.clip(_grid(right, reach, step), left + 10, high + 50)
            total = bench.except_between(np.full(len(edges), left), edges)
            right = float(edges[int(total.argmax())])
            if total.max() <= best + 1e-9:
                break
            best = float(total.max())
    return Fit(left, right, best), bench.plain()
