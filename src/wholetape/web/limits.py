"""How often one source may ask: a bucket of tokens each, in memory only, bounded in number."""

from __future__ import annotations

import time
from collections.abc import Callable


class Buckets:
    """Buckets by name; the one that was used longest ago goes first when there are too many."""

    def __init__(self, most: int = 65_536, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, name: str, per_minute: float, burst: float) -> bool:
        """Takes one token; False when the bucket ``name`` is empty."""
        now = self._clock()
        left, then = self._left.pop(name, (burst, now))
        left = min(burst, left + (now - then) * per_minute / 60)
        self._left[name] = (max(0.0, left - 1), now) if left >= 1 else (left, now)
        if len(self._left) > self._most:
            self._left.pop(next(iter(self._left)))
        return left >= 1
