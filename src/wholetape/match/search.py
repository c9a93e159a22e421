"""Where in the references is this stretch of the release? Sums of differing signs over all offsets at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.score import Scorer


@dataclass(frozen=True, slots=True)
class Place:
    """A diagonal and how far it stands out among all others: ``z`` in standard deviations."""

    diagonal: int
    z: float


def agreement(scorer: Scorer, chosen: NDArray[np.int64], low: int, high: int) -> NDArray[np.int32]:
    """(high - low,) reliable signs that agree less those that differ, for each diagonal in [low, high)."""
    total = np.zeros(high - low, np.int32)
    words, axis = scorer.frames.words, scorer.axis.words
    firm = scorer.masks[1] | scorer.masks[2] | scorer.masks[3] if len(chosen) > 4000 else None
    for k in chosen:
        first, last = max(k + low, 0), min(k + high, len(axis))
        if first >= last:
            continue
        mask = firm[k] if firm is not None else ~scorer.masks[0, k]
        differ = np.bitwise_count((axis[first:last] ^ words[k]) & mask)
        weight = int(np.bitwise_count(mask))
        total[first - k - low : last - k - low] += weight - 2 * differ.astype(np.int32)
    return total


def choose_frames(scorer: Scorer, start: int, end: int, count: int) -> NDArray[np.int64]:
    """Up to ``count`` frames of [start, end), spread out, the quiet ones left out where there are louder ones."""
    frames = np.arange(start, end)
    if len(frames) <= count:
        return frames
    level = scorer.frames.level[start:end]
    loud = frames[level >= np.median(level)]
    return np.asarray(loud[np.linspace(0, len(loud) - 1, min(count, len(loud))).astype(np.int64)])


def search(
    scorer: Scorer, start: int, end: int, low: int, high: int, count: int, best: int = 1, apart: int = 6
) -> list[Place]:
    """The ``best`` diagonals in [low, high) for the release's frames [start, end), best first."""
    low, high = max(low, -end), min(high, len(scorer.axis) - start)
    if high - low < 8:
        return []
    chosen = choose_frames(scorer, start, end, count)
    if not len(chosen):
        return []
    total = agreement(scorer, chosen, low, high)
    sample = total if len(total) < 20000 else total[:: len(total) // 10000]
    middle = np.median(sample)
    spread = 1.4826 * float(np.median(np.abs(sample - middle))) + 1e-6 + 0.5 * len(chosen) ** 0.5
    found: list[Place] = []
    left = total.astype(np.float32)
    for _ in range(best):
        k = int(np.argmax(left))
        found.append(Place(low + k, float((left[k] - middle) / spread)))
        left[max(0, k - apart) : k + apart + 1] = middle
    return found
