"""Statements of the parties: signed with a key that the publisher knows, published as they are, or not, for law.

The signature is verified before a statement comes into the queue, and its note is kept, so that every reader can verify
it again with the party's key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.acts import Actor, New, receive, sha256
from wholetape.comments.desk import Turn
from wholetape.comments.revisions import RELEASE
from wholetape.comments.states import Act, Kind, Refused, Role, State
from wholetape.comments.text import clean_text
from wholetape.errors import UsageError
from wholetape.log.keys import PublicKey
from wholetape.log.note import parse_vkey
from wholetape.log.party_statement import MAX_WORDS, NO_ORIGIN, parse_words, signed_by

_P, _C = tables.parties, tables.comments


class NotTheirs(Refused):
    """A statement that no party of this release has signed, about something else, or that was sent before."""


@dataclass(frozen=True, slots=True)
class SubmitStatement:
    """The job that enters a statement; its value is the token of the party's private page.

    Args:
        release: under which.
        note: the signed note, as the party made it.
        origins: of the seals of this release; a statement about another is not taken. Empty: not known.
        answers: the number of the statement that it answers.
    """

    release: str
    note: bytes
    origins: frozenset[str] = frozenset()
    answers: str | None = None

    def __call__(self, turn: Turn) -> str:
        """Does it; raises ``NotTheirs``, ``MalformedFile``, ``VerificationFailed`` or ``BadText``."""
        statement, note = parse_words(self.note)
        key = party(turn.connection, self.release, statement.party)
        if key is None or not signed_by(statement, note, key):
            raise NotTheirs("no party of this release has signed it")
        if self.origins and statement.origin not in (NO_ORIGIN, *self.origins):
            raise NotTheirs("it is about another recording")
        if self.answers is not None and not self._stands(turn, self.answers):
            raise NotTheirs("the statement that it answers is not there")
        nonce = sha256(self.release.encode() + b"\0" + note.text.encode())
        if turn.connection.execute(sa.select(_C.c.uid).where(_C.c.nonce == nonce)).first():
            raise NotTheirs("it was sent before")
        token = secrets.token_urlsafe(24)
        new = New(
            self.release,
            clean_text(statement.words, MAX_WORDS),
            statement.party,
            self.answers,
            kind=Kind.STATEMENT,
            note=self.note.decode(),
            status=sha256(token.encode()),
            nonce=nonce,
        )
        receive(turn, new, Act.RECEIVED, Actor(Role.PARTY))
        return token

    def _stands(self, turn: Turn, uid: str) -> bool:
        query = sa.select(_C.c.uid).where(
            _C.c.uid == uid,
            _C.c.release == self.release,
            _C.c.kind == Kind.STATEMENT,
            _C.c.state == State.PUBLISHED,
        )
        return turn.connection.execute(query).first() is not None


def party(connection: sa.Connection, release: str, name: str) -> PublicKey | None:
    """The key of the party ``name`` of a release; None where the publisher knows none."""
    found = connection.execute(sa.select(_P.c.vkey).where(_P.c.release == release, _P.c.name == name)).scalar()
    if found is None:
        return None
    vkey = parse_vkey(found)
    return PublicKey(vkey.name, vkey.key)


def add_party(turn: Turn, release: str, key: PublicKey) -> None:
    """Makes a key known as that of a party of a release."""
    if not RELEASE.match(release):
        raise UsageError(f"{release!r} can be no release", "its name is that of its folder")
    remove_party(turn, release, key.name)
    turn.execute(_P.insert(), {"release": release, "name": key.name, "vkey": str(key.signer)})


def remove_party(turn: Turn, release: str, name: str) -> None:
    """Takes no more statements of a party; those that are there stay."""
    turn.execute(_P.delete().where(_P.c.release == release, _P.c.name == name))
