"""Frames between frames: a stretch of the release that lies beside the reference's grid is framed where it lies.

A cut at any sample, or the delay of a telephone codec, moves sound by a part of a frame. Five milliseconds beside the
frame that was printed, a third of what a frame tells is lost; but the release's sound is at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames, join
from wholetape.match.params import EDITS, PHASE, PRINT
from wholetape.match.score import Scorer
from wholetape.match.speed import Sound, Speed, warped
from wholetape.match.trace import Run
from wholetape.match.workers import mapped

_AT_ONCE = 12_000
"""Frames taken anew by one thread at a time."""

Late = NDArray[np.int8]
"""(n,) samples by which each frame of the release lies later than ``PRINT.hop`` times its index."""


def lean_between(scorer: Scorer, start: int, end: int, diagonal: int) -> float:
    """Frames by which [start, end) lies beside ``diagonal``, from how its neighbours score; 0 if one is better."""
    here, before, behind = (float(scorer.llr(start, end, diagonal + k, 2).mean()) for k in (0, -1, 1))
    depth = here - min(before, behind)
    if depth <= 0 or abs(behind - before) > PHASE.beside * depth:
        return 0.0
    return max(-0.5, min(0.5, 0.5 * (behind - before) / depth))


def lateness(
    scorer: Scorer, runs: Sequence[Run], sound: Sound, steady: Collection[tuple[int, int]] = ()
) -> tuple[Late, list[Run]]:
    """How late each frame should be taken for the runs to lie on whole diagonals, and the runs with these diagonals.

    Runs that follow each other on one diagonal lie beside it alike, unless the signs themselves agree better otherwise:
    the neighbours of a steady tune's place say little of where between them it lies. Runs that are ``steady`` (start,
    end) are placed to a quarter of a millisecond: a tune's signs turn with its beats.
    """
    late = np.zeros(len(scorer), np.int8)
    out: list[Run] = []
    free = 0  # the first frame behind the last stretch that is held
    for a, b, diagonal in _with_longer(runs):
        if diagonal is None:
            out.append((a, b, None))
            continue
        joined = bool(out) and out[-1][2] is not None and abs(out[-1][2] - diagonal) <= 1
        if b - a < PHASE.least_frames:
            samples, moved = (int(late[a - 1]), out[-1][2]) if joined else (0, diagonal)
        else:
            middle = (a + b) // 2
            reach = min(b - a, PHASE.most_frames) // 2
            place = diagonal + lean_between(scorer, middle - reach, middle + reach, diagonal)
            moved = round(place)
            if joined and abs(place - out[-1][2]) <= PHASE.keep:  # type: ignore[operator]
                moved = out[-1][2]
            samples = round((moved - place) * PRINT.hop)  # type: ignore[operator]
            samples = samples if abs(samples) >= PHASE.least_samples else 0
        if joined and abs(samples - int(late[a - 1])) <= PHASE.same_samples:
            samples = int(late[a - 1])
        late[(free + a) // 2 if free < a else a : b] = samples
        late[b:] = samples
        free = b
        out.append((a, b, moved))
    for first, last in _stays(out):
        _lay_alike(scorer, sound, late, out, first, last)
    for a, b, diagonal in out:
        if diagonal is not None and (a, b) in steady:
            late[a:b] = _finely(scorer, sound, a, b, diagonal, int(late[a]))
    return late, out


def _stays(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Index ranges of runs that stay on one diagonal, but for short visits beside it."""
    found: list[tuple[int, int]] = []
    first, home = 0, None
    for k, (a, b, diagonal) in enumerate(runs):
        long = diagonal is not None and b - a >= PHASE.least_frames
        if home is None or diagonal is None or abs(diagonal - home) > (1 if long else EDITS.drift_step):
            found.append((first, k))
            first, home = k, None
        if long:
            home = diagonal
    return [(i, k) for i, k in (*found, (first, len(runs))) if k - i > 1]


def _lay_alike(scorer: Scorer, sound: Sound, late: Late, runs: list[Run], first: int, last: int) -> None:
    """Lay all of the runs [first, last) at the one place, of theirs, where most signs agree, if more do than now."""
    held = [(a, b, d, int(late[a])) for a, b, d in runs[first:last] if d is not None]
    long = sorted((h for h in held if h[1] - h[0] >= PHASE.least_frames), key=lambda h: h[0] - h[1])
    places = sorted({(d, samples) for _, _, d, samples in long[: PHASE.places]})
    if len(places) < 2 or not any(samples for _, samples in places):
        return
    share = min(1.0, PHASE.most_frames / sum(b - a for a, b, _, _ in held))
    looks = [((a + b - n) // 2, (a + b + n) // 2) for a, b, _, _ in held for n in (int(share * (b - a)),)]

    def agree(laid: list[tuple[int, int]]) -> int:
        return sum(agreement(scorer, sound, *look, *place) for look, place in zip(looks, laid, strict=True))

    best = max(places, key=lambda place: agree([place] * len(held)))
    if agree([best] * len(held)) > agree([(d, samples) for _, _, d, samples in held]):
        a, b, _, _ = long[0]
        late[held[0][0] : held[-1][1]] = _finely(scorer, sound, a, b, *best)
        runs[first:last] = [(a, b, best[0]) for a, b, _, _ in held]


def _finely(scorer: Scorer, sound: Sound, a: int, b: int, diagonal: int, samples: int) -> int:
    """Samples near ``samples`` by which [a, b) is to be taken later for most signs to agree."""
    reach = min(b - a, PHASE.most_frames) // 2
    look = ((a + b) // 2 - reach, (a + b) // 2 + reach)
    for step in PHASE.steps:
        near = [samples, *(samples + k * step for k in (-2, -1, 1, 2))]
        samples = max(near, key=lambda s: agreement(scorer, sound, *look, diagonal, s))
    return samples


def agreement(scorer: Scorer, sound: Sound, start: int, end: int, diagonal: int, samples: int) -> int:
    """Signs of [start, end) that agree with the reference on ``diagonal``, the frames taken so many samples later."""
    start, end = max(start, -diagonal), min(end, len(scorer.axis) - diagonal)
    if end <= start:
        return 0
    taken = _taken(scorer.frames, sound, samples, start, end).words
    same = ~(taken ^ scorer.axis.words[start + diagonal : end + diagonal])
    return int(np.bitwise_count(same).sum())


def _with_longer(runs: Sequence[Run]) -> list[Run]:
    """The runs, each short one that leads into a longer one on the next diagonal as its beginning."""
    out: list[Run] = []
    for a, b, diagonal in reversed(runs):
        if out and diagonal is not None and b - a < PHASE.least_frames:
            start, end, longer = out[-1]
            if start == b and longer is not None and abs(longer - diagonal) <= 1 and end - b >= PHASE.least_frames:
                out[-1] = (a, end, longer)
                continue
        out.append((a, b, diagonal))
    return out[::-1]


def reframed(frames: Frames, sound: Sound, late: Late) -> Frames:
    """The frames, those that should be taken later (or earlier) taken there."""
    if not late.any():
        return frames
    edges = sorted({*range(0, len(late), _AT_ONCE), *(np.flatnonzero(np.diff(late)) + 1).tolist(), len(late)})
    return join(mapped(lambda stretch: _taken(frames, sound, int(late[stretch[0]]), *stretch), pairwise(edges)))


def _taken(frames: Frames, sound: Sound, samples: int, a: int, b: int) -> Frames:
    """The frames [a, b), taken so many samples later."""
    first = a + 1 if a * PRINT.hop + samples < 0 else a
    lead = min(PHASE.context, first - 1 if samples < 0 else first)
    if not samples or lead < 0 or first >= b:
        return frames.slice(a, b)
    start = (first - lead) * PRINT.hop + samples
    taken = warped(sound, start, (b + PHASE.context) * PRINT.hop + samples, Speed(1.0, False))
    taken = taken.slice(lead, lead + b - first)
    return join([frames.slice(a, first), taken, frames.slice(first + len(taken), b)])
