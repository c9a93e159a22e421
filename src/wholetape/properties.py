"""What verifying a seal established, property by property; pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Name(StrEnum):
    """The properties of a seal; ``docs/spec/seal.md`` and ``docs/cli.md`` say what each means."""

    TREE = "tree"
    ORDER = "order"
    SIGNATURES = "signatures"
    EARLIER_HEADS = "earlier-heads"
    CLOSED = "closed"
    PINNED_KEYS = "pinned-keys"
    ALL_PARTIES = "all-parties"
    FILE = "file"
    SAMPLES = "samples"
    PRINT = "print"
    DOCUMENTS = "documents"
    NOT_AFTER = "not-after"
    NOT_BEFORE = "not-before"
    LIVE = "live"
    CONTINUOUS = "continuous"
    HEARD = "heard"
    EXCERPT = "excerpt"
    TRUE = "true"
    SPEAKERS = "speakers"
    UNEDITED_BEFORE = "unedited-before"
    ONLY_SEAL = "only-seal"
    WITNESSED = "witnessed"
    ESCROW = "escrow"


class Reason(StrEnum):
    """Why a seal does not verify: the closed list of results of the specification's steps 7 to 18."""

    TREE = "tree"
    ORDER = "order"
    SIGNATURE = "signature"
    RECORDER = "recorder"
    EARLIER_HEAD = "earlier-head"
    UNFINISHED = "unfinished"
    CLOSING = "closing"
    NO_KEY_PINNED = "no-key-pinned"
    NOT_A_PARTY = "not-a-party"
    OTHER_KEY = "other-key"
    NOT_SIGNED = "not-signed"
    RECORDING = "recording"
    CONTRADICTION = "contradiction"
    PRINT = "print"
    DOCUMENT = "document"
    TIME = "time"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class Property:
    """One property: whether it is ``established``, ``by`` whose keys, and ``why`` or why not, in plain words."""

    name: Name
    established: bool
    by: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Party:
    """One party of a seal: whether its key was pinned, and whether it has signed the head.

    ``time`` is that of its cosignature, by its own clock, in seconds since 1970; None for the recorder's signature.
    """

    name: str
    fingerprint: str
    pinned: bool
    signed: bool
    time: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a seal does not verify: from the closed list, and in words, with what to do next."""

    reason: Reason
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All that verifying established. It has no truth value: ask for ``failure``, which is None when all held."""

    failure: Failure | None
    properties: tuple[Property, ...]
    parties: tuple[Party, ...]
    capture: str
    standing: str
    """``all-parties`` where each party, two or more, is pinned and has signed; ``one-party`` where any has."""

    def __bool__(self) -> bool:
        raise TypeError("a Verification is neither true nor false; ask for its failure")

    def __getitem__(self, name: Name) -> Property:
        return next(found for found in self.properties if found.name is name)


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """What a print says of a seal: ``wrong`` is why it is not the sealed one, empty where it is; ``right`` is how."""

    wrong: str
    right: str
