"""How clearly a copy lets its reference be read, and what a finding in it must therefore show."""

from __future__ import annotations

import numpy as np

from wholetape.match.params import ALIGN, EDITS
from wholetape.match.score import Scorer


def foreign_rate(scorer: Scorer) -> float:
    """Nats a frame that foreign speech would lose, had it stood where the release is as loud as its loud half."""
    assert scorer.model is not None
    rate = scorer.model.rate
    n = len(scorer)
    loud = np.flatnonzero(scorer.loudness >= np.median(scorer.loudness))[:: max(1, n // 20000)]
    counts = scorer.counts[:, loud].T.astype(np.float64)
    p = rate[scorer.loudness[loud], scorer.loudness[loud]]
    lost = (counts * (np.log(2 * (1 - p)) + np.log(2 * p)) / 2).sum(axis=1) / ALIGN.correlation
    return float(-lost.mean())


def needed(rate: float, length_ms: float) -> float:
    """Nats that foreign sound of ``length_ms`` over the reference must explain in a copy of that ``foreign_rate``.

    Telephone codecs make a noise of their own out of a hiss or a hall: for a moment nothing fits, and nothing was done.
    """
    if rate < EDITS.clear_rate and length_ms < EDITS.moment_ms:
        return EDITS.moment_evidence
    return EDITS.least_evidence
