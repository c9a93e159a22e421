"""The entries of one comment in order, with what was said where it is still there, and who did what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.revisions import Revision, parse_leaf


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``said`` is empty, and ``body`` None, when its text was destroyed. ``actor`` is an account's name."""

    n: int
    revision: Revision
    leaf: bytes
    salt: bytes | None
    body: bytes | None
    said: dict[str, Any]
    actor: str


def history(connection: sa.Connection, uid: str) -> list[Entry]:
    """All entries of a comment, oldest first."""
    revisions, bodies = tables.revisions.c, tables.bodies.c
    query = (
        sa.select(revisions.n, revisions.leaf, bodies.salt, bodies.body)
        .select_from(tables.revisions.outerjoin(tables.bodies, revisions.n == bodies.n))
        .where(revisions.comment == uid)
        .order_by(revisions.n)
    )
    names = dict(connection.execute(sa.select(tables.accounts.c.id, tables.accounts.c.name)).all())
    found = []
    for n, leaf, salt, body in connection.execute(query):
        revision = parse_leaf(leaf)
        assert isinstance(revision, Revision)
        said = json.loads(body) if body is not None else {}
        found.append(Entry(n, revision, leaf, salt, body, said, names.get(revision.actor, "")))
    return found
