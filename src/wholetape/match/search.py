"""Where in the references is this stretch of the release? Sums of differing signs over all offsets at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.score import STEP, Scorer

_BLOCK = 1 << 16
"""Diagonals counted at a time."""
_MANY = 1 << 16
"""Of so many diagonals, at first only every ``STEP``-th is counted: frames overlap, so a place shows beside itself."""
_PROMISING = 64
"""One in so many of those counted is looked at more closely,"""
_MOST_PROMISING = 4096
"""but no more than these: among millions only what stands out further can be the place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A diagonal and how far it stands out among all others: ``z`` in standard deviations."""

    diagonal: int
    z: float


def agreement(scorer: Scorer, chosen: NDArray[np.int64], low: int, high: int, step: int = 1) -> NDArray[np.int32]:
    """Reliable signs that agree less those that differ, for each ``step``-th diagonal of [low, high), low first.

    ``step`` is 1 or ``STEP``.
    """
    words, count = scorer.frames.words, len(range(low, high, step))
    axes = (scorer.axis.words,) if step == 1 else scorer.spread_words
    masks, weights = _masks(scorer, chosen)
    total = np.zeros(count, np.int32)
    mixed, ones, few = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint8), np.zeros(_BLOCK, np.uint8)
    differ = np.zeros(_BLOCK, np.int32)
    for start in range(0, count, _BLOCK):  # as many diagonals at a time as stay in the processor's cache
        end = min(count, start + _BLOCK)
        here, everywhere = total[start:end], 0
        for n, (k, mask, weight) in enumerate(zip(chosen.tolist(), masks, weights, strict=True), 1):
            turn, phase = divmod(k + low, step)
            axis = axes[phase]
            first, last = max(turn + start, 0), min(turn + end, len(axis))
            size = last - first
            if size > 0:
                np.bitwise_xor(axis[first:last], words[k], out=mixed[:size])
                np.bitwise_and(mixed[:size], mask, out=mixed[:size])
                np.bitwise_count(mixed[:size], out=ones[:size])
                at = slice(first - turn - start, last - turn - start)
                np.add(few[at], ones[:size], out=few[at])
                if size == end - start:
                    everywhere += weight
                else:
                    here[at] += weight
            if n % 3 == 0 or n == len(chosen):  # three words' signs are as many as a byte can count
                differ[: end - start] += few[: end - start]
                few[:] = 0
        here += everywhere - 2 * differ[: end - start]
        differ[:] = 0
    return total


def agreement_at(scorer: Scorer, chosen: NDArray[np.int64], diagonals: NDArray[np.int64]) -> NDArray[np.int32]:
    """(n,) what ``agreement`` counts, for some diagonals (n,)."""
    words, axis = scorer.frames.words, scorer.axis.words
    total = np.zeros(len(diagonals), np.int32)
    for k, mask, weight in zip(chosen.tolist(), *_masks(scorer, chosen), strict=True):
        there = diagonals + k
        inside = (there >= 0) & (there < len(axis))
        differ = np.bitwise_count((axis[np.where(inside, there, 0)] ^ words[k]) & mask).astype(np.int32)
        total += np.where(inside, weight - 2 * differ, 0)
    return total


def _masks(scorer: Scorer, chosen: NDArray[np.int64]) -> tuple[NDArray[np.uint64], list[int]]:
    """(n,) the signs of the chosen frames that count, and how many they are."""
    low, high = scorer.frames.planes[:, chosen]
    masks = low | high
    return masks, np.bitwise_count(masks).tolist()


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
    many = high - low >= _MANY
    total = agreement(scorer, chosen, low, high, STEP if many else 1)
    sample = total if len(total) < 20000 else total[:: len(total) // 10000]
    middle = np.median(sample)
    spread = 1.4826 * float(np.median(np.abs(sample - middle))) + 1e-6 + 0.5 * len(chosen) ** 0.5
    found: list[Place] = []
    left = _closely(scorer, chosen, low, high, total) if many else total.astype(np.float32)
    for _ in range(best):
        k = int(np.argmax(left))
        found.append(Place(low + k, float((left[k] - middle) / spread)))
        left[max(0, k - apart) : k + apart + 1] = middle
    return found


def _closely(
    scorer: Scorer, chosen: NDArray[np.int64], low: int, high: int, total: NDArray[np.int32]
) -> NDArray[np.float32]:
    """(high - low,) agreement of each diagonal of which every ``STEP``-th was counted: beside the best, count anew."""
    out = np.full(high - low, total.min(), np.float32)
    out[::STEP] = total
    count = min(len(total) // _PROMISING, _MOST_PROMISING)
    least = np.partition(total, -count)[-count]
    best = np.flatnonzero(total >= least) * STEP
    beside = np.unique(np.concatenate((best - 1, best + 1)))
    beside = beside[(beside >= 0) & (beside < high - low)]
    out[beside] = agreement_at(scorer, chosen, low + beside)
    return out
