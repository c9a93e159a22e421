"""Keys of words: what the index files a moment of sound under, and what a clip is looked up by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.archive.params import INDEX
from wholetape.match.bands import Frames

TABLES = 2
"""Keys of a word: its even slow signs, its odd ones."""
SIZE = 1 << INDEX.key_bits
_STEPS = ((1, 0x33333333), (2, 0x0F0F0F0F), (4, 0x00FF00FF), (8, 0x0000FFFF))


def every_second(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """(n,) the even bits of each, moved together into the low sixteen."""
    packed = bits & np.uint32(0x55555555)
    for shift, mask in _STEPS:
        packed = (packed | (packed >> np.uint32(shift))) & np.uint32(mask)
    return packed


def keys_of(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """(2, n) keys of (n,) words."""
    slow = (words >> np.uint64(32)).astype(np.uint32)
    return np.stack((every_second(slow), every_second(slow >> np.uint32(1)))).astype(np.uint16)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is looked up of a clip. keys: (2, q) uint16; masks: (2, f, q) uint16, its signs from the least reliable on.

    frames: (q,) int64, the clip's frame of each.
    """

    keys: NDArray[np.uint16]
    masks: NDArray[np.uint16]
    frames: NDArray[np.int64]

    def variants(self, table: int, flips: int) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
        """(q 2^flips,) keys of one table with the ``flips`` least reliable signs both ways, and the frame of each."""
        keys = self.keys[table][None, :]
        for mask in self.masks[table, :flips]:
            keys = np.concatenate((keys, keys ^ mask))
        return keys.ravel(), np.tile(self.frames, len(keys))


def lookup_of(frames: Frames, chosen: NDArray[np.int64], flips: int) -> Lookup:
    """The keys of the ``chosen`` frames, with the ``flips`` least reliable signs of each."""
    keys = keys_of(frames.words[chosen])
    planes = (frames.planes[:, chosen] >> np.uint64(32)).astype(np.uint32)
    halves = [[every_second(plane >> np.uint32(table)) for plane in planes] for table in range(TABLES)]
    masks = np.empty((TABLES, flips, len(chosen)), np.uint16)
    places = np.arange(INDEX.key_bits, dtype=np.uint32)
    for table, (low, high) in enumerate(halves):
        bits = [(plane[:, None] >> places) & np.uint32(1) for plane in (low, high)]
        order = np.argsort(bits[0] + 2 * bits[1], axis=1, kind="stable")[:, :flips]
        masks[table] = (np.uint32(1) << order.astype(np.uint32)).T.astype(np.uint16)
    return Lookup(keys, masks, chosen.astype(np.int64))
