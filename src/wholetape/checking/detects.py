"""How short an edit a run could have seen."""

from __future__ import annotations


def detects(rate: float) -> dict[str, float]:
    """Shortest edits found 95 times in 100, in seconds, from how many nats a frame of foreign sound costs this copy.

    ``python -m eval.detects`` injects edits of just these lengths and counts those found.
    """
    if rate <= 0.05:
        return {}
    foreign = 0.06 + 0.45 / rate
    return {
        "cut": round(max(0.03, 0.015 + 0.12 / rate), 2),
        "inserted": round(max(0.08, foreign), 2),
        "replaced": round(max(0.15, foreign + 0.05), 2),
        "muted": round(max(0.15, foreign + 0.05), 2),
    }
