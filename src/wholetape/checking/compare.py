"""One track of a release against the references: probe, trace, tell; numbers stay on the frame clock until the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wholetape.match.bands import Frames
from wholetape.match.edl import Listing, listing
from wholetape.match.params import ALIGN
from wholetape.match.score import Axis, Scorer
from wholetape.match.timeline import timeline
from wholetape.match.trace import probe, trace


@dataclass(frozen=True, slots=True)
class Compared:
    """What one track is, and how far the copy could be read: ``foreign_rate`` nats a frame of foreign sound."""

    listing: Listing | None
    axis: Axis
    foreign_rate: float


def compare(frames: Frames, axis: Axis, progress: Callable[[float], None] = lambda share: None) -> Compared:
    """Align ``frames`` with ``axis``; the listing is None when nothing of the references was found."""
    scorer = Scorer(frames, axis)
    stretches = probe(scorer)
    if not stretches:
        return Compared(None, axis, 0.0)
    scorer.adopt(scorer.estimate(stretches))
    runs = trace(scorer, lambda share: progress(share / 2))
    held = [(a + 15, b - 15, d) for a, b, d in runs if d is not None and b - a > 60]
    if held:
        scorer.adopt(scorer.estimate(held))
        runs = trace(scorer, lambda share: progress(0.5 + share / 2))
    pieces = timeline(scorer, runs, jitter=1)
    if not pieces:
        return Compared(None, axis, 0.0)
    return Compared(listing(pieces, axis), axis, foreign_rate(scorer))


def foreign_rate(scorer: Scorer) -> float:
    """Nats a frame that foreign speech would lose, had it stood where the release is as loud as its loud half."""
    assert scorer.model is not None
    rate = scorer.model.rate
    n = len(scorer)
    loud = np.flatnonzero(scorer.loudness >= np.median(scorer.loudness))[:: max(1, n // 20000)]
    counts = scorer.counts[loud].astype(np.float64)
    p = rate[scorer.loudness[loud], scorer.loudness[loud]]
    lost = (counts * (np.log(2 * (1 - p)) + np.log(2 * p)) / 2).sum(axis=1) / ALIGN.correlation
    return float(-lost.mean())
