"""Take back visits to far places that the place beside them explains as well: recordings repeat themselves.

The tracker decides a few hundred frames at a time, and there a repeat, even one at a slightly other speed, may score a
little better than the right place. Over the whole visit it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wholetape.match.params import ALIGN, EDITS
from wholetape.match.score import Scorer

HeldRun = tuple[int, int, int]
"""Start and end frame of the release, and the diagonal that holds between them."""
_Visit = list[HeldRun]
"""Runs that touch, each within two frames of the next."""

_LOOKS = 400
"""Frames of a visit that are looked at first."""
_WANDERS = 64
"""Visits after which a place that was left counts as left for good."""
_FITS_SHARE = 0.25
"""Of what a visit scores, what the place on both sides of it must score to be where the release never left."""
_HOLDS_SHARE = 0.75
"""Of what the best repeats score by turns, what one place must score to hold."""


@dataclass(frozen=True, slots=True)
class _Instead:
    """Runs that could stand for a visit, and their score, changes of place taken off."""

    runs: _Visit
    score: float


def settled(scorer: Scorer, runs: Sequence[tuple[int, int, int | None]]) -> list[tuple[int, int, int | None]]:
    """The runs, with every visit that its neighbours' diagonals explain as well laid there."""
    visits = _visits(runs)
    k = 0
    while k < len(visits):
        before = visits[k - 1] if k and _beside(visits[k - 1], visits[k]) else None
        behind = visits[k + 1] if k + 1 < len(visits) and _beside(visits[k], visits[k + 1]) else None
        better = _instead(scorer, visits[k], before, behind)
        if better is not None:
            visits[k] = better
        k += 1
    return _tiled(runs, visits)


def gathered(
    scorer: Scorer, runs: Sequence[tuple[int, int, int | None]]
) -> tuple[list[tuple[int, int, int | None]], list[tuple[int, int]]]:
    """The runs, with what wanders between repeats laid on the place that it leaves and comes back to, if that holds.

    And start and end of each run that was laid so.

    Where the release lies between two frames of its reference, no repeat fits well and each fits best for a moment.
    For the first, rough alignment only: it takes a place that is not the best, so that its frames can be framed anew.
    """
    visits = _visits(runs)
    out, laid = visits[:1], []
    k = 1
    while k < len(visits):
        stay = max(range(len(out[-1])), key=lambda i: out[-1][i][1] - out[-1][i][0])
        _, left, home = out[-1][stay]
        back = _way_back(scorer, visits, k, left, home)
        if back is not None:
            out[-1][stay + 1 :] = [(left, visits[back][0][0], home), *visits[back]]
            laid.append((left, visits[back][0][0]))
        else:
            out.append(visits[k])
        k = k + 1 if back is None else back + 1
    ends = {0, *(visit[-1][1] for visit in out)}
    return _tiled([run for run in runs if run[0] in ends], out), laid


def _visits(runs: Sequence[tuple[int, int, int | None]]) -> list[_Visit]:
    """The runs that hold a place, those that touch and are near each other as one visit."""
    visits: list[_Visit] = []
    for a, b, d in runs:
        if d is None:
            continue
        if visits and visits[-1][-1][1] == a and abs(visits[-1][-1][2] - d) <= 2:
            visits[-1].append((a, b, d))
        else:
            visits.append([(a, b, d)])
    return visits


def _way_back(scorer: Scorer, visits: list[_Visit], k: int, start: int, home: int) -> int | None:
    """The last visit to ``home``, which was left at ``start`` before visit ``k``, if that place holds up to there."""
    if abs(visits[k][0][2] - home) <= EDITS.drift_step:
        return None
    backs: list[int] = []
    for j in range(k, min(k + _WANDERS, len(visits))):
        before = visits[j - 1][-1][1] if j > k else start
        if visits[j][0][0] - before > EDITS.relabel_gap:
            break
        if abs(visits[j][0][2] - home) <= EDITS.drift_step:
            backs.append(j)
            if visits[j][-1][1] - visits[j][0][0] > EDITS.relabel_gap:
                break
    if not backs:
        return None
    score = scorer.llr(start, visits[backs[-1]][0][0], home)
    total = np.concatenate(([0.0], np.cumsum(score, dtype=np.float64)))
    width, least = ALIGN.weak[-1]
    lost = np.flatnonzero(total[width:] - total[:-width] < least)
    until = start + int(lost[0]) if len(lost) else start + len(score)
    for j in reversed(backs):
        end = visits[j][0][0]
        own = sum(float(scorer.llr(a, b, d).sum()) for visit in visits[k:j] for a, b, d in visit)
        if end <= until and total[end - start] >= _HOLDS_SHARE * own:
            return j
    return None


def _beside(before: _Visit, behind: _Visit) -> bool:
    """True when the second visit begins soon behind the first, at another place."""
    near = behind[0][0] - before[-1][1] <= EDITS.relabel_gap
    return near and abs(behind[0][2] - before[-1][2]) > EDITS.drift_step


def _instead(scorer: Scorer, visit: _Visit, before: _Visit | None, behind: _Visit | None) -> _Visit | None:
    """The runs that explain the visit's frames from its neighbours' places at least as well, or None."""
    if before is None and behind is None:
        return None
    start, end = visit[0][0], visit[-1][1]
    first = before[-1][2] if before is not None else None
    last = behind[0][2] if behind is not None else None
    if not _plausible(scorer, visit, first, last):
        return None
    own = sum(float(scorer.llr(a, b, d).sum()) for a, b, d in visit)
    steps = sum(abs(b[2] - a[2]) for a, b in pairwise(visit))
    own -= ALIGN.drift * steps + ALIGN.jump * ((before is not None) + (behind is not None))
    options = [_one(scorer, start, end, d, 0.0 if first is None or last is None else ALIGN.jump) for d in (first, last)]
    if first is not None and last is not None:
        if abs(first - last) <= 1:
            options = [_one(scorer, start, end, d, 0.0) for d in (first, last)]
            own *= _FITS_SHARE  # what is pasted over other sound leaves nothing of it: that place would score below 0
        else:
            options.append(_split(scorer, start, end, first, last))
    best = max((o for o in options if o is not None), key=lambda o: o.score)
    return best.runs if best.score >= own else None


def _plausible(scorer: Scorer, visit: _Visit, first: int | None, last: int | None) -> bool:
    """False when a look at every few frames already shows that neither place explains the visit."""
    start, end = visit[0][0], visit[-1][1]
    step = max(1, (end - start) // _LOOKS)
    own = sum(float(scorer.llr(a, b, d, step).sum()) for a, b, d in visit)
    there = [scorer.llr(start, end, d, step) for d in (first, last) if d is not None]
    return float(np.max(there, axis=0).sum()) >= 0.5 * own


def _one(scorer: Scorer, start: int, end: int, diagonal: int | None, cost: float) -> _Instead | None:
    """All frames on one diagonal."""
    if diagonal is None:
        return None
    return _Instead([(start, end, diagonal)], float(scorer.llr(start, end, diagonal).sum()) - cost)


def _split(scorer: Scorer, start: int, end: int, first: int, last: int) -> _Instead:
    """``first`` up to the best frame, ``last`` from there on."""
    head = np.concatenate(([0.0], np.cumsum(scorer.llr(start, end, first), dtype=np.float64)))
    tail = np.concatenate(([0.0], np.cumsum(scorer.llr(start, end, last), dtype=np.float64)))
    total = head + tail[-1] - tail
    at = int(total.argmax())
    runs = [(start, start + at, first), (start + at, end, last)]
    return _Instead([r for r in runs if r[1] > r[0]], float(total[at]) - ALIGN.jump)


def _tiled(runs: Sequence[tuple[int, int, int | None]], visits: list[_Visit]) -> list[tuple[int, int, int | None]]:
    """The foreign runs and those of the visits, in the release's order."""
    foreign = [(a, b, d) for a, b, d in runs if d is None]
    return sorted([*foreign, *(run for visit in visits for run in visit)], key=lambda run: run[0])
