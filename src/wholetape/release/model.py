"""What a release is, as values: everything that its pages show, and nothing of how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wholetape.findings import CheckResult
from wholetape.log.party_statement import Says
from wholetape.properties import Verification
from wholetape.report.places import Piece
from wholetape.report.sounds import SILENT, Sounds
from wholetape.transcript.model import Transcript


@dataclass(frozen=True, slots=True)
class File:
    """A download: the ``name`` it was given with, its ``path`` from the release's folder (empty: kept back)."""

    name: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sound:
    """What a browser plays: ``path`` from the release's folder, seconds, and the outline from 0 to 1."""

    path: str
    duration: float
    channels: int
    outline: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Excerpted:
    """Where in the sealed recording an excerpt lies, in seconds."""

    start: float
    end: float
    total: float


@dataclass(frozen=True, slots=True)
class Salts:
    """What opens the segments of a seal whose recording is published: 32 bytes a segment, in order.

    ``sound`` is empty where the samples are not published, or the seal has no hashes of them.
    """

    sound: bytes
    print: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that held when it was published, by keys that the publisher pinned (``vouched``), else by its own.

    ``facts`` are path, sha256, origin, size and root, for reports; ``warnings`` what in it may expose people; ``salts``
    None where nothing opens its segments one by one.
    """

    file: File
    found: Verification
    vouched: bool
    facts: Mapping[str, str | int]
    warnings: tuple[str, ...] = ()
    documents: int = 0
    salts: Salts | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A title from ``start`` on, in seconds."""

    start: float
    title: str


@dataclass(frozen=True, slots=True)
class Session:
    """One recording of the meeting."""

    title: str
    recording: File
    sound: Sound
    seal: Sealed | None = None
    print: File | None = None
    transcript: Transcript | None = None
    transcript_file: File | None = None
    transcript_rest: str = ""
    """Where the part of a long transcript lies that the page loads when it is wanted."""
    chapters: tuple[Chapter, ...] = ()
    excerpt: Excerpted | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a party says. ``state`` is ``signed``, ``unknown-key`` or ``unsigned``; ``vouched`` as in ``Sealed``."""

    party: str
    kind: Says
    day: str
    words: str
    state: str
    file: File
    fingerprint: str = ""
    vouched: bool = False
    about: bool = False
    """Whether it names the origin of a seal that is published here."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A document. ``state`` is ``sealed``, ``unsealed``, or ``unknown`` where the seal does not tell.

    Of a sealed one: in which session's seal, its number, and the salts that open its commitment.
    """

    file: File
    state: str
    session: int = 0
    number: int = 0
    salt: bytes = b""
    name_salt: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """A copy that the release answers: what the check found, drawings, and where its clips of sound are."""

    result: CheckResult
    sounds: Sounds = SILENT
    clips: Mapping[Piece, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """One release. Times are RFC 3339 in UTC."""

    id: str
    title: str
    supplier: str
    published: str
    updated: str
    sessions: tuple[Session, ...]
    summary: str = ""
    statements: tuple[Statement, ...] = ()
    documents: tuple[Attached, ...] = ()
    answers: tuple[Answered, ...] = ()

    @property
    def duration(self) -> float:
        """Seconds of all sessions."""
        return sum(session.sound.duration for session in self.sessions)


@dataclass(frozen=True, slots=True)
class Entry:
    """A release in the list of its site."""

    id: str
    title: str
    published: str
    updated: str
    duration: float
    outcomes: tuple[str, ...]
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The outlet: its name, ``address`` (empty, or a URL that ends in a slash), and its releases, newest first."""

    uuid: str
    name: str
    address: str
    language: str
    languages: tuple[str, ...]
    releases: tuple[Entry, ...] = ()
