"""What each condition is asked to reach, from the print only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """``share`` of the edits of ``kind`` that last at least ``from_s`` seconds must be found."""

    kind: str
    from_s: float
    share: float


@dataclass(frozen=True, slots=True)
class Target:
    """The asks of a condition, and the median boundary error in seconds that it allows."""

    asks: tuple[Ask, ...]
    boundary_s: float


_CODEC = (
    Ask("cut", 0.03, 0.99),
    Ask("inserted", 0.1, 0.99),
    Ask("replaced", 0.15, 0.97),
    Ask("repeated", 0.3, 1.0),
    Ask("moved", 0.3, 1.0),
    Ask("muted", 0.1, 1.0),
)
_PHONE = (Ask("cut", 0.1, 0.95), Ask("replaced", 0.3, 0.95))
_SPEED = (Ask("cut", 0.15, 0.95), Ask("speed", 0.0, 1.0))

TARGETS = {
    "wav": Target(_CODEC, 0.008),
    "aac48": Target((*_CODEC, Ask("cut", 0.02, 0.95), Ask("replaced", 0.1, 0.95), Ask("inserted", 0.06, 0.95)), 0.008),
    "mp3_32": Target(_CODEC, 0.008),
    "social": Target(_CODEC, 0.008),
    "opus16": Target((Ask("cut", 0.05, 0.97), Ask("replaced", 0.25, 0.97)), 0.012),
    "gsm": Target(_PHONE, 0.025),
    "amr122": Target(_PHONE, 0.025),
    "speed_resampled": Target(_SPEED, 0.025),
    "speed_tempo": Target(_SPEED, 0.025),
    "room": Target((Ask("cut", 0.3, 0.90), Ask("replaced", 0.5, 0.90)), 0.040),
    "two_microphones": Target((Ask("cut", 0.5, 0.95), Ask("inserted", 0.5, 0.95)), 0.050),
    "repeats": Target(_CODEC, 0.008),
}
RIGHT_KIND = 0.95
SPEED_RATIO = 0.001
"""Largest error of a speed's ratio."""
BINS_S = (0.0, 0.02, 0.03, 0.05, 0.1, 0.15, 0.25, 0.3, 0.5, 1.0, 2.0, 5.0)
"""Lower ends of the duration bins of the tables."""
