"""Where one grid ends and another begins: what a splice leaves of the encoding before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.track import Run, Track

_REACH_S = 4.0
"""Seconds on either side of a break in which its place is looked for."""
_OVERLAID = 0.25
"""Share of the shorter one in which two grids must be there together to be of two encodings."""
_SURE = 3.0
"""Nats below the best place up to which another is not excluded."""


@dataclass(frozen=True, slots=True)
class Break:
    """``before`` ends and ``after`` begins at ``at`` seconds, or somewhere in [``start``, ``end``]."""

    before: Run
    after: Run
    at: float
    start: float
    end: float

    @property
    def z(self) -> float:
        """The weaker side's deviations."""
        return min(self.before.z, self.after.z)


def breaks(alone: Sequence[Run]) -> list[Break]:
    """Breaks between runs of one encoding, next to each other in time, whose grids differ and exclude each other."""
    out = []
    for before, after in pairwise(_long_enough(sorted(alone, key=lambda run: run.start))):
        if before.track.grid.near(after.track.grid):
            continue
        if after.start - before.end > CODEC.gap_s:
            continue
        if _stands_in(after.track, before) or _stands_in(before.track, after):
            continue
        out.append(place(before, after))
    return out


def _long_enough(ordered: Sequence[Run]) -> list[Run]:
    """The runs of grids that stay for ``CODEC.stay_s`` before another takes over; pauses within do not count."""
    groups: list[list[Run]] = []
    for run in ordered:
        if groups and groups[-1][-1].track.grid.near(run.track.grid):
            groups[-1].append(run)
        else:
            groups.append([run])
    stay = [group for group in groups if sum(run.end - run.start for run in group) >= CODEC.stay_s]
    return [run for group in stay for run in group]


def restless(found: Sequence[Run]) -> bool:
    """True where grids follow each other so fast that a change of tempo, or a lossy stream, explains them best."""
    kinds: list[Run] = []
    for run in found:
        if not any(run.track.grid.near(other.track.grid) for other in kinds):
            kinds.append(run)
    if len(kinds) < 3:
        return False
    return max(run.end for run in found) - min(run.start for run in found) < CODEC.each_s * len(kinds)


def encodings(found: Sequence[Run]) -> list[list[Run]]:
    """``found`` parted by encoding: a grid that lies over others for long is of another one than those, alone."""
    out = []
    left = list(found)
    for track in sorted({id(r.track): r.track for r in found}.values(), key=lambda track: -_length(track, found)):
        mine = [run for run in left if run.track is track]
        others = [run for run in left if not run.track.grid.near(track.grid)]
        shared = sum(max(0.0, min(a.end, b.end) - max(a.start, b.start)) for a in mine for b in others)
        if shared > _OVERLAID * min(_length(track, found), sum(run.end - run.start for run in others)):
            out.append(mine)
            left = [run for run in left if run.track is not track]
    return [*out, left] if left else out


def _length(track: Track, found: Sequence[Run]) -> float:
    return sum(run.end - run.start for run in found if run.track is track)


def _stands_in(track: Track, run: Run) -> bool:
    """True when ``track``'s grid is there inside of ``run``, too, away from its ends."""
    margin = min(0.25, (run.end - run.start) / 4)
    return track.z(run.start + margin, run.end - margin) > CODEC.other_z


def place(before: Run, after: Run) -> Break:
    """The moment that parts both grids best, and how far it may be moved."""
    low = max(before.start, before.end - _REACH_S)
    high = min(after.end, after.start + _REACH_S)
    grid = np.arange(low, high, 0.01)
    score = _leads(before, grid) - _leads(after, grid)
    best = int(np.argmax(score))
    sure = np.flatnonzero(score >= score[best] - _SURE)
    return Break(before, after, float(grid[best]), float(grid[sure[0]]), float(grid[sure[-1]]))


def _leads(
    run: Run, grid: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Nats for the run's grid that have been gathered up to each moment of ``grid``."""
    track = run.track
    part = track.between(run.start, run.end)
    count = track.counts[part].sum()
    strength = track.sums[part].sum() / max(1.0, count) / 2
    here = track.between(float(grid[0]) - 1.0, float(grid[-1]) + 1.0)
    gain = (strength * track.sums[here] - track.counts[here] * strength**2 / 2) / CODEC.dispersion
    running = np.concatenate(([0.0], np.cumsum(gain)))
    return np.asarray(running[np.searchsorted(track.times[here], grid)])
