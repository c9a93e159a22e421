"""What counts as right in the evaluation of ``wholetape examine``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
_NEAR_BREAK_S = 0.5
_NEAR_COPY_S = 0.05
_NEAR_JOIN_S = 0.1
_NEAR_HUM_S = 1.0


def grid_right(row: Row) -> bool:
    """The codec and rate of the earlier encoding were told as earlier."""
    return any([codec, rate] == list(row["grid"]) and not own for codec, rate, _, own in row["grids"])


def accused(row: Row) -> bool:
    """The file was called inconsistent."""
    return bool(row["outcome"] == "inconsistent")


def broken(row: Row) -> bool:
    """At least one break was told within half a second of a joint."""
    return any(_near(joint, found) for joint in row["joints"] for found in row["breaks"])


def beside(row: Row) -> bool:
    """A break was told where there is no joint."""
    return any(not any(_near(joint, found) for joint in row["joints"]) for found in row["breaks"])


def copied(row: Row) -> bool:
    """Both places, each end within 50 ms."""
    return all(any(_same(place, found) for found in row["copies_found"]) for place in row["copies"])


def wrong_copy(row: Row) -> bool:
    """A copy that meets neither place."""
    return any(all(found[1] < a or found[0] > b for a, b in row["copies"]) for found in row["copies_found"])


def join_right(row: Row) -> bool:
    """A join that accuses, within whose place the cut lies."""
    return accused(row) and any(
        start - _NEAR_JOIN_S <= joint <= end + _NEAR_JOIN_S
        for joint in row["joints"]
        for _, start, end, _ in row["places"]
    )


def hum_right(row: Row) -> bool:
    """A jump within a second of the cut."""
    return any(
        abs((start + end) / 2 - joint) <= _NEAR_HUM_S for joint in row["joints"] for _, start, end, _ in row["places"]
    )


def _near(joint: float, found: Sequence[float]) -> bool:
    return abs((found[0] + found[1]) / 2 - joint) <= _NEAR_BREAK_S


def _same(place: Sequence[float], found: Sequence[float]) -> bool:
    return abs(place[0] - found[0]) <= _NEAR_COPY_S and abs(place[1] - found[1]) <= _NEAR_COPY_S
