"""From the nats that speak for an edit to a share of such edits that were real, calibrated on the evaluation's sound.

No evidence within one file makes an edit surer than the best that was measured: 1,506 of 1,513 edits told with the most
evidence were real (99.0–99.8%), in releases of real speech in ten conditions from lossless to a loudspeaker in a room.
Between two microphones, 82 of 87. ``docs/measured.md`` has the tables; never a probability of guilt.
"""

from __future__ import annotations

from wholetape.match.params import EDITS

_MOST = 0.995
_MOST_APART = 0.95


def calibrated(evidenced: float, clarity: float) -> float:
    """The confidence of an edit whose evidence in this file gives ``evidenced``, in a copy of that ``foreign_rate``."""
    return min(evidenced, _MOST_APART if clarity < EDITS.apart_rate else _MOST)
