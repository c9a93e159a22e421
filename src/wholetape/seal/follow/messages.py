"""The messages of the protocol as values and as bytes, either way: ``docs/spec/follow.md``, section Messages.

Each is one object of canonical JSON (JCS); a parser accepts nothing that its encoder would not have written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

from wholetape.errors import MalformedFile
from wholetape.log.encoding import Json, b64decode, b64encode, jcs, parse_jcs
from wholetape.log.fields import Fields
from wholetape.log.note import VerifierKey, parse_vkey

HELLO, JOIN, NEWS = "/follow/v1/hello", "/follow/v1/join", "/follow/v1/news"
COSIGN, STATE, LEAVE = "/follow/v1/cosign", "/follow/v1/state", "/follow/v1/leave"
PRINT = "/follow/v1/print"
PATHS = (HELLO, JOIN, NEWS, COSIGN, STATE, PRINT, LEAVE)


class Status(IntEnum):
    """How a question was answered, as HTTP has it; all but the first come with words."""

    OK = 200
    BAD = 400
    FORBIDDEN = 403
    NOT_FOUND = 404
    CONFLICT = 409
    TOO_OFTEN = 429
    NOT_STORED = 507


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the protocol, for either side."""

    request: int = 128 << 10
    """bytes of a question: a statement of 64 KiB fits, in JSON"""
    answer: int = 4 << 20
    """bytes of an answer"""
    leaves: int = 600
    """leaves in one answer: ten minutes"""
    leaf_bytes: int = 1 << 20
    """bytes of leaves in one answer, unless a single one is longer"""
    rows: int = 120
    """segments in one answer whose rows are given"""
    row_bytes: int = 1 << 20
    """bytes of rows in one answer, unless a single segment has more"""
    part: int = 1 << 20
    """bytes of the whole print in one answer"""
    others: int = 64
    """notes of other parties"""
    note: int = 64 << 10
    """characters of a note in a message"""
    proof: int = 64
    """hashes of a proof: a tree of 2^63 leaves needs no more"""
    wait: int = 10
    """seconds that an answer may be held back until there is news"""


LIMITS = Limits()
_T = TypeVar("_T")
Rows = tuple[bytes, bytes]
"""Salt, and rows of one segment's print."""


@dataclass(frozen=True, slots=True)
class Hello:
    """A follower says who it is: its cosigner vkey, and a nonce of 32 bytes."""

    party: VerifierKey
    nonce: bytes

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs({"nonce": b64encode(self.nonce), "party": str(self.party)})

    @staticmethod
    def parse(data: bytes) -> Hello:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "a greeting")
        return _done(f, Hello(parse_vkey(f.text("party")), f.digest("nonce")))


@dataclass(frozen=True, slots=True)
class Welcome:
    """The host's nonce, the recording's origin, the recorder's signer vkey, and the host's signature under both."""

    origin: str
    recorder: VerifierKey
    nonce: bytes
    note: str

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs(
            {
                "nonce": b64encode(self.nonce),
                "note": self.note,
                "origin": self.origin,
                "recorder": str(self.recorder),
            }
        )

    @staticmethod
    def parse(data: bytes) -> Welcome:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "the host's greeting")
        made = Welcome(f.text("origin"), parse_vkey(f.text("recorder")), f.digest("nonce"), _note(f))
        return _done(f, made)


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed note, alone (to join, to leave) or within a session (a cosigned head, a statement)."""

    note: str
    session: str = ""

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs({"note": self.note} | ({"session": self.session} if self.session else {}))

    @staticmethod
    def parse(data: bytes, *, session: bool) -> Signed:
        """The message in ``data``, with or without ``session``; raises ``MalformedFile``."""
        f = _fields(data, "a signed message")
        made = Signed(_note(f), f.text("session", 64) if session else "")
        return _done(f, made)


@dataclass(frozen=True, slots=True)
class Joined:
    """The answer to joining: what names the session from now on."""

    session: str

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs({"session": self.session})

    @staticmethod
    def parse(data: bytes) -> Joined:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "the host's answer")
        return _done(f, Joined(f.text("session", 64)))


@dataclass(frozen=True, slots=True)
class Ask:
    """What is new, for a follower that holds ``size`` leaves, the rows of ``rows`` segments, and a head of ``since``.

    ``since`` is 0 where it has accepted no head yet. The answer may wait up to ``wait`` seconds for a larger head.
    """

    session: str
    size: int
    rows: int
    since: int
    wait: int = 0

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs(
            {"rows": self.rows, "session": self.session, "since": self.since, "size": self.size, "wait": self.wait}
        )

    @staticmethod
    def parse(data: bytes) -> Ask:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "a question for news")
        made = Ask(
            f.text("session", 64),
            f.integer("size"),
            f.integer("rows"),
            f.integer("since"),
            f.integer("wait", 0, LIMITS.wait),
        )
        return _done(f, made)


@dataclass(frozen=True, slots=True)
class News:
    """The newest head, leaves from the asked one on, rows from the asked segment on, the proof of consistency from the
    follower's last head, and the newest head that each other party has cosigned."""

    head: str
    leaves: tuple[bytes, ...] = ()
    rows: tuple[Rows | None, ...] = ()
    proof: tuple[bytes, ...] = ()
    others: tuple[str, ...] = field(default=())

    def encode(self) -> bytes:
        """The bytes of the message."""
        rows = [
            None if pair is None else {"rows": b64encode(pair[1]), "salt": b64encode(pair[0])} for pair in self.rows
        ]
        tree: Json = {
            "head": self.head,
            "leaves": [leaf.decode() for leaf in self.leaves],
            "others": list(self.others),
            "proof": [b64encode(node) for node in self.proof],
            "rows": rows,
        }
        return jcs(tree)

    @staticmethod
    def parse(data: bytes) -> News:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "the host's news", LIMITS.answer)
        head = f.text("head", LIMITS.note)
        leaves = tuple(_text(leaf, "a leaf", 1 << 17).encode() for leaf in f.items("leaves", most=LIMITS.leaves))
        rows = tuple(_rows(tree) for tree in f.items("rows", most=LIMITS.rows))
        proof = tuple(_hash(node) for node in f.items("proof", most=LIMITS.proof))
        others = tuple(_text(note, "a head", LIMITS.note) for note in f.items("others", most=LIMITS.others))
        return _done(f, News(head, leaves, rows, proof, others))


@dataclass(frozen=True, slots=True)
class AskPrint:
    """The whole print of a closed recording from byte ``since`` on."""

    session: str
    since: int

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs({"session": self.session, "since": self.since})

    @staticmethod
    def parse(data: bytes) -> AskPrint:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "a question for the print")
        return _done(f, AskPrint(f.text("session", 64), f.integer("since")))


@dataclass(frozen=True, slots=True)
class Part:
    """The next bytes of the print; none behind its end."""

    data: bytes

    def encode(self) -> bytes:
        """The bytes of the message."""
        return jcs({"data": b64encode(self.data)})

    @staticmethod
    def parse(data: bytes) -> Part:
        """The message in ``data``; raises ``MalformedFile``."""
        f = _fields(data, "a part of the print", LIMITS.answer)
        return _done(f, Part(b64decode(f.text("data", 2 * LIMITS.part), "a part of the print")))


STORED = jcs({"stored": True})
"""The answer to a cosignature, a statement and a good-bye, once they are on the recorder's disk."""


def parse_stored(data: bytes) -> None:
    """Returns when ``data`` is that answer; raises ``MalformedFile``."""
    if data != STORED:
        raise MalformedFile("the host's answer is not what it should be")


def encode_refusal(words: str) -> bytes:
    """The answer to a question that is refused."""
    return jcs({"error": words[:500]})


def parse_refusal(data: bytes) -> str:
    """The words of a refusal, printable or not; empty where there are none."""
    try:
        return _fields(data, "a refusal").text("error", 500)
    except MalformedFile:
        return ""


def _fields(data: bytes, what: str, limit: int = LIMITS.request) -> Fields:
    if len(data) > limit:
        raise MalformedFile(f"{what} is too long")
    return Fields(parse_jcs(data, what), what)


def _done(fields: Fields, made: _T) -> _T:
    fields.done()
    return made


def _note(fields: Fields) -> str:
    return fields.text("note", LIMITS.note)


def _text(value: object, what: str, longest: int) -> str:
    if type(value) is not str or len(value) > longest:
        raise MalformedFile(f"{what} in the host's news is no text, or too long")
    return value


def _hash(value: object) -> bytes:
    node = b64decode(_text(value, "a hash", 44), "a hash of the proof")
    if len(node) != 32:
        raise MalformedFile("a hash of the proof does not have 32 bytes")
    return node


def _rows(tree: object) -> Rows | None:
    if tree is None:
        return None
    if type(tree) is not dict:
        raise MalformedFile("the rows in the host's news are none")
    f = Fields(tree, "the rows of a segment")
    salt = f.digest("salt")
    rows = b64decode(f.text("rows", 1 << 20), "the rows of a segment")
    return _done(f, (salt, rows))
