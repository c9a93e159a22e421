"""Stretches that follow the reference by nothing but habit: it speaks there, and the release does not tell."""

from __future__ import annotations

import numpy as np

from wholetape.match.params import EDITS
from wholetape.match.score import Scorer
from wholetape.match.segments import Held
from wholetape.match.trace import moving_sum


def doubtful(scorer: Scorer, held: Held) -> list[tuple[float, float]]:
    """Stretches of ``held`` (ms on the release's frame clock), a second or more, that nothing ties to their place."""
    width = EDITS.doubt_window
    if held.speed != 1.0 or held.end_ms - held.start_ms < 10.0 * width:
        return []
    found: list[tuple[float, float]] = []
    axis = scorer.axis
    for start, end, diagonal in held.runs:
        first = max(start, round(held.start_ms / 10), -diagonal)
        last = min(end, round(held.end_ms / 10), len(axis) - diagonal)
        if last - first < width:
            continue
        total = moving_sum(scorer.llr(first, last, diagonal), width)
        alike = total + moving_sum(
            scorer.if_foreign(first, last, diagonal), width
        )  # less what foreign sound would score
        untied = (total < EDITS.doubt_nats) & (alike < EDITS.alike_nats)
        speaks = axis.loudness[first + diagonal : last + diagonal] >= EDITS.doubt_loud
        share = moving_sum(speaks.astype(np.float32), width) / width
        for k in np.flatnonzero(untied & (share >= EDITS.doubt_share)).tolist():
            a, b = (first + k) * 10.0, (first + k + width) * 10.0
            if found and a <= found[-1][1]:
                found[-1] = (found[-1][0], max(b, found[-1][1]))
            else:
                found.append((a, b))
    return [(max(a, held.start_ms), min(b, held.end_ms)) for a, b in found]
