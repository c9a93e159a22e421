"""Follow the release along the references: extend the diagonal that holds, search only when it is lost.

1. ``probe``: a few stretches over the whole release are searched everywhere; they tell how noisy the copy is.
2. ``extend``: a chunk is scored on the diagonal that holds and beside it; nothing weak in it, and it is accepted.
3. ``candidates``: behind a weak place, nearby diagonals are searched, then all, until one holds again.
4. ``solve`` (viterbi): the region between is aligned exactly.
5. ``settled``: visits to far places that the place beside them explains as well are taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import ALIGN, SPEED
from wholetape.match.score import Scorer
from wholetape.match.search import search
from wholetape.match.settle import settled
from wholetape.match.viterbi import solve

Run = tuple[int, int, int | None]
"""Start and end frame of the release, and the diagonal, or None where nothing of the references fits."""

HeldRun = tuple[int, int, int]
"""Start and end frame of the release, and the diagonal that holds there."""

_KNOWN_AHEAD = 1000
"""Frames behind a lost place within which what is known is looked at before all of the references."""
_LOOKAHEAD = ((0, 30), (10, 60), (30, 110), (60, 160), (120, 250), (200, 400))
_FAR = ((100, 24), (200, 80), (400, 200))


def probe(scorer: Scorer, count: int = 16, length: int = 300) -> tuple[list[tuple[int, int, int]], int]:
    """Stretches (start, end, diagonal) of the release that stand out at one place of the references; how many tried."""
    n = len(scorer)
    found = []
    long = len(scorer.axis) > SPEED.long_axis
    count = count // 2 if long else count
    spots = np.linspace(0, max(0, n - length), count if n > 2 * length else 1).astype(int)
    for start in spots.tolist():
        end = min(n, start + length)
        for frames in (16, 60) if long else (16, 60, 150):
            places = search(scorer, start, end, -start, len(scorer.axis) - start, frames)
            if places and places[0].z >= ALIGN.far_z + 1:
                found.append((start, end, places[0].diagonal))
                break
    return found, len(spots)


def moving_sum(values: NDArray[np.float32], width: int) -> NDArray[np.float64]:
    """(n - width + 1,) sums over windows of ``width``."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return total[width:] - total[:-width]


def first_trouble(scorer: Scorer, start: int, end: int, diagonal: int) -> tuple[int, int] | None:
    """The first window (start, end) of frames [start, end) in which ``diagonal`` does not clearly hold, or None."""
    here = scorer.llr(start, end, diagonal)
    worst = (end, end)
    for width, limit in ALIGN.weak:
        if len(here) >= width:
            low = np.flatnonzero(moving_sum(here, width) < limit)
            if len(low):
                worst = min(worst, (start + int(low[0]), start + int(low[0]) + width))
    half = here[::2]
    width = ALIGN.neighbour_window // 2
    if len(half) >= width:
        held = 2 * moving_sum(half, width)
        beside = scorer.llrs(start, end, [diagonal + offset for offset in ALIGN.neighbours], 2)
        for offset, there in zip(ALIGN.neighbours, beside, strict=True):
            gain = 2 * moving_sum(there - half, width)
            least = np.full(len(gain), ALIGN.better)
            if abs(offset) == 1:  # an offset between two frames leans to either side by turns
                least = np.maximum(ALIGN.better, ALIGN.better_share * held)
            high = np.flatnonzero(gain > least)
            if len(high):
                worst = min(worst, (start + 2 * int(high[0]), start + 2 * (int(high[0]) + width)))
    return worst if worst[0] < end else None


def holds(scorer: Scorer, start: int, end: int, diagonal: int) -> bool:
    """True when frames [start, end) as a whole fit ``diagonal``."""
    return bool(scorer.llr(max(0, start), end, diagonal).sum() >= ALIGN.holds)


def candidates(
    scorer: Scorer, at: int, lost: int, diagonal: int | None, near: int | None, known: Sequence[HeldRun] = ()
) -> tuple[list[int], int]:
    """Diagonals that may hold from ``at`` on, and the frame by which one of them does (or the release's end).

    ``diagonal``: the one that holds before ``at``, if any does, until it is lost somewhere before frame ``lost``;
    ``near``: the last one that held anywhere; ``known``: stretches that an earlier look found.
    """
    n, size = len(scorer), len(scorer.axis)
    found: list[int] = []
    if near is not None:
        for a, b in _LOOKAHEAD:
            first, last = min(n, at + a), min(n, at + b)
            if last - first < 12:
                break
            places = search(scorer, first, last, near - ALIGN.near, near + ALIGN.near, 60, best=3, apart=3)
            found += [p.diagonal for p in places if p.z >= ALIGN.near_z]
            tail = max(first, last - ALIGN.holds_window)
            if any(holds(scorer, tail, last, d) for d in found if d != diagonal):
                return found, last
            if diagonal is not None and tail >= lost and holds(scorer, tail, last, diagonal):
                return found, last
    for start, end, there in known:
        first = max(start, lost)
        last = first + ALIGN.holds_window
        if last <= min(end, n) and first <= at + _KNOWN_AHEAD and holds(scorer, first, last, there):
            return [*found, there], last
    first, stride = at, 50
    while first < n:
        for length, frames in _FAR:
            last = min(n, first + length)
            if last - first < 12:
                break
            places = search(scorer, first, last, -first, size - first, frames, best=2)
            strong = [p.diagonal for p in places if p.z >= ALIGN.far_z]
            if any(holds(scorer, k, last, d) for d in strong for k in (first, last - ALIGN.holds_window)):
                return found + strong, last
            if diagonal is not None and holds(scorer, last - ALIGN.holds_window, last, diagonal):
                return found, last
        tail = n - _FAR[0][0]
        first = tail if first < tail < first + stride else first + stride  # the end is not stepped over
        stride = min(500, stride + stride // 4)
    return found, n


def widen(diagonals: list[int], by: int = 2) -> list[int]:
    """The diagonals and their neighbours, without repeats, in order."""
    return sorted({d + k for d in diagonals for k in range(-by, by + 1)})


def trace(
    scorer: Scorer, progress: Callable[[float], None] = lambda share: None, known: Sequence[HeldRun] = ()
) -> list[Run]:
    """Runs that tile the whole release; ``scorer`` must have a model; ``known``: what an earlier trace found to fit."""
    n = len(scorer)
    runs: list[Run] = []
    at, diagonal, near = 0, None, None
    while at < n:
        progress(at / n)
        if diagonal is not None:
            end = min(n, at + ALIGN.chunk)
            trouble = first_trouble(scorer, at, end, diagonal)
            if trouble is None:
                if end < n:
                    end = max(at + 1, end - 2 * ALIGN.margin)
                runs.append((at, end, diagonal))
                at = end
                continue
            begin = max(at, trouble[0] - ALIGN.margin)
            if begin > at:
                runs.append((at, begin, diagonal))
                at = begin
        else:
            trouble = (at, at)
        near = diagonal if diagonal is not None else near
        found, until = candidates(scorer, *trouble, diagonal, near, known)
        until = min(n, until + ALIGN.margin)
        options = widen([*found, *([] if diagonal is None else [diagonal])])
        if not options:
            runs.append((at, n, None))
            break
        until = max(until, min(n, at + 3 * ALIGN.margin))
        part = solve(scorer, at, until, options, diagonal)
        if until < n and len(part) > 1 and part[-1][1] - part[-1][0] < 20 and until - at > 200:
            part = part[:-1]  # an end effect: let the next round decide it
        runs += part
        at = part[-1][1]
        diagonal = part[-1][2]
        if diagonal is None and at >= n:
            break
    return merge(settled(scorer, slid(scorer, filled(scorer, headed(scorer, merge(runs))))))


def headed(scorer: Scorer, runs: list[Run]) -> list[Run]:
    """The runs, with a head that was lost aligned again with what is near the place where the release was found."""
    if len(runs) < 2 or runs[0][2] is not None or runs[0][1] < ALIGN.least_lost:
        return runs
    (_, b, _), (_, end, held) = runs[0], runs[1]
    assert held is not None
    found: list[int] = []
    for first, last in _LOOKAHEAD:
        last = min(b, last)
        if last - first >= 12:
            places = search(scorer, first, last, held - ALIGN.near, held + ALIGN.near, 60, best=3, apart=3)
            found += [p.diagonal for p in places if p.z >= ALIGN.near_z]
    if not found:
        return runs
    last = min(end, b + ALIGN.margin)
    part = solve(scorer, 0, last, widen([*found, held]), None)
    return merge([*part, (last, end, held), *runs[2:]])


def filled(scorer: Scorer, runs: list[Run]) -> list[Run]:
    """The runs, with what was lost between two near diagonals aligned again with all those between them.

    Cuts that follow each other within a second leave no stretch long enough for a search to tell from its neighbours.
    """
    out = list(runs[:1])
    for k in range(1, len(runs)):
        before, (a, b, held) = out[-1], runs[k]
        one, other = before[2], runs[k + 1][2] if k + 1 < len(runs) else None
        out.append(runs[k])
        if held is not None or one is None or other is None or b - a < ALIGN.least_lost or b - a > ALIGN.most_lost:
            continue
        if 2 < abs(other - one) <= ALIGN.all_between:
            first = max(before[0], a - ALIGN.margin)
            part = solve(scorer, first, b, list(range(min(one, other) - 2, max(one, other) + 3)), one)
            out[-2:] = [(before[0], first, one), *part]
    return merge(out)


def slid(scorer: Scorer, runs: list[Run]) -> list[Run]:
    """The runs, each jump from one place to another where both sides together score most.

    In a pause a place that is lost is missed only when somebody speaks again.
    """
    out = list(runs[:1])
    for a, b, diagonal in runs[1:]:
        start, _, one = out[-1]
        if one is None or diagonal is None or abs(diagonal - one) <= 2:
            out.append((a, b, diagonal))
            continue
        first, last = max(start, a - ALIGN.chunk), min(b, a + ALIGN.chunk)
        gain = scorer.llr(first, last, one) - scorer.llr(first, last, diagonal)
        total = np.concatenate(([0.0], np.cumsum(gain, dtype=np.float64)))
        at = first + int(total.argmax())
        if total.max() - total[a - first] < ALIGN.slide:
            at = a
        out[-1:] = [(start, at, one), (at, b, diagonal)]
    return [run for run in out if run[1] > run[0]]


def merge(runs: list[Run]) -> list[Run]:
    """Neighbouring runs of one diagonal as one."""
    out: list[Run] = []
    for start, end, diagonal in runs:
        if end <= start:
            continue
        if out and out[-1][2] == diagonal and out[-1][1] == start:
            out[-1] = (out[-1][0], end, diagonal)
        else:
            out.append((start, end, diagonal))
    return out
