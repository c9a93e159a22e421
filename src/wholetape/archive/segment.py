"""A part of the index that is never changed: for each key the places where it was heard. A merge makes a new one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.archive.keys import SIZE, TABLES, Lookup, keys_of
from wholetape.archive.params import FIND, INDEX


@dataclass(frozen=True, slots=True)
class Segment:
    """offsets: (2, 65537) int64, where each key's places begin; places: (2, n) uint32, in steps of ``INDEX.step``.

    Places lie on the segment's own axis: its lanes one after another, each beginning on a whole step.
    """

    offsets: NDArray[np.int64]
    places: NDArray[np.uint32]

    def votes(self, lookup: Lookup, flips: int) -> Iterable[NDArray[np.int64]]:
        """Diagonals (frame of the axis less frame of the clip) that single words vote for, some at a time."""
        crowded = FIND.crowded * max(4, self.places.shape[1] // SIZE)
        for table in range(TABLES):
            keys, frames = lookup.variants(table, flips)
            first = self.offsets[table, keys]
            count = self.offsets[table, keys.astype(np.int64) + 1] - first
            keep = (count > 0) & (count <= crowded)
            first, count, frames = first[keep], count[keep], frames[keep]
            for start, end in _bounded(count):
                yield self._places(table, first[start:end], count[start:end], frames[start:end])

    def _places(
        self, table: int, first: NDArray[np.int64], count: NDArray[np.int64], frames: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        ends = np.cumsum(count)
        at = np.repeat(first - (ends - count), count) + np.arange(int(ends[-1]))
        found: NDArray[np.int64] = self.places[table, at].astype(np.int64) * INDEX.step - np.repeat(frames, count)
        return found


def _bounded(count: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    """Stretches of ``count`` whose sums stay bounded."""
    part = np.cumsum(count) // FIND.most_votes
    edges = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(count)]
    return ((start, end) for start, end in itertools.pairwise(edges) if end > start)


def steps(frames: int) -> int:
    """Steps of the axis that a lane of ``frames`` takes."""
    return -(-frames // INDEX.step)


def build(lanes: Iterable[NDArray[np.uint64]]) -> Segment:
    """The segment of lanes' words, in their order. Silence is not indexed: there its keys are one and the same."""
    keys, places, at = [], [], 0
    for words in lanes:
        heard = words[:: INDEX.step]
        here = np.flatnonzero(heard >> np.uint64(32))
        keys.append(keys_of(heard[here]))
        places.append((here + at).astype(np.uint32))
        at += steps(len(words))
    if at >= 1 << 32:
        raise ValueError("more places than 32 bits can tell apart")
    filed = np.concatenate(keys, axis=1) if keys else np.zeros((TABLES, 0), np.uint16)
    where = np.concatenate(places) if places else np.zeros(0, np.uint32)
    offsets = np.zeros((TABLES, SIZE + 1), np.int64)
    sorted_places = np.empty((TABLES, len(where)), np.uint32)
    for table in range(TABLES):
        np.cumsum(np.bincount(filed[table], minlength=SIZE), out=offsets[table, 1:])
        sorted_places[table] = where[np.argsort(filed[table], kind="stable")]
    return Segment(offsets, sorted_places)
