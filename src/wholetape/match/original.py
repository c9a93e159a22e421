"""The references' own sound on their common axis, where it is at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import PRINT

Sound = Callable[[int, int], NDArray[np.float32]]
"""Samples [start, end) at 8 kHz; fewer at the ends of the sound."""


@dataclass(frozen=True, slots=True)
class Original:
    """``sounds``: of each source its samples and how many there are; ``starts``: its first frame on the axis."""

    sounds: tuple[tuple[Sound, int], ...]
    starts: tuple[int, ...]

    def read(self, start: int, end: int) -> NDArray[np.float32]:
        """(end - start,) samples of the axis, which has ``PRINT.hop`` of them a frame; 0 where no reference is."""
        out = np.zeros(max(0, end - start), np.float32)
        for (sound, length), frame in zip(self.sounds, self.starts, strict=True):
            first = frame * PRINT.hop
            a, b = max(start, first), min(end, first + length)
            if a < b:
                found = sound(a - first, b - first)
                out[a - start : a - start + len(found)] = found
        return out


def padded(sound: Sound, length: int, start: int, end: int) -> NDArray[np.float32]:
    """(end - start,) samples of ``sound``, which has ``length`` of them; 0 beyond its ends."""
    out = np.zeros(max(0, end - start), np.float32)
    a, b = max(0, start), min(end, length)
    if a < b:
        found = sound(a, b)
        out[a - start : a - start + len(found)] = found
    return out
