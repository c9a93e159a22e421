"""What a party says of the sound: ``wholetape.statement/v1`` about matched and not matched stretches.

A cosignature covers hashes. Only a party whose own microphone heard the same as the recorder's can cover sound, and
this is how it says so, or the contrary, over its own signature. ``docs/spec/follow.md``, section Statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log import ed25519
from wholetape.log.checkpoint import Checkpoint, parse_checkpoint
from wholetape.log.encoding import MAX_INTEGER, decimal
from wholetape.log.keys import PrivateKey, PublicKey
from wholetape.log.note import Note, Signature, check_name, parse_note

DOMAIN = "wholetape.statement/v1"
MAX_STATEMENT = 1 << 16
"""Bytes of a statement at most."""
MAX_STRETCHES = 1000
_LINE = re.compile(r"(matched|not-matched|not-compared) ([0-9]+) ([0-9]+)\Z")


class Verdict(StrEnum):
    """What a comparison of a stretch said; ``not-compared`` where there was silence, or nothing to compare with."""

    MATCHED = "matched"
    NOT_MATCHED = "not-matched"
    NOT_COMPARED = "not-compared"


@dataclass(frozen=True, slots=True)
class Stretch:
    """``samples`` samples of the recording from number ``first`` on, and what was found there."""

    verdict: Verdict
    first: int
    samples: int

    @property
    def end(self) -> int:
        """The first sample behind it."""
        return self.first + self.samples


@dataclass(frozen=True, slots=True)
class SoundStatement:
    """``party`` compared what its own microphone heard with the print under ``head``, stretch by stretch, in order.

    That a stretch matched says that it sounded alike to a robust print, not that every sample is the same.
    """

    head: Checkpoint
    party: str
    stretches: tuple[Stretch, ...]

    @property
    def text(self) -> str:
        """The text of its note."""
        lines = "".join(f"{s.verdict} {s.first} {s.samples}\n" for s in self.stretches)
        return f"{DOMAIN}\nsound\n{self.head.text}{self.party}\n{lines}"


def sign_statement(statement: SoundStatement, key: PrivateKey) -> bytes:
    """The statement as a note with its party's signature, type 0x01; :func:`verify_statement` is the inverse."""
    vkey, text = key.public.signer, statement.text
    return Note(text, (Signature(vkey.name, vkey.id, ed25519.sign(key.seed, text.encode())),)).encode()


def verify_statement(data: bytes, party: PublicKey) -> SoundStatement:
    """The statement in ``data``, which ``party`` has signed.

    Raises:
        MalformedFile: not such a note.
        VerificationFailed: about another party, or not signed by this one.
    """
    if len(data) > MAX_STATEMENT:
        raise MalformedFile("the statement is too long")
    note = parse_note(data, "the statement")
    statement = _parse(note.text)
    line = note.by(party.signer)
    if statement.party != party.name or line is None or not ed25519.holds(party.raw, line.data, note.text.encode()):
        raise VerificationFailed(f"the statement is not signed by {party.name}")
    return statement


def _parse(text: str) -> SoundStatement:
    lines = text.split("\n")
    if len(lines) < 8 or lines[:2] != [DOMAIN, "sound"] or lines[-1]:
        raise MalformedFile("the statement is not one about sound")
    head = parse_checkpoint("".join(f"{line}\n" for line in lines[2:5]))
    stretches, at = [], 0
    if len(lines) - 7 > MAX_STRETCHES:
        raise MalformedFile("the statement has too many stretches")
    for line in lines[6:-1]:
        found = _LINE.match(line)
        if found is None:
            raise MalformedFile("the statement has a line that is no stretch")
        first, samples = (decimal(found[k], "a stretch of the statement") for k in (2, 3))
        if first < at or not samples or first + samples > MAX_INTEGER:
            raise MalformedFile("the stretches of the statement are not in order")
        at = first + samples
        stretches.append(Stretch(Verdict(found[1]), first, samples))
    return SoundStatement(head, check_name(lines[5]), tuple(stretches))
