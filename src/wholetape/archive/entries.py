"""What an archive says of its recordings and of a search: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Entry:
    """A recording of the archive. ``name`` is its file's name when it was added, ``path`` where that lay."""

    id: int
    sha256: str
    name: str
    path: str
    seconds: float
    added: str
    sealed: bool
    transcribed: bool


class Added(StrEnum):
    """What became of a file that was to be added."""

    NEW = "added"
    KNOWN = "already there"
    BROKEN = "cannot be read"


@dataclass(frozen=True, slots=True)
class Addition:
    """One file of ``archive add``. ``why`` says what is wrong with one that cannot be read, or with what
    lies beside it."""

    path: str
    state: Added
    seconds: float = 0.0
    why: str = ""


class FindOutcome(StrEnum):
    """``NOT_FOUND`` says that no recording of this archive matched, never that there is none."""

    FOUND = "found"
    UNCERTAIN = "uncertain"
    NOT_FOUND = "not-found"


@dataclass(frozen=True, slots=True)
class Hit:
    """A recording that holds the clip, or a stretch of it. Seconds, half-open.

    at: where in the recording; clip: which stretch of the clip. score: standard deviations above chance.
    agreement: share of the reliable signs that agree, 0.5 by chance.
    """

    recording: Entry
    at: tuple[float, float]
    clip: tuple[float, float]
    score: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search: hits best first. ``why`` says why nothing was sought, where that is so.

    searched: (recordings, hours) of the archive.
    """

    outcome: FindOutcome
    hits: tuple[Hit, ...]
    duration: float
    searched: tuple[int, float]
    why: str = ""
