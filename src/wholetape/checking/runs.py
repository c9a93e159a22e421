"""Runs of true values, and spans that are common to several lists of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Interval = tuple[float, float]


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What two rising lists of intervals share."""
    out: list[Interval] = []
    i = k = 0
    while i < len(one) and k < len(other):
        start, end = max(one[i][0], other[k][0]), min(one[i][1], other[k][1])
        if end > start:
            out.append((start, end))
        if one[i][1] < other[k][1]:
            i += 1
        else:
            k += 1
    return out
