"""Counts of requests by route and status, and how long they took; in the text form that Prometheus reads."""

from __future__ import annotations

import threading
from collections import Counter

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds."""


class Metrics:
    """Numbers of this process; no path, no address, no name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds, self._count = 0.0, 0

    def seen(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request that was answered."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._seconds += seconds
            self._count += 1
            for bound in BUCKETS:
                if seconds <= bound:
                    self._buckets[bound] += 1

    def text(self, gauges: dict[str, float]) -> str:
        """All of it, with further ``gauges`` by their names."""
        with self._lock:
            lines = ["# TYPE wholetape_requests_total counter"]
            for (method, route, status), n in sorted(self._requests.items()):
                lines.append(f'wholetape_requests_total{{method="{method}",route="{route}",status="{status}"}} {n}')
            lines.append("# TYPE wholetape_request_seconds histogram")
            lines += [f'wholetape_request_seconds_bucket{{le="{b}"}} {self._buckets[b]}' for b in BUCKETS]
            lines.append(f'wholetape_request_seconds_bucket{{le="+Inf"}} {self._count}')
            lines += [
                f"wholetape_request_seconds_sum {self._seconds:.6f}",
                f"wholetape_request_seconds_count {self._count}",
            ]
        for name, value in gauges.items():
            lines += [f"# TYPE wholetape_{name} gauge", f"wholetape_{name} {value:g}"]
        return "\n".join(lines) + "\n"
