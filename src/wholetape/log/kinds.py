"""The leaves of a seal as values: ``docs/spec/seal.md``, section Leaves, says what each member means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from wholetape.log.keys import PublicKey


class Capture(StrEnum):
    """Whether the seal grew while the recording was made, or was put on a file that was there already."""

    LIVE = "live"
    FINISHED_FILE = "finished-file"


class SampleFormat(StrEnum):
    """Little-endian, interleaved; ``s24`` has three bytes, ``u8`` is zero at 128."""

    U8 = "u8"
    S16 = "s16"
    S24 = "s24"
    S32 = "s32"
    F32 = "f32"
    F64 = "f64"

    @property
    def width(self) -> int:
        """Bytes of one sample of one channel."""
        return int(self[1:]) // 8


class What(StrEnum):
    """What an event tells."""

    PAUSE = "pause"
    RESUME = "resume"
    GAP = "gap"
    CLOCK = "clock"
    FOLLOWS = "follows"
    LEFT = "left"
    ABSENT = "absent"
    MATCHED = "matched"
    NOT_MATCHED = "not-matched"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PrintForm:
    """Which print: ``tracks`` are the pairs of stream and channel whose rows the segments commit to, in order."""

    tracks: tuple[tuple[int, int], ...] = ((0, 255),)
    algorithm: int = 1
    version: int = 1


@dataclass(frozen=True, slots=True)
class Beacon:
    """Something that nobody could know before a certain time: ``value`` as published by ``source``."""

    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Escrow:
    """Who can open the recording: ``kind`` is ``any`` or ``k-of-n``; ``recipients`` of age."""

    kind: str
    k: int
    n: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Leaf 0. The first of ``parties`` is the recorder; ``rate`` in Hz; ``segment`` in samples."""

    leaf: ClassVar[str] = "header"
    origin: str
    parties: tuple[PublicKey, ...]
    capture: Capture
    rate: int
    channels: int
    sample_format: SampleFormat | None
    segment: int
    print: PrintForm = PrintForm()
    challenge: bool = False
    devices: tuple[str, ...] = ()
    beacon: Beacon | None = None
    escrow: Escrow | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One second of sound: ``sound`` and ``print`` are salted hashes, 32 bytes; ``at`` in ms since 1970."""

    leaf: ClassVar[str] = "segment"
    n: int
    first: int
    samples: int
    sound: bytes | None
    print: bytes | None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Cipher:
    """The ciphertext of ``count`` segments from number ``first`` on, by its SHA-256."""

    leaf: ClassVar[str] = "cipher"
    first: int
    count: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """Something handed over: salted hashes of its name and of its bytes."""

    leaf: ClassVar[str] = "document"
    n: int
    name: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """What happened at sample ``first``, or over ``samples`` from there; ``at`` in ms since 1970."""

    leaf: ClassVar[str] = "event"
    event: What
    first: int
    samples: int = 0
    at: int | None = None
    party: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A whole file: its bytes and their SHA-256, 32 bytes, without salt."""

    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """The last leaf: how many leaves there were of each kind, and hashes without salt of what they are about."""

    leaf: ClassVar[str] = "close"
    reason: str
    segments: int
    samples: int
    print: FileFacts
    file: FileFacts | None
    pcm: bytes | None
    documents: int = 0
    events: int = 0
    ciphers: int = 0


Leaf = Header | Segment | Cipher | Document | Event | Close
