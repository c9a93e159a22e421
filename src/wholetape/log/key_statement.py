"""What is said of a key that is replaced, lost or stolen: ``wholetape.key-statement/v1``, a signed note.

The old key says that a new one follows it; where it is lost or stolen, the parties that sealed with its holder do. It
changes nothing by itself: whoever pinned the old key reads it, compares the fingerprint, and pins the new one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from wholetape.errors import MalformedFile
from wholetape.log import ed25519
from wholetape.log.keys import PrivateKey, PublicKey
from wholetape.log.note import ED25519, Note, Signature, parse_note, parse_vkey

DOMAIN = "wholetape.key-statement/v1"
MAX_STATEMENT = 1 << 16
"""Bytes of a statement."""
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z")


class Why(StrEnum):
    """What happened to the old key."""

    REPLACED = "replaced"
    LOST = "lost"
    STOLEN = "stolen"


@dataclass(frozen=True, slots=True)
class KeyStatement:
    """``new`` follows ``old`` since the day ``since`` (YYYY-MM-DD); unsigned by being one."""

    why: Why
    old: PublicKey
    new: PublicKey
    since: str

    @property
    def text(self) -> str:
        """The text of its note: five lines."""
        return f"{DOMAIN}\n{self.why}\n{self.old.signer}\n{self.new.signer}\n{self.since}\n"


def sign_statement(note: Note, key: PrivateKey) -> Note:
    """``note`` with the signature of ``key``: the old key's, or that of a party that vouches."""
    vkey = key.public.signer
    return note.signed(Signature(vkey.name, vkey.id, ed25519.sign(key.seed, note.text.encode())))


def parse_statement(data: bytes, what: str = "the statement") -> tuple[KeyStatement, Note]:
    """The statement in a signed note, and the note, of which nothing is verified.

    Raises:
        MalformedFile: not such a note.
        VerificationFailed: a key of small order.
    """
    if len(data) > MAX_STATEMENT:
        raise MalformedFile(f"{what} is too long for one")
    note = parse_note(data, what)
    lines = note.text.split("\n")
    if len(lines) != 6 or lines[0] != DOMAIN or lines[1] not in list(Why) or not _DAY.match(lines[4]):
        raise MalformedFile(f"{what} is no statement about a key")
    old, new = parse_vkey(lines[2]), parse_vkey(lines[3])
    if (old.type, new.type) != (ED25519, ED25519) or old.key == new.key:
        raise MalformedFile(f"{what} does not name an old and a new key")
    return KeyStatement(Why(lines[1]), PublicKey(old.name, old.key), PublicKey(new.name, new.key), lines[4]), note


def vouchers(statement: KeyStatement, note: Note, pinned: tuple[PublicKey, ...]) -> tuple[PublicKey, ...]:
    """Which of the ``pinned`` keys say so; a lost or stolen key's own word does not count, nor ever the new key's."""
    refused = {statement.new.raw} | (set() if statement.why is Why.REPLACED else {statement.old.raw})
    found = []
    for key in pinned:
        line = note.by(key.signer)
        if key.raw not in refused and line is not None and ed25519.holds(key.raw, line.data, note.text.encode()):
            found.append(key)
    return tuple(found)
