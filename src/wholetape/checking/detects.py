"""How short an edit a run could have seen."""

from __future__ import annotations

from wholetape.match.params import EDITS


def detects(rate: float) -> dict[str, float]:
    """Shortest edits found 95 times in 100, in seconds, from how many nats a frame of foreign sound costs this copy.

    Nothing can be said of copies so faint that five in six edits of any length were found there.
    ``python -m eval.detects`` injects edits of just these lengths and counts those found.
    """
    if rate < EDITS.faint_rate:
        return {}
    foreign = 0.06 + 0.45 / rate
    least = EDITS.far_s if rate < EDITS.far_rate else 0.0
    over = max(least, EDITS.phone_over_s if rate < EDITS.clear_rate else 0.15, foreign + 0.05)
    return {
        "cut": round(max(least, 0.03, 0.015 + 0.12 / rate), 2),
        "inserted": round(max(least, 0.08, foreign), 2),
        "replaced": round(over, 2),
        "muted": round(over, 2),
    }
