"""Frames between frames: a stretch of the release that lies beside the reference's grid is framed where it lies.

A cut at any sample, or the delay of a telephone codec, moves sound by a part of a frame. Five milliseconds beside the
frame that was printed, a third of what a frame tells is lost; but the release's sound is at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames, join
from wholetape.match.params import PHASE, PRINT
from wholetape.match.score import Scorer
from wholetape.match.speed import Sound, Speed, warped
from wholetape.match.trace import Run
from wholetape.match.workers import mapped

Late = NDArray[np.int8]
"""(n,) samples by which each frame of the release lies later than ``PRINT.hop`` times its index."""


def lean_between(scorer: Scorer, start: int, end: int, diagonal: int) -> float:
    """Frames by which [start, end) lies beside ``diagonal``, from how its neighbours score; 0 if one is better."""
    here, before, behind = (float(scorer.llr(start, end, diagonal + k, 2).mean()) for k in (0, -1, 1))
    depth = here - min(before, behind)
    if depth <= 0 or abs(behind - before) > PHASE.beside * depth:
        return 0.0
    return max(-0.5, min(0.5, 0.5 * (behind - before) / depth))


def lateness(scorer: Scorer, runs: Sequence[Run]) -> tuple[Late, list[Run]]:
    """How late each frame should be taken for the runs to lie on whole diagonals, and the runs with these diagonals."""
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
    return late, out


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
    edges = [0, *(np.flatnonzero(np.diff(late)) + 1).tolist(), len(late)]
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
