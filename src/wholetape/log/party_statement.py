"""What a party says of a recording in its own words: ``wholetape.party-statement/v1``, a signed note.

``docs/spec/site.md``, section Statements of parties, is the definition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log import ed25519
from wholetape.log.checkpoint import ORIGIN
from wholetape.log.keys import PrivateKey, PublicKey
from wholetape.log.note import Note, Signature, check_name, parse_note

DOMAIN = "wholetape.party-statement/v1"
MAX_STATEMENT = 1 << 17
"""Bytes of a statement."""
MAX_WORDS = 20_000
"""Code points of its words."""
DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z")
NO_ORIGIN = "-"


class Says(StrEnum):
    """What the words are: a claim, or the answer to one."""

    CLAIM = "claim"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class PartyStatement:
    """``words`` of ``party``, on the ``day`` YYYY-MM-DD, about the seal with that ``origin`` (``-``: about none).

    Unsigned by being one.
    """

    kind: Says
    party: str
    day: str
    origin: str
    words: str

    @property
    def text(self) -> str:
        """The text of its note."""
        return f"{DOMAIN}\n{self.kind}\n{self.party}\n{self.day}\n{self.origin}\n{self.words}\n"


def sign_words(statement: PartyStatement, key: PrivateKey) -> bytes:
    """The statement as a note with the party's signature, type 0x01; :func:`parse_words` reads it.

    Raises:
        MalformedFile: no statement can say this.
    """
    _parse(statement.text)
    vkey, text = key.public.signer, statement.text
    return Note(text, (Signature(vkey.name, vkey.id, ed25519.sign(key.seed, text.encode())),)).encode()


def is_statement(data: bytes) -> bool:
    """True when a file means to be such a note."""
    return data.startswith(DOMAIN.encode() + b"\n")


def parse_words(data: bytes, what: str = "the statement") -> tuple[PartyStatement, Note]:
    """The statement in a signed note, and the note, of which nothing is verified.

    Raises:
        MalformedFile: not such a note.
    """
    if len(data) > MAX_STATEMENT:
        raise MalformedFile(f"{what} is too long for one")
    note = parse_note(data, what)
    return _parse(note.text, what), note


def signed_by(statement: PartyStatement, note: Note, key: PublicKey) -> bool:
    """Whether ``key``, which has the party's name, has signed; False where the note has no line by it.

    Raises:
        VerificationFailed: it has a line by that key, and the signature does not hold.
    """
    line = note.by(key.signer)
    if line is None or statement.party != key.name:
        return False
    if not ed25519.holds(key.raw, line.data, note.text.encode()):
        raise VerificationFailed(f"the signature of {key.name} below its statement does not hold", "get a fresh copy")
    return True


def _parse(text: str, what: str = "the statement") -> PartyStatement:
    lines = text.split("\n")
    if len(lines) < 7 or lines[0] != DOMAIN or lines[1] not in list(Says) or lines[-1]:
        raise MalformedFile(f"{what} is no statement of a party")
    words = "\n".join(lines[5:-1])
    if not DAY.match(lines[3]) or not (lines[4] == NO_ORIGIN or ORIGIN.match(lines[4])):
        raise MalformedFile(f"{what} does not name its day, and what it is about")
    if not words.strip() or len(words) > MAX_WORDS or words.endswith("\n") or any(c < " " and c != "\n" for c in words):
        raise MalformedFile(f"the words of {what} are none, too many, or end in an empty line")
    return PartyStatement(Says(lines[1]), check_name(lines[2]), lines[3], lines[4], words)
