"""Sound that was slowed down or sped up: find the ratio, then look at it as if it had been played right.

``speed`` is reference seconds per release second. Resampling moves the pitch with the time, time stretching does not:
both are tried, the first by reading the bands elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames, frames_at, join
from wholetape.match.params import PRINT, SPEED
from wholetape.match.score import Axis, Scorer
from wholetape.match.search import search
from wholetape.match.trace import Run

Sound = Callable[[int, int], NDArray[np.float32]]
"""Samples [start, end) of the release at 8 kHz."""


@dataclass(frozen=True, slots=True)
class Speed:
    """A constant ratio, and whether the pitch went with it."""

    ratio: float
    resampled: bool


def warped(sound: Sound, start: int, end: int, speed: Speed) -> Frames:
    """Frames of samples [start, end) as if played at the right speed; frame i is centred on start + 80 i / ratio."""
    step = PRINT.hop / speed.ratio
    total = int(np.ceil((end - start) / step))
    parts = []
    reach = 12
    for first in range(0, total, SPEED.block):
        last = min(total, first + SPEED.block)
        lead = min(reach, first)
        offset = (first - lead) * step
        base = int(np.floor(offset))
        stop = min(end, start + int((last + reach) * step) + PRINT.window)
        piece = frames_at(sound(start + base, stop), speed.ratio, speed.resampled, offset - base)
        parts.append(piece.slice(lead, lead + last - first))
    return join(parts)


def search_ratio(sound: Sound, spots: list[int], axis: Axis, near: float | None = None) -> Speed | None:
    """The speed at which the sections that begin at the samples ``spots`` are found in ``axis``, or None at any.

    ``near``: only ratios near this one are tried.
    """
    best, answer = 0.0, None
    plain = 0.0
    length = int(SPEED.section_s * PRINT.rate)
    ratios = SPEED.ratios if near is None else (near - 0.008, near - 0.004, near, near + 0.004, near + 0.008)
    frames_each = SPEED.frames
    if near is None and len(axis) > SPEED.long_axis:  # or nobody waits for the answer
        ratios = tuple(r for r in ratios if abs(r - 1) <= SPEED.usual)
        spots, frames_each = spots[:2], SPEED.frames // 2
    for ratio in ratios:
        for resampled in (True, False) if ratio != 1.0 else (False,):
            total = 0.0
            for spot in spots:
                frames = frames_at(sound(spot, spot + length), ratio, resampled)
                scorer = Scorer(frames, axis)
                places = search(scorer, 0, len(frames), 0, len(axis), frames_each)
                total += max(0.0, places[0].z - SPEED.noise_z) if places else 0.0
            if ratio == 1.0:
                plain = total
            elif total > best:
                best, answer = total, Speed(ratio, resampled)
    if answer is None or best < SPEED.least * len(spots) or best < 1.3 * plain:
        return None
    return answer


def lean(scorer: Scorer, stretches: list[tuple[int, int, int]]) -> float:
    """Frames by which the diagonal moves per frame within most of ``stretches``; 0 when they do not agree on any."""
    found = []
    for start, end, diagonal in stretches:
        third = (end - start) // 3
        if third < 40:
            continue
        places = [
            search(scorer, a, a + third, diagonal - 40, diagonal + 40, third, apart=3)
            for a in (start, start + third, end - third)
        ]
        if not all(p and p[0].z >= 4 for p in places):
            continue
        first, half, last = (p[0].diagonal for p in places)
        if abs(half - (first + last) / 2) <= 0.5 + SPEED.bent * abs(last - first):  # a cut moves it at once
            found.append((last - first) / (2 * third))
    if len(found) < 2:
        return 0.0
    middle = float(np.median(found))
    agree = np.mean(np.abs(np.array(found) - middle) <= 0.011)
    return middle if agree >= 0.6 and abs(middle) >= SPEED.steep else 0.0


def slope(runs: list[Run]) -> float:
    """Frames by which the diagonal moves per frame of the release, the same nearly everywhere; else 0."""
    slopes, weights = [], []
    for group in staircases(runs):
        length = group[-1][1] - group[0][0]
        if length >= SPEED.least_frames:
            slope, off = _fit(group)
            slopes.append(slope if off <= SPEED.straight else 0.0)
            weights.append(float(length))
    if not slopes:
        return 0.0
    order = np.argsort(slopes)
    weight = np.array(weights)[order]
    value = np.array(slopes)[order]
    middle = float(value[np.searchsorted(weight.cumsum(), weight.sum() / 2)])
    agree = weight[np.abs(value - middle) < SPEED.agree].sum() / weight.sum()
    return middle if agree >= 0.5 and abs(middle) >= SPEED.drift else 0.0


def staircases(runs: list[Run]) -> list[list[tuple[int, int, int]]]:
    """Groups of touching runs whose diagonals differ by at most two frames from one to the next."""
    groups: list[list[tuple[int, int, int]]] = []
    for a, b, d in runs:
        if d is None:
            continue
        if groups and groups[-1][-1][1] == a and abs(groups[-1][-1][2] - d) <= 2:
            groups[-1].append((a, b, d))
        else:
            groups.append([(a, b, d)])
    return groups


def _fit(group: list[tuple[int, int, int]]) -> tuple[float, float]:
    """Slope of the diagonal over a group, by least squares over its frames, and how far it is off that line (RMS)."""
    time = np.concatenate([np.arange(a, b, 4) for a, b, _ in group]).astype(float)
    place = np.concatenate([np.full(len(range(a, b, 4)), float(d)) for a, b, d in group])
    time -= time.mean()
    place -= place.mean()
    slope = float((time * place).sum() / max(1.0, (time * time).sum()))
    return slope, float(np.sqrt(np.mean((place - slope * time) ** 2)))


def drifting(ratio: float) -> bool:
    """True when a ratio is no more than two clocks that differ."""
    return abs(ratio - 1) < SPEED.drift
