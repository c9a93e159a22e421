"""A frame grid: where an encoder's frames began."""

from __future__ import annotations

from dataclasses import dataclass

from wholetape.examining.codec.banks import (
    AAC_HOP,
    AAC_SHORT,
    MP3_HOP,
    MP3_SHORT,
    Bank,
    aac_bank,
    aac_short_bank,
    mp3_bank,
    mp3_short_bank,
)
from wholetape.examining.codec.celt import OPUS_HOP, celt_bank
from wholetape.examining.codec.params import CODEC
from wholetape.examining.sound import LEFT, MID, RIGHT, SIDE

Views = tuple[str, ...]
MONO: Views = (MID,)
PAIRS: tuple[Views, ...] = ((LEFT, RIGHT), (MID, SIDE))
"""What an encoder of two channels quantises: each of both, or their sum and difference."""
HOPS = {"mp3": MP3_HOP, "aac": AAC_HOP, "opus": OPUS_HOP}
"""Samples from one frame to the next."""
SHORT = {"mp3": MP3_SHORT, "aac": AAC_SHORT}
"""Samples from one short window of a frame to the next."""
SHORT_STARTS = {"mp3": tuple(range(192, 577, 192)), "aac": tuple(range(448, 1345, 128))}
"""Samples from the first of a frame's long filters to those of each of its short windows."""
_TRANSFORMS = (("mp3", "long"), ("aac", "kbd"), ("aac", "sine"))


@dataclass(frozen=True, slots=True)
class Transform:
    """A candidate: ``codec`` with its ``window`` at ``rate`` Hz."""

    codec: str
    window: str
    rate: int

    def bank(self, heard: int) -> Bank:
        """Its filters, for sound that was sampled at ``heard`` Hz."""
        high = min(CODEC.high, 0.46 * heard)
        if self.codec == "mp3":
            return mp3_bank(self.rate, CODEC.low, high, CODEC.most)
        if self.codec == "opus":
            return celt_bank(CODEC.low, high, CODEC.most)
        return aac_bank(self.rate, self.window, CODEC.low, high, CODEC.most)

    def short_bank(self, heard: int) -> Bank | None:
        """The filters of one short window, likewise; None for a codec of which none are looked at."""
        high = min(CODEC.high, 0.46 * heard)
        if self.codec == "mp3":
            return mp3_short_bank(self.rate, CODEC.low, high, CODEC.most)
        if self.codec == "aac":
            return aac_short_bank(self.rate, self.window, CODEC.low, high, CODEC.most)
        return None


def transforms(rate: int) -> tuple[Transform, ...]:
    """All candidates at ``rate``."""
    return tuple(Transform(codec, window, rate) for codec, window in _TRANSFORMS)


@dataclass(frozen=True, slots=True)
class Grid:
    """An encoder's grid: its frames begin at samples ``offset`` (modulo the hop) of the file's sound at ``rate``.

    ``z``: by how many robust deviations it stands out among all offsets, where it does so most.
    """

    transform: Transform
    views: Views
    offset: int
    z: float

    def near(self, other: Grid, apart: int = CODEC.apart) -> bool:
        """True when both are one grid."""
        return distance(self.offset, other.offset, HOPS[self.transform.codec]) < apart

    def short_alike(self, other: Grid) -> bool:
        """True when short windows cannot tell both apart."""
        hop = SHORT.get(self.transform.codec)
        return hop is not None and distance(self.offset, other.offset, hop) < CODEC.apart


def distance(one: int, other: int, hop: int) -> int:
    """Samples between two offsets of frames that follow each other every ``hop`` samples."""
    apart = (one - other) % hop
    return min(apart, hop - apart)
