"""The author's side: whoever holds the private link sees what became of the comment, withdraws it, answers once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.acts import Actor, NotThere, Words, act_on, sha256, standing_of
from wholetape.comments.desk import Turn
from wholetape.comments.history import Entry, history
from wholetape.comments.receipt import Receipt
from wholetape.comments.states import Act, Kind, Role, Standing
from wholetape.comments.text import clean_text
from wholetape.comments.trail import newest_head

LONGEST_ANSWER = 2000
"""Code points."""
_TOLD = frozenset(
    {Act.RECEIVED, Act.IMPORTED, Act.APPROVED, Act.EDITED, Act.REJECTED, Act.WITHDRAWN, Act.ANSWERED, Act.REDACTED}
)
"""Not the notes that moderators write each other."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the author sees."""

    row: Any
    standing: Standing
    entries: tuple[Entry, ...]


Job = Callable[[Turn], Any]


def status(connection: sa.Connection, token: str) -> Status:
    """The status of the comment with this link; raises ``NotThere``."""
    row = connection.execute(sa.select(tables.comments).where(_mine(token))).one_or_none()
    if row is None:
        raise NotThere("there is no such comment")
    told = tuple(entry for entry in history(connection, row.uid) if entry.revision.act in _TOLD)
    return Status(row, standing_of(row), told)


def receipt(token: str) -> Callable[[Turn], Receipt]:
    """The job that makes a receipt for the comment as it was sent, under the newest head.

    It raises ``NotThere`` once the text is destroyed.
    """

    def work(turn: Turn) -> Receipt:
        found = status(turn.connection, token)
        first = found.entries[0]
        if first.body is None or first.salt is None:
            raise NotThere("the text was destroyed, and with it what a receipt needs")
        head = newest_head(turn.connection) or b""
        return Receipt(
            first.leaf, first.salt, first.body, first.n, tuple(turn.trail.tree.prove_inclusion(first.n)), head
        )

    return work


def withdraw(token: str) -> Callable[[Turn], Any]:
    """The job that withdraws a comment."""

    def work(turn: Turn) -> Any:
        row = turn.connection.execute(sa.select(tables.comments).where(_mine(token))).one_or_none()
        if row is None:
            raise NotThere("there is no such comment")
        return act_on(turn, row.uid, Act.WITHDRAWN, Actor(sender(row.kind)))

    return work


def answer(token: str, text: str) -> Callable[[Turn], Any]:
    """The job that answers the moderator."""
    words = Words(clean_text(text, LONGEST_ANSWER))
    return lambda turn: act_on(turn, _uid(turn, token), Act.ANSWERED, Actor(Role.AUTHOR), words)


def sender(kind: str) -> Role:
    """Who sends what is of this kind: the party of a statement, the author of a comment."""
    return Role.PARTY if kind == Kind.STATEMENT else Role.AUTHOR


def _uid(turn: Turn, token: str) -> str:
    found = turn.connection.execute(sa.select(tables.comments.c.uid).where(_mine(token))).scalar()
    if found is None:
        raise NotThere("there is no such comment")
    return str(found)


def _mine(token: str) -> sa.ColumnElement[bool]:
    return tables.comments.c.status == sha256(token.encode("utf-8", "replace"))
