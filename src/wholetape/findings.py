"""What a check established: edits, spans, coverage, and the outcome that follows from them.

Pure values. The rules of the outcome live here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from wholetape.times import Span


class Kind(StrEnum):
    """What a stretch of the release is, or what was done there. Edits never are ``kept`` or ``unverified``."""

    KEPT = "kept"
    CUT = "cut"
    INSERTED = "inserted"
    REPLACED = "replaced"
    REPEATED = "repeated"
    MOVED = "moved"
    MUTED = "muted"
    SPEED = "speed"
    UNVERIFIED = "unverified"


class Outcome(StrEnum):
    """The answer of a check."""

    WHOLE = "whole"
    EXCERPT = "excerpt"
    EDITED = "edited"
    UNRELATED = "unrelated"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the edit decision list.

    ``release`` is empty for a cut; ``reference`` is None where nothing of the reference is concerned (an insertion).
    ``source`` is the index of the reference that ``reference`` is a span of. ``speed`` is reference seconds per release
    second. ``confidence`` estimates the share of such findings that are real, not a probability of guilt.
    """

    kind: Kind
    release: Span
    source: int | None
    reference: Span | None
    confidence: float
    speed: float = 1.0
    where: str = ""
    """Which channel or stream, when not all of them: ``channel 2``, ``stream 1``."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One tile of the release: where its sound comes from. The tiles cover the release without gap or overlap."""

    kind: Kind
    release: Span
    source: int | None
    reference: Span | None
    speed: float = 1.0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares from 0 to 1: of each reference that is heard, of the release that was explained, and of it unverified."""

    references: tuple[float, ...]
    release: float
    unverified: float


@dataclass(frozen=True, slots=True)
class Missing:
    """A stretch at the head or tail of a reference that the release does not hold: an excerpt's margin, not an edit."""

    source: int
    reference: Span


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The checked file: ``duration`` in seconds of sound, ``streams`` the number of audio streams."""

    path: str
    sha256: str
    duration: float
    codec: str
    streams: int
    has_picture: bool = False
    damage: tuple[str, ...] = ()
    """Plain words, one for each damaged place."""


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """What the release was checked against. ``standing`` and ``capture`` come from a seal, else unsealed, unknown."""

    path: str
    kind: str
    sha256: str
    duration: float
    standing: str = "unsealed"
    capture: str = "unknown"
    withheld: tuple[float, float] = (0.0, 0.0)
    """Seconds of the recording before and after what is at hand: those that an excerpt's proof leaves out."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All that one check of one release established. It has no truth value: ask for ``outcome``."""

    outcome: Outcome
    release: ReleaseFacts
    references: tuple[ReferenceFacts, ...]
    edits: tuple[Edit, ...]
    spans: tuple[Stretch, ...]
    coverage: Coverage
    detects: dict[str, float]
    """Shortest edit of each kind, in seconds, that this run finds at least 95 times in 100."""
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """What was not looked at and what stays open, in plain words."""

    def __bool__(self) -> bool:
        raise TypeError("a CheckResult is neither true nor false; compare its outcome")
