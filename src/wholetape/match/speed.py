"""Sound that was slowed down or sped up: find the ratio, then look at it as if it had been played right.

``speed`` is reference seconds per release second. Resampling moves the pitch with the time, time stretching does not:
both are tried, the first by reading the bands elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

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
        ends = [
            search(scorer, a, a + third, diagonal - 40, diagonal + 40, third, apart=3) for a in (start, end - third)
        ]
        if all(places and places[0].z >= 4 for places in ends):
            found.append((ends[1][0].diagonal - ends[0][0].diagonal) / (2 * third))
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
            slopes.append(_fit(group))
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


def without_staircases(runs: list[Run]) -> list[Run]:
    """The runs, with stretches whose diagonal climbs or falls steadily left open: they were played at another speed."""
    open_spans = []
    for group in staircases(runs):
        for part in _steep(group):
            if part[-1][1] - part[0][0] >= SPEED.least_stretch_ms / 10:
                open_spans.append((part[0][0], part[-1][1]))
    if not open_spans:
        return runs
    return [(a, b, None if any(s <= a and b <= e for s, e in open_spans) else d) for a, b, d in runs]


def _steep(group: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """Sequences of short runs of a group that move the diagonal the same way, three steps at least."""
    parts: list[list[tuple[int, int, int]]] = []
    current: list[tuple[int, int, int]] = []
    way = 0
    for before, now in pairwise(group):
        step = 1 if now[2] > before[2] else -1
        short = now[1] - now[0] <= 1.0 / SPEED.least_stretch_slope
        if current and step == way and short:
            current.append(now)
        else:
            parts.append(current)
            current, way = ([now], step) if short else ([], 0)
    parts.append(current)
    return [p for p in parts if len(p) >= 3]


def _fit(group: list[tuple[int, int, int]]) -> float:
    """Slope of the diagonal over a group, by least squares over its frames."""
    time = np.concatenate([np.arange(a, b, 4) for a, b, _ in group]).astype(float)
    place = np.concatenate([np.full(len(range(a, b, 4)), float(d)) for a, b, d in group])
    time -= time.mean()
    return float((time * (place - place.mean())).sum() / max(1.0, (time * time).sum()))


def stretch_at(
    scorer: Scorer, sound: Sound, start_ms: float, end_ms: float, ref_ms: tuple[float, float]
) -> tuple[Speed, float] | None:
    """The speed at which the release between the edges is the reference between ``ref_ms``, and the nats for it.

    None when it is not, at any speed near the ratio of the two lengths.
    """
    assert scorer.model is not None
    length = end_ms - start_ms
    guess = (ref_ms[1] - ref_ms[0]) / length
    if not SPEED.ratios[0] - 0.02 <= guess <= SPEED.ratios[-1] + 0.02:
        return None
    spread = min(0.04, 120.0 / length)
    best: tuple[float, Speed] | None = None
    first, last = int(start_ms * 8), int(end_ms * 8)
    for resampled in (True, False):
        for ratio in guess + np.linspace(-spread, spread, 17):
            speed = Speed(float(ratio), resampled)
            score = _score(scorer, sound, first, last, ref_ms[0], speed)
            if best is None or score > best[0]:
                best = (score, speed)
    assert best is not None
    centre, step = best[1].ratio, spread / 8
    for ratio in centre + np.linspace(-step, step, 9):
        speed = Speed(float(ratio), best[1].resampled)
        score = _score(scorer, sound, first, last, ref_ms[0], speed)
        if score > best[0]:
            best = (score, speed)
    frames = length / 10
    if best[0] < SPEED.stretch_llr * frames:
        return None
    return best[1], best[0]


def _score(scorer: Scorer, sound: Sound, first: int, last: int, ref_ms: float, speed: Speed) -> float:
    frames = frames_at(sound(first, last), speed.ratio, speed.resampled)
    other = Scorer(frames, scorer.axis)
    assert scorer.model is not None
    other.adopt(scorer.model)
    n = len(frames)
    inner = min(12, n // 5)
    middle = round(ref_ms / 10)
    return max(float(other.llr(inner, n - inner, middle + k).sum()) for k in range(-6, 7))


def drifting(ratio: float) -> bool:
    """True when a ratio is no more than two clocks that differ."""
    return abs(ratio - 1) < SPEED.drift
