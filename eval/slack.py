"""How far an edit's boundary may lie from the truth without being wrong."""

from __future__ import annotations

import numpy as np

from eval.sound import QUIET_DBFS, Sound

STEP_S = 0.002
LIMIT_S = 2.0


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
