"""Statements of parties: signed by a key that is known here, by one that is not, or by nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wholetape.errors import MalformedFile, UnreadableInput, UsageError, VerificationFailed
from wholetape.log.keys import PublicKey
from wholetape.log.party_statement import (
    DAY,
    MAX_STATEMENT,
    MAX_WORDS,
    NO_ORIGIN,
    PartyStatement,
    Says,
    is_statement,
    parse_words,
    signed_by,
)
from wholetape.store.files import read_file

_FRONT = re.compile(r"(date|kind)\s*:\s*(.+?)\s*\Z", re.IGNORECASE)
LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as it was read. ``state`` as in ``model.Statement``; ``key`` is whose signature holds."""

    statement: PartyStatement
    state: str
    data: bytes
    key: PublicKey | None = None


def read_statement(given: str, known: Sequence[PublicKey], origins: Sequence[str]) -> tuple[str, Said]:
    """The path and content of ``PARTY=FILE``; ``known`` are keys pinned or sealed with, ``origins`` of the seals.

    Raises:
        UsageError: not of that form, or a statement of another party.
        MalformedFile: a note that breaks its format.
        VerificationFailed: its signature does not hold, or it is about another recording.
        UnreadableInput: no such file, or no text.
    """
    party, sign, path = given.partition("=")
    if not sign or not party.strip() or not path or len(party) > LONGEST_NAME:
        raise UsageError(f"--statement {given} is not PARTY=FILE", "say for instance --statement side-b=answer.txt")
    data = read_file(path, MAX_STATEMENT)
    if not is_statement(data):
        return path, Said(_plain(party, data, path), "unsigned", data)
    statement, note = parse_words(data, path)
    if statement.party != party:
        raise UsageError(f"{path} is a statement of {statement.party}, not of {party}", "name the party that signed it")
    if statement.origin != NO_ORIGIN and statement.origin not in origins:
        raise VerificationFailed(
            f"{path} is about another recording", "name the seal that it is about, or leave it out"
        )
    for key in known:
        if key.name == party and signed_by(statement, note, key):
            return path, Said(statement, "signed", data, key)
    return path, Said(statement, "unknown-key", data)


def _plain(party: str, data: bytes, path: str) -> PartyStatement:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        raise UnreadableInput(f"{path} is not text in UTF-8", "save it as plain text, then try again") from problem
    day, kind = "", Says.CLAIM
    head, blank, rest = text.partition("\n\n")
    front = [_FRONT.match(line) for line in head.split("\n")]
    if blank and all(front):
        for found in filter(None, front):
            name, value = found[1].lower(), found[2]
            if name == "date" and DAY.match(value):
                day = value
            elif name == "kind" and value.lower() in list(Says):
                kind = Says(value.lower())
            else:
                raise MalformedFile(f"{path}: {found[0].strip()!r} is no day YYYY-MM-DD, nor claim or answer")
        text = rest
    words = "".join(c for c in text.replace("\t", " ") if c >= " " or c == "\n").strip()
    if not words or len(words) > MAX_WORDS:
        raise UnreadableInput(f"{path} holds no words, or more than {MAX_WORDS:,} characters", "name another file")
    return PartyStatement(kind, party.strip(), day, NO_ORIGIN, words)
