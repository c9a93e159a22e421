"""How far an edit's boundary may lie from the truth without being wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from eval.sound import FRAME_S, QUIET_DBFS, Sound

STEP_S = 0.002
LIMIT_S = 2.0
AROUND_S = 8.0
"""What is speech and what a pause is judged by the levels of so many seconds before and after."""
BELOW_LOUD_DB = 25.0
ABOVE_FLOOR_DB = 6.0


def same_after_shift(sound: Sound, start: int, end: int, rate: int) -> tuple[float, float]:
    """Seconds by which a cut ``[start, end)`` can slide earlier and later with the release left (almost) the same.

    Sliding later by k needs ``sound[start:start+k]`` to equal ``sound[end:end+k]``; both being digital silence does.
    """
    step = max(1, round(STEP_S * rate))
    quiet = 10 ** (QUIET_DBFS / 20)

    def alike(a: int, b: int) -> bool:
        one, two = sound[a : a + step], sound[b : b + step]
        if len(one) < step or len(two) < step:
            return False
        return bool(np.sqrt(np.mean(one**2)) < quiet and np.sqrt(np.mean(two**2)) < quiet) or np.array_equal(one, two)

    def run(direction: int) -> float:
        n = 0
        while n < LIMIT_S / STEP_S:
            offset = n * step if direction > 0 else -(n + 1) * step
            if start + offset < 0 or not alike(start + offset, end + offset):
                break
            n += 1
        return n * step / rate

    return run(-1), run(+1)


def spoken(level: NDArray[np.float64], start_s: float, end_s: float) -> tuple[float, float, float]:
    """Share of the frames from ``start_s`` to ``end_s`` that hold more than a pause, and seconds of pause at both ends.

    ``level``: dBFS of each frame of ``FRAME_S``. A frame holds more than a pause when it is within ``BELOW_LOUD_DB`` of
    the loud frames around (95th percentile) and at least ``ABOVE_FLOOR_DB`` above the quiet ones (10th percentile).
    """
    first = int(start_s / FRAME_S)
    last = max(int(end_s / FRAME_S), first + 1)
    reach = round(AROUND_S / FRAME_S)
    floor, loud = np.percentile(level[max(0, first - reach) : last + reach], (10, 95))
    part = level[first:last]
    active = np.flatnonzero(part > max(loud - BELOW_LOUD_DB, floor + ABOVE_FLOOR_DB))
    if not len(active):
        return 0.0, end_s - start_s, end_s - start_s
    return len(active) / len(part), float(active[0]) * FRAME_S, float(len(part) - 1 - active[-1]) * FRAME_S
