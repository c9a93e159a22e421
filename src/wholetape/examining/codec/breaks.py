"""Where one grid ends and another begins: what a splice leaves of the encoding before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.track import Run, Track

Values = NDArray[np.float64]

_REACH_S = 4.0
"""Seconds on either side of a break in which its place is looked for."""
_EDGE_S = 0.3
"""Seconds from a run's end from which its grid is surely not there, and that sound of neither grid must last."""
_OVERLAID = 0.25
"""Share of the shorter one in which two grids must be there together to be of two encodings."""
_FAINT = 0.2
"""Share of the clearest grid's clarity below which another is of another encoding, or a shadow of a clear one."""
_FULLY = 0.7
"""Share of what is judged in a second of a grid's own from which sound without it is no mere pause."""
SHORT_BLOCK = 128
"""Samples by which transforms of blocks of changing length, Vorbis foremost, shift their grid by themselves."""
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
        if after.start - before.end > CODEC.gap_s or _block_switched(before.track, after.track):
            continue
        if not (_gone(after, before) and _gone(before, after)):
            continue
        between = (before.end + _EDGE_S, after.start - _EDGE_S)
        if between[1] - between[0] >= _EDGE_S and all(
            _unseen(r, *between) and _fully(r, *between) for r in (before, after)
        ):
            out += _edges(before, after)
        else:
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
    """``found`` parted by encoding, clearest first: grids of one follow each other and are about as clear.

    A grid that lies over another for long is of another encoding; so is one that is so much fainter that it may be
    what a clear grid shows of itself at other offsets.
    """
    out: list[list[Run]] = []
    for track in sorted({id(r.track): r.track for r in found}.values(), key=lambda track: -_clarity(track, found)):
        mine = [run for run in found if run.track is track]
        for one in out:
            faint = _clarity(track, found) < _FAINT * max(_clarity(run.track, found) for run in one)
            if not faint and not _overlaid(mine, one):
                one += mine
                break
        else:
            out.append(mine)
    return out


def _overlaid(mine: Sequence[Run], one: Sequence[Run]) -> bool:
    """True where the grid of ``mine`` is there together with others of ``one`` for long."""
    others = [run for run in one if not run.track.grid.near(mine[0].track.grid)]
    shared = sum(max(0.0, min(a.end, b.end) - max(a.start, b.start)) for a in mine for b in others)
    lengths = [sum(run.end - run.start for run in runs) for runs in (mine, others)]
    return shared > _OVERLAID * min(lengths)


def _clarity(track: Track, found: Sequence[Run]) -> float:
    """Deviations in a second of sound, where the grid is clearest."""
    return max(run.z / float(np.sqrt(run.end - run.start)) for run in found if run.track is track)


def block_switched(found: Sequence[Run]) -> bool:
    """True for an encoding of three grids or more that all lie multiples of short blocks apart, as Vorbis's do."""
    kinds: list[Track] = []
    for run in found:
        if not any(run.track.grid.near(kind.grid) for kind in kinds):
            kinds.append(run.track)
    return len(kinds) >= 3 and all(_block_switched(kinds[0], kind) for kind in kinds[1:])


def _block_switched(one: Track, other: Track) -> bool:
    """True for grids of the AAC's hop that lie a multiple of short blocks apart.

    Vorbis has long blocks like AAC's; each short one between them moves those after it by 128 samples, or a multiple.
    Nobody cut there. One cut in forty that was made at random looks the same, and is not told.
    """
    apart = (one.grid.offset - other.grid.offset) % SHORT_BLOCK
    return one.grid.transform.codec == "aac" and min(apart, SHORT_BLOCK - apart) <= 1


def _gone(grid: Run, where: Run) -> bool:
    """True when the grid of ``grid`` is not in ``where``, away from its ends, and would be seen if it were."""
    margin = min(0.25, (where.end - where.start) / 4)
    return _unseen(grid, where.start + margin, where.end - margin)


def _unseen(grid: Run, start: float, end: float) -> bool:
    """True when the grid of ``grid`` would stand out between two seconds, and does not."""
    track = grid.track
    mine = track.between(grid.start, grid.end)
    strength = track.sums[mine].sum() / max(1.0, float(track.counts[mine].sum()))
    count = float(track.counts[track.between(start, end)].sum())
    expected = float(strength * np.sqrt(count / CODEC.dispersion))
    return expected >= CODEC.run_z and track.z(start, end) <= min(CODEC.other_z, 0.5 * expected)


def _fully(grid: Run, start: float, end: float) -> bool:
    """True when about as much is judged between two seconds as where the grid is: in a pause it may be there unseen."""
    counts, mine = grid.track.counts, grid.track.between(grid.start, grid.end)
    usual = float(counts[mine].sum()) / (grid.end - grid.start)
    return float(counts[grid.track.between(start, end)].sum()) >= _FULLY * usual * (end - start)


def place(before: Run, after: Run) -> Break:
    """The moment that parts both grids best, and how far it may be moved."""
    low = max(before.start, before.end - _REACH_S)
    high = min(after.end, after.start + _REACH_S)
    grid = np.arange(low, high, 0.01)
    return _at_best(before, after, grid, _leads(before, grid) - _leads(after, grid))


def _edges(before: Run, after: Run) -> list[Break]:
    """Where the grid of ``before`` ends and where that of ``after`` begins, with sound of neither between."""
    middle = (before.end + after.start) / 2
    ends = np.arange(max(before.start, before.end - _REACH_S), middle, 0.01)
    begins = np.arange(middle, min(after.end, after.start + _REACH_S), 0.01)
    return [
        _at_best(before, after, ends, _leads(before, ends)),
        _at_best(before, after, begins, -_leads(after, begins)),
    ]


def _at_best(before: Run, after: Run, grid: Values, score: Values) -> Break:
    best = int(np.argmax(score))
    sure = np.flatnonzero(score >= score[best] - _SURE)
    return Break(before, after, float(grid[best]), float(grid[sure[0]]), float(grid[sure[-1]]))


def _leads(run: Run, grid: Values) -> Values:
    """Nats for the run's grid that have been gathered up to each moment of ``grid``."""
    track = run.track
    part = track.between(run.start, run.end)
    count = track.counts[part].sum()
    strength = track.sums[part].sum() / max(1.0, count) / 2
    here = track.between(float(grid[0]) - 1.0, float(grid[-1]) + 1.0)
    gain = (strength * track.sums[here] - track.counts[here] * strength**2 / 2) / CODEC.dispersion
    running = np.concatenate(([0.0], np.cumsum(gain)))
    return np.asarray(running[np.searchsorted(track.times[here], grid)])
