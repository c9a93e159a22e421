"""Which grids a file carries: evidence at every offset of many windows, and the offsets that stand out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.grid import Grid, Transform, Views
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.sliding import GROUPS, Slider
from wholetape.examining.sound import Take


@dataclass(frozen=True, slots=True)
class Evidence:
    """What windows say about one transform: ``sums`` (windows, GROUPS, hop), offsets counted from the file's start."""

    transform: Transform
    views: Views
    starts: tuple[float, ...]
    sums: NDArray[np.float32]


def gather(
    take: Take,
    transform: Transform,
    views: Views,
    starts: Sequence[float],
    pool: ThreadPoolExecutor,
) -> Evidence:
    """The evidence of windows of ``CODEC.window_s`` from each of ``starts`` (seconds, in order)."""
    slider = Slider(transform.bank(take.rate))
    hop = slider.bank.hop
    frames = max(1, round(CODEC.window_s * transform.rate / hop))

    def one(start: float) -> NDArray[np.float32]:
        total = np.zeros((GROUPS, hop), np.float32)
        for view in views:
            sound, first = take.at_rate(view, start, start + slider.needs(frames) / transform.rate, transform.rate)
            total += np.roll(slider.slide(sound).sums, first + slider.bank.lead, axis=1)
        return total

    sums = np.stack(list(pool.map(one, starts))) if starts else np.zeros((0, GROUPS, hop), np.float32)
    return Evidence(transform, views, tuple(starts), sums)


def robust(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, hop) by how many robust deviations each offset stands out in its row; in near silence none does."""
    middle = np.median(rows, axis=1, keepdims=True)
    spread = 1.4826 * np.median(np.abs(rows - middle), axis=1, keepdims=True)
    return np.asarray((rows - middle) / np.maximum(spread, CODEC.least_spread))


def grids(evidence: Evidence) -> list[Grid]:
    """The offsets that stand out in any run of 1, 2, 4, 8 … windows, strongest first, at most ``CODEC.grids``."""
    count = len(evidence.starts)
    best: NDArray[np.float32] = np.zeros(evidence.sums.shape[2], np.float32)
    running = np.concatenate((np.zeros_like(evidence.sums[:1]), np.cumsum(evidence.sums, axis=0)))
    width = 1
    while count:
        width = min(width, count)
        step = max(1, width // 2)
        ends = np.unique(np.append(np.arange(width, count + 1, step), count))
        groups = running[ends] - running[ends - width]
        best = np.maximum(best, _standing_out(groups).max(axis=0))
        if width == count:
            break
        width *= 2
    return _tallest(evidence, best, np.argsort(-best)[:64], CODEC.peak, CODEC.grids, CODEC.apart)


def faint_grids(evidence: Evidence, most: int) -> list[Grid]:
    """The ``most`` offsets that stand out most in all windows together, though perhaps by chance."""
    if not evidence.starts:
        return []
    z = robust(evidence.sums.sum(axis=(0, 1))[None])[0]
    return _tallest(evidence, z, np.argsort(-z), CODEC.faint, most, CODEC.beside)


def _tallest(
    evidence: Evidence, z: NDArray[np.float32], order: NDArray[np.int64], least: float, most: int, apart: int
) -> list[Grid]:
    """The first ``most`` offsets in ``order`` that reach ``least`` and lie ``apart`` samples from those before them."""
    found: list[Grid] = []
    for offset in order.tolist():
        grid = Grid(evidence.transform, evidence.views, offset, float(z[offset]))
        if grid.z < least or len(found) == most:
            break
        if not any(grid.near(other, apart) for other in found):
            found.append(grid)
    return found


def _standing_out(groups: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, hop) deviations of (n, GROUPS, hop) sums; 0 where one part of the spectrum alone carries them."""
    z = robust(groups.sum(axis=1))
    without = robust(groups.sum(axis=1) - groups.max(axis=1))
    return np.where(without >= CODEC.peak_without_best, z, np.minimum(z, CODEC.peak - 1e-3))


def windows_of(seconds: float, most: int, active: Callable[[float], float]) -> list[float]:
    """Up to ``most`` starts of windows in ``seconds`` of sound: all of them, or of each part the most ``active``."""
    length = CODEC.window_s
    last = int(seconds - length - 0.15)
    starts = [float(k) for k in range(last + 1)] if last >= 0 else []
    if len(starts) <= most:
        return starts
    parts = np.array_split(np.array(starts), most)
    return [max(part.tolist()[:: max(1, len(part) // 12)], key=active) for part in parts]
