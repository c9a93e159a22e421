"""Where in the references is this stretch of the release? Sums of differing signs over all offsets at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.score import Scorer

_BLOCK = 1 << 14
"""Diagonals counted at a time."""


@dataclass(frozen=True, slots=True)
class Place:
    """A diagonal and how far it stands out among all others: ``z`` in standard deviations."""

    diagonal: int
    z: float


def agreement(scorer: Scorer, chosen: NDArray[np.int64], low: int, high: int) -> NDArray[np.int32]:
    """(high - low,) reliable signs that agree less those that differ, for each diagonal in [low, high)."""
    words, axis = scorer.frames.words, scorer.axis.words
    masks = ~scorer.masks[0, chosen]
    if len(chosen) > 4000:
        masks = scorer.masks[1, chosen] | scorer.masks[2, chosen] | scorer.masks[3, chosen]
    weights = np.bitwise_count(masks).tolist()
    total = np.zeros(high - low, np.int32)
    mixed, ones, few = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint8), np.zeros(_BLOCK, np.uint8)
    for start in range(low, high, _BLOCK):  # as many diagonals at a time as stay in the processor's cache
        end = min(high, start + _BLOCK)
        here = total[start - low : end - low]
        for n, (k, mask, weight) in enumerate(zip(chosen.tolist(), masks, weights, strict=True), 1):
            first, last = max(k + start, 0), min(k + end, len(axis))
            size = last - first
            if size > 0:
                np.bitwise_xor(axis[first:last], words[k], out=mixed[:size])
                np.bitwise_and(mixed[:size], mask, out=mixed[:size])
                np.bitwise_count(mixed[:size], out=ones[:size])
                at = slice(first - k - start, last - k - start)
                np.add(few[at], ones[:size], out=few[at])
                if size == end - start:
                    here += weight
                else:
                    here[at] += weight
            if n % 3 == 0 or n == len(chosen):  # three words' signs are as many as a byte can count
                here -= few[: end - start]
                here -= few[: end - start]
                few[:] = 0
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
