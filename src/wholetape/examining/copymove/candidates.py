"""Pairs of places whose fingerprints agree at one lag, over an hour as over half a minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.copymove.params import COPY
from wholetape.match.bands import Frames

_BLOCK = 1 << 15
"""Frames compared at a time: as many as stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Frames [``start``, ``end``) may stand again ``lag`` frames later; ``hits`` frames agree."""

    start: int
    end: int
    lag: int
    hits: int


def lively(frames: Frames) -> NDArray[np.bool_]:
    """Frames that are clearly above the file's floor, and no mere tone."""
    if not len(frames):
        return np.zeros(0, np.bool_)
    heard = frames.level[frames.level > 0]
    floor = int(np.quantile(heard, 0.1)) if len(heard) else 0
    return np.asarray((frames.level >= floor + COPY.above_floor) & ~frames.tone & (frames.level >= 20))


def candidates(frames: Frames, pool: ThreadPoolExecutor) -> list[Candidate]:
    """The pairs to be judged, those with most hits first."""
    count = len(frames)
    step = COPY.long_step if count > COPY.long_s * 100 else COPY.step
    chosen = np.flatnonzero(lively(frames))
    chosen = chosen[chosen % step == 0]
    live = np.where(lively(frames), frames.words, 0)
    shares = np.array_split(chosen, max(1, min(64, len(chosen) // 50)))
    found = [pair for pair in pool.map(lambda part: _hits(frames.words, live, part), shares) if len(pair)]
    if not found:
        return []
    return _clusters(np.concatenate(found), step)


def _hits(words: NDArray[np.uint64], live: NDArray[np.uint64], queries: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n, 2) frames and the lags at which they agree with a later one."""
    pairs: list[NDArray[np.int64]] = []
    mixed, ones = np.empty(_BLOCK, np.uint64), np.empty(_BLOCK, np.uint8)
    for query in queries.tolist():
        mine: list[NDArray[np.int64]] = []
        for first in range(query + COPY.apart, len(live), _BLOCK):
            part = live[first : first + _BLOCK]
            size = len(part)
            np.bitwise_xor(part, words[query], out=mixed[:size])
            np.bitwise_count(mixed[:size], out=ones[:size])
            close = np.flatnonzero(ones[:size] <= COPY.bits)
            if len(close):
                mine.append(close + (first - query))
        if mine:
            lags = np.concatenate(mine)
            if len(lags) <= COPY.frame_hits * (1 + len(live) // 60000):
                pairs.append(np.stack((np.full(len(lags), query), lags), axis=1))
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)


def _clusters(pairs: NDArray[np.int64], step: int) -> list[Candidate]:
    """Hits at about one lag, close together in time."""
    hits = COPY.hits if step == COPY.step else max(2, COPY.hits - 1)
    found: list[Candidate] = []
    width = 2 * COPY.lag_slack + 1
    for shift in (0, COPY.lag_slack + 1):  # bins twice, so that none is cut in two in both
        bins = (pairs[:, 1] + shift) // (width + 1)
        order = np.lexsort((pairs[:, 0], bins))
        rows, keys = pairs[order], bins[order]
        new = np.flatnonzero((np.diff(keys) != 0) | (np.diff(rows[:, 0]) > COPY.together)) + 1
        for part in np.split(rows, new) if len(rows) else []:
            times = np.unique(part[:, 0])
            if len(times) >= hits:
                lag = int(np.median(part[:, 1]))
                found.append(Candidate(int(times[0]), int(times[-1]) + 1, lag, len(times)))
    found.sort(key=lambda c: (-c.hits, c.start))
    kept: list[Candidate] = []
    for candidate in found:
        if len(kept) == COPY.most:
            break
        if not any(
            abs(candidate.lag - other.lag) <= width
            and candidate.start < other.end + 20
            and candidate.end > other.start - 20
            for other in kept
        ):
            kept.append(candidate)
    return kept
