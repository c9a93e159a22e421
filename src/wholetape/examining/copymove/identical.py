"""Where both places of a copied passage hold the same samples: no encoder came after the paste, and they tell its ends.

Pauses belong to it then down to the last bit of their noise. Digital silence is the same everywhere, and tells nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.copymove.judge import Copy
from wholetape.examining.sound import MID, Take
from wholetape.times import CLOCK_HZ

_CORE_S = 0.3
"""Seconds in the middle of the passage that must be the same."""
_BESIDE_S = 1 / 1000
"""Seconds by which the lag may differ from the one at 8 kHz."""
_PIECE_S = 1.0
"""Seconds that are compared at once, outwards."""


def identical(take: Take, copy: Copy) -> Copy:
    """``copy`` with the ends that its samples tell, where both places hold the same; else ``copy`` itself."""
    middle = round((copy.start + copy.end) / 2 / CLOCK_HZ * take.rate)
    half = round(_CORE_S / 2 * take.rate)
    core = take.read(MID, middle - half, middle + half)
    lag = _lag(take, core, middle - half, round(copy.lag / CLOCK_HZ * take.rate))
    if lag is None or not np.ptp(core):
        return copy
    start, end = middle - _same(take, middle, lag, -1), middle + _same(take, middle, lag, 1)
    sound = take.read(MID, start, end)
    changes = np.flatnonzero(np.diff(sound))
    start, end = start + int(changes[0]), start + int(changes[-1]) + 2
    scale = CLOCK_HZ / take.rate
    return replace(
        copy, start=round(start * scale), end=round(end * scale), lag=round(lag * scale), score=1.0, identical=True
    )


def _lag(take: Take, core: NDArray[np.float32], first: int, about: int) -> int | None:
    """Samples after which ``core``, that begins at ``first``, stands again."""
    beside = round(_BESIDE_S * take.rate)
    there = take.read(MID, first + about - beside, first + about + beside + len(core))
    for move in range(2 * beside + 1):
        if np.array_equal(there[move : move + len(core)], core):
            return about - beside + move
    return None


def _same(take: Take, middle: int, lag: int, way: int) -> int:
    """How many samples from ``middle`` on, onwards or (``way`` -1) backwards, are the same ``lag`` later."""
    size, total = round(_PIECE_S * take.rate), 0
    limit = middle if way < 0 else len(take) - lag - middle
    while total < limit:
        a = middle + total if way > 0 else middle - total - size
        differ = take.read(MID, a, a + size) != take.read(MID, a + lag, a + lag + size)
        if differ.any():
            return min(limit, total + int(np.argmax(differ[::way])))
        total += size
    return limit
