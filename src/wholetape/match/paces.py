"""Stretches of a release that were played at another speed: where the tracker stumbles, a line is laid instead.

The tracker follows diagonals, on which the release runs as fast as the reference. A stretch at another speed is a
sloping line from one diagonal to the next: what it still caught of it gives a first slope; framed at that speed the
stretch lies on one diagonal again, and how far it leans from it, block by block, gives the speed exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.paceparams import PACES
from wholetape.match.params import ALIGN, PRINT
from wholetape.match.score import Scorer
from wholetape.match.search import search
from wholetape.match.speed import Sound, Speed, warped
from wholetape.match.trace import Run, merge, widen
from wholetape.match.viterbi import best_path, transitions


@dataclass(frozen=True, slots=True)
class Pace:
    """A stretch at ``speed``: edges in ms of the release's frame clock, its start on the axis in ms, nats for it."""

    start_ms: float
    end_ms: float
    ref_start_ms: float
    speed: Speed
    evidence: float


@dataclass(frozen=True, slots=True)
class _Region:
    """Frames [start, end) between two diagonals that hold steadily; None where the release begins or ends."""

    start: int
    end: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class _Line:
    """The release framed at ``speed`` from sample ``origin`` on, laid on one diagonal of the axis, ``offset`` frames
    further on; scores (n,) a warped frame."""

    speed: Speed
    origin: int
    diagonal: int
    offset: float
    scores: NDArray[np.float64]


def paces(scorer: Scorer, runs: Sequence[Run], sound: Sound) -> list[Pace]:
    """Stretches at another speed, in the release's order."""
    found = []
    for region in _disturbed(runs, len(scorer)):
        pace = _pace(scorer, runs, region, sound)
        if pace is not None:
            found.append(pace)
    return found


def without(runs: Sequence[Run], sped: Sequence[Pace]) -> list[Run]:
    """The runs, with the stretches at another speed left open."""
    out = list(runs)
    for pace in sped:
        start, end = round(pace.start_ms / 10), round(pace.end_ms / 10)
        parts = [part for a, b, d in out for part in ((a, min(b, start), d), (max(a, end), b, d))]
        out = merge(sorted([*(p for p in parts if p[0] < p[1]), (start, end, None)], key=lambda run: run[0]))
    return out


def _disturbed(runs: Sequence[Run], n: int) -> Iterator[_Region]:
    """What lies between stretches that hold one diagonal, now and then the next to it, for long."""
    steady: list[tuple[int, int, int]] = []
    for first in range(len(runs)):
        group = _within_one(runs, first)
        frames: dict[int, int] = {}
        for a, b, d in group:
            frames[d] = frames.get(d, 0) + b - a
        if not group or sum(frames.values()) < PACES.steady_frames:
            continue
        most = max(frames, key=lambda d: frames[d])
        kept = [run for run in group if run[2] == most]
        start, end = kept[0][0], kept[-1][1]
        if not steady or end > steady[-1][1]:
            steady.append((start, end, most))
    edges = [(0, None), *((end, d) for _, end, d in steady)]
    nexts = [*((start, d) for start, _, d in steady), (n, None)]
    for (start, before), (end, after) in zip(edges, nexts, strict=True):
        if steady and PACES.least_frames <= end - start <= PACES.most_frames:
            yield _Region(start, end, before, after)


def _within_one(runs: Sequence[Run], first: int) -> list[tuple[int, int, int]]:
    """The touching runs from ``first`` on whose diagonals differ by one at most."""
    group: list[tuple[int, int, int]] = []
    for a, b, d in runs[first:]:
        if d is None or (group and (group[-1][1] != a or any(abs(d - other) > 1 for _, _, other in group))):
            break
        group.append((a, b, d))
    return group


def _pace(scorer: Scorer, runs: Sequence[Run], region: _Region, sound: Sound) -> Pace | None:
    guesses = _guesses(runs, region)
    found = []
    for resampled in (True, False) if guesses else ():
        line = _first_line(scorer, region, sound, [Speed(guess, resampled) for guess in guesses])
        for _ in range(3):
            line = _straightened(scorer, region, sound, line) if line is not None else None
        pace = _placed(scorer, runs, region, line, sound) if line is not None else None
        if pace is not None:
            found.append(pace)
    return max(found, key=lambda pace: pace.evidence, default=None)


def _guesses(runs: Sequence[Run], region: _Region) -> list[float]:
    """Ratios at which the region may have been played: from what was caught of it, and from where it leads."""
    caught = [(a, b, d) for a, b, d in runs if d is not None and a >= region.start and b <= region.end and b - a >= 6]
    ends = [d for d in (region.before, region.after) if d is not None]
    low, high = min(ends) - PACES.astray, max(ends) + PACES.astray
    if len(ends) == 1:
        reach = round(PACES.steepest * (region.end - region.start))
        low, high = low - reach, high + reach
    caught = [c for c in caught if low <= c[2] <= high]
    out = []
    if len(caught) >= 3 and caught[-1][1] - caught[0][0] >= PACES.least_frames:
        time = np.array([(a + b) / 2 for a, b, _ in caught])
        place = np.array([float(d) for _, _, d in caught])
        weight = np.array([float(b - a) for a, b, _ in caught])
        for _ in range(3):
            slope, level = np.polyfit(time, place, 1, w=np.sqrt(weight))
            off = np.abs(place - slope * time - level)
            weight = weight / (1 + (off / 3) ** 2)
        out.append(1 + float(slope))
    if not out and len(ends) == 1:
        out = list(PACES.blind)
    if region.before is not None and region.after is not None:
        out.append(1 + (region.after - region.before) / (region.end - region.start))
    return [r for r in out if PACES.flattest <= abs(r - 1) <= PACES.steepest]


def _first_line(scorer: Scorer, region: _Region, sound: Sound, guesses: list[Speed]) -> _Line | None:
    """The best line through a few seconds in the region's middle, at speeds near the guesses."""
    half = min(PACES.section_frames, region.end - region.start) // 2
    middle = (region.start + region.end) // 2
    first, last = (middle - half) * PRINT.hop, (middle + half) * PRINT.hop
    ends = [d for d in (region.before, region.after) if d is not None]
    slack = PACES.astray + (round(PACES.steepest * (region.end - region.start)) if len(ends) == 1 else 0)
    low, high = min(ends) - slack, max(ends) + slack
    best: tuple[float, Speed, int] | None = None
    for guess in guesses:
        for step in PACES.steps:
            speed = Speed(guess.ratio + step, guess.resampled)
            frames = warped(sound, first, last, speed)
            base = middle - half
            others = Scorer(frames, scorer.axis)
            places = search(others, 0, len(frames), base + low, base + high + len(frames), PACES.compared)
            if places and (best is None or places[0].z > best[0]):
                best = (places[0].z, speed, places[0].diagonal)
    if best is None or best[0] < PACES.least_z:
        return None
    return _Line(best[1], first, best[2], 0.0, np.zeros(0))


def _straightened(scorer: Scorer, region: _Region, sound: Sound, line: _Line) -> _Line | None:
    """The line with the lean taken out that its blocks show, over the whole region."""
    ratio = line.speed.ratio
    start = max(0, region.start - PACES.margin) * PRINT.hop
    end = min(len(scorer), region.end + PACES.margin) * PRINT.hop
    lead = round((line.origin - start) / PRINT.hop * ratio)
    diagonal = line.diagonal - lead
    part = (line.origin - start) / PRINT.hop * ratio - lead
    frames = warped(sound, start, end, line.speed)
    other = Scorer(frames, scorer.axis)
    assert scorer.model is not None
    other.adopt(scorer.model)
    reach = range(-PACES.lean_frames, PACES.lean_frames + 1)
    scores = np.stack([other.llr(0, len(frames), diagonal + k) for k in reach]).astype(np.float64)
    count = len(frames) // PACES.block_frames
    if count < 2:
        return None
    blocks = scores[:, : count * PACES.block_frames].reshape(len(reach), count, -1).sum(axis=2)
    top = blocks.argmax(axis=0)
    gain = blocks.max(axis=0)
    good = (gain > PACES.block_nats) & (top > 0) & (top < len(reach) - 1)
    if good.sum() < 2:
        return None
    k = np.flatnonzero(good)
    left, here, right = blocks[top[k] - 1, k], blocks[top[k], k], blocks[top[k] + 1, k]
    bend = np.maximum(1e-6, 2 * here - left - right)
    lean = top[k] - PACES.lean_frames + np.clip(0.5 * (right - left) / bend, -0.5, 0.5)
    time = (k + 0.5) * PACES.block_frames
    weight = np.sqrt(gain[k])
    slope, level = 0.0, 0.0
    for _ in range(4):
        slope, level = np.polyfit(time, lean, 1, w=weight) if len(k) > 2 else (0.0, float(np.median(lean)))
        weight = np.sqrt(gain[k]) / (1 + (np.abs(lean - slope * time - level) / 0.5) ** 2)
    ratio *= 1 + slope
    whole = round(level)
    row = np.clip(whole + PACES.lean_frames, 0, len(reach) - 1)
    jitter = 1 if line.speed.resampled else PACES.jitter
    best = _best_of(scores[max(0, row - jitter) : row + jitter + 1])
    return _Line(Speed(float(ratio), line.speed.resampled), start, diagonal + whole, level - whole - part, best)


def _best_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) scores along the best of (k, n) diagonals, which changes slowly."""
    smooth = np.stack([np.convolve(row, np.ones(25) / 25, "same") for row in scores])
    return np.asarray(scores[smooth.argmax(axis=0), np.arange(scores.shape[1])])


def _placed(scorer: Scorer, runs: Sequence[Run], region: _Region, line: _Line, sound: Sound) -> Pace | None:
    """The line's stretch with its edges, where it explains the release better than the runs do; else None."""
    ratio = line.speed.ratio
    if abs(ratio - 1) < PACES.flattest:
        return None
    begin = line.origin // PRINT.hop
    end = min(len(scorer), region.end + PACES.margin)
    at = np.arange(begin, end)
    rows = np.clip(np.round((at - begin) * ratio).astype(np.int64), 0, len(line.scores) - 1)
    own = line.scores[rows]
    before, after = (_beside(scorer, begin, end, d, line) for d in (region.before, region.after))
    head = np.concatenate(([0.0], np.cumsum(before - own)))
    tail = np.concatenate(([0.0], np.cumsum(own - after)))
    middle = (region.start + region.end) // 2 - begin
    left = int(head[: middle + 1].argmax())
    right = middle + int(tail[middle:].argmax())
    if region.before is None:
        left = int(np.cumsum(np.concatenate(([0.0], -own)))[: middle + 1].argmax())
    if region.after is None:
        right = middle + int(np.cumsum(np.concatenate(([0.0], own)))[middle:].argmax())
    frames = right - left
    score = float(own[left:right].sum())
    if frames < PACES.least_frames or score < PACES.least_nats * frames:
        return None
    if abs(ratio - 1) * frames < PACES.few_frames:
        return None
    otherwise, gradual = _as_edits(scorer, runs, begin + left, begin + right, region, sound)
    if abs(ratio - 1) * frames < PACES.many_frames or not gradual:
        otherwise += max(PACES.least_evidence + 2 * ALIGN.jump, PACES.margin_share * score)
    else:  # stretching in time is itself done by steps; that many of them, one after another, nobody cuts
        otherwise *= PACES.share
    if score < otherwise:
        return None
    evidence = max(PACES.least_evidence, score - otherwise)
    start_ms, end_ms = (begin + left) * 10.0, (begin + right) * 10.0
    ref = 10.0 * (line.diagonal + line.offset + left * ratio)
    return Pace(start_ms, end_ms, ref, line.speed, evidence)


def _beside(scorer: Scorer, start: int, end: int, diagonal: int | None, line: _Line) -> NDArray[np.float64]:
    """(n,) scores of frames [start, end) on what stands beside the line, given the same freedom as the line."""
    if diagonal is None:
        return np.zeros(end - start)
    jitter = 1 if line.speed.resampled else PACES.jitter
    near = [scorer.llr(start, end, diagonal + k) for k in range(-jitter, jitter + 1)]
    return _best_of(np.stack(near).astype(np.float64))


def _as_edits(
    scorer: Scorer, runs: Sequence[Run], start: int, end: int, region: _Region, sound: Sound
) -> tuple[float, bool]:
    """Nats by which frames [start, end) are explained at the reference's own speed, by as many edits as it takes.

    And whether these edits would mostly be steps of one or two frames, or many small ones in one direction.
    """
    ends = [d for d in (region.before, region.after) if d is not None]
    caught = [d for a, b, d in runs if d is not None and b > start and a < end]
    diagonals = set(range(min(ends), max(ends) + 1)) if max(ends) - min(ends) <= PACES.most_places else set()
    options = sorted({*widen([*ends, *caught], 1), *diagonals})[: 2 * PACES.most_places]
    scores = np.zeros((len(options) + 1, end - start), np.float32)
    for row, diagonal in enumerate(options):
        scores[row] = scorer.llr(start, end, diagonal)
    drifting = transitions(options)
    table = drifting.copy()
    table[:-1, :-1] = np.where(np.eye(len(options)) > 0, 0.0, -ALIGN.jump)  # a cut of one frame is a cut
    path = best_path(scores, table, None)
    moves = np.diff(np.array([*options, 0])[path[path < len(options)]])
    steps = np.abs(moves)
    many = PACES.apart * np.count_nonzero(moves) >= end - start and steps.max(initial=0) <= PACES.largest_step
    one_way = many and abs(moves.sum()) >= PACES.one_way * steps.sum()
    gradual = bool(one_way or steps[steps <= 2].sum() > PACES.gradual * steps.sum())
    if not gradual:  # what drifts by a frame about its place, as offsets between two frames do, was not cut
        between = Scorer(
            warped(sound, start * PRINT.hop + PRINT.hop // 2, end * PRINT.hop, Speed(1.0, False)), scorer.axis
        )
        assert scorer.model is not None
        between.adopt(scorer.model)
        for row, diagonal in enumerate(options):  # and the line lies between two frames as well
            halves = [between.llr(0, end - start, start + diagonal + k) for k in (0, 1)]
            scores[row] = _best_of(np.stack([scores[row], *halves]).astype(np.float64))
        table = drifting
        path = best_path(scores, table, None)
    return float(scores[path, np.arange(end - start)].sum() + table[path[:-1], path[1:]].sum()), gradual
