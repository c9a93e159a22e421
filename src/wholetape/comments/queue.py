"""What moderators see: the queue, with search and filters, in an order that no flood can turn around.

The first comment that waits of each source comes before every second one; so does the first of several with the same
letters: ten thousand advertisements, from one source or a thousand, stand behind the one comment of a reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.states import State

PAGE = 50
COUNTED = 10_000
"""Up to where is counted; beyond is told as "more than"."""
_C = tables.comments.c


@dataclass(frozen=True, slots=True)
class Filter:
    """Which comments; empty fields do not filter."""

    state: str = State.QUEUED
    release: str = ""
    kind: str = ""
    words: str = ""
    source: str = ""
    likeness: str = ""
    answered: bool = False
    after: int = 0
    """the place behind which the page begins"""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the queue."""

    rows: Sequence[Any]
    alike: dict[str, int]
    """how many comments wait that have this likeness, where there are several"""
    more: int | None
    """the place behind which the next page begins"""


def find(connection: sa.Connection, wanted: Filter) -> Found:
    """The comments that ``wanted`` describes."""
    query = sa.select(tables.comments).where(*_where(wanted))
    order = (_C.rank, _C.id) if wanted.state == State.QUEUED else (_C.id.desc(),)
    rows = connection.execute(query.order_by(*order).offset(wanted.after).limit(PAGE + 1)).all()
    more = wanted.after + PAGE if len(rows) > PAGE else None
    return Found(rows[:PAGE], _alike(connection, rows[:PAGE]), more)


def uids(connection: sa.Connection, wanted: Filter, most: int) -> list[str]:
    """The numbers of up to ``most`` comments, for a bulk act."""
    query = sa.select(_C.uid).where(*_where(wanted)).order_by(_C.id).limit(most)
    return list(connection.execute(query).scalars())


def count(connection: sa.Connection, state: str) -> int:
    """How many comments are in ``state``; counted up to ``COUNTED``."""
    some = sa.select(sa.literal(1)).where(_C.state == state).limit(COUNTED + 1).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar() or 0


def _where(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.state:
        found.append(_C.state == wanted.state)
    for column, value in (
        (_C.release, wanted.release),
        (_C.kind, wanted.kind),
        (_C.source, wanted.source),
        (_C.likeness, wanted.likeness),
    ):
        if value:
            found.append(column == value)
    if wanted.answered:
        found.append(_C.answered.is_(True))
    if wanted.words:
        found.append(sa.or_(*(column.icontains(wanted.words, autoescape=True) for column in (_C.text, _C.name))))
    return found


def _alike(connection: sa.Connection, rows: Sequence[Any]) -> dict[str, int]:
    kinds = {row.likeness for row in rows if row.likeness}
    query = (
        sa.select(_C.likeness, sa.func.count())
        .where(_C.likeness.in_(kinds), _C.state == State.QUEUED)
        .group_by(_C.likeness)
    )
    return {key: n for key, n in connection.execute(query) if n > 1} if kinds else {}
