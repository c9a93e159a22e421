"""From the nats that speak for an edit to a share of such edits that were real, calibrated on the evaluation's sound.

No evidence within one file makes an edit surer than what was measured. The table is in ``match/calibration.py``, with
what it was counted on; ``docs/measured.md`` has the counts and their bounds. Never a probability of guilt.
"""

from __future__ import annotations

import numpy as np

from wholetape.match.calibration import CALIBRATION
from wholetape.match.params import EDITS

__all__ = ["CALIBRATION", "calibrated"]


def calibrated(evidenced: float, clarity: float) -> float:
    """The confidence of an edit whose evidence in this file gives ``evidenced``, in a copy of that ``foreign_rate``.

    It rises with the evidence, and is the share of such edits that were real where they were counted.
    """
    points = CALIBRATION.apart if clarity < EDITS.far_rate else CALIBRATION.clear
    evidence, share = zip(*points, strict=True)
    return float(np.interp(evidenced, evidence, share))
