"""What readers see: approved comments, page by page, in threads of one level. Every query asks for ``published``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.states import Kind, State

PAGE = 25
"""Threads on a page."""
REPLIES = 100
"""Answers shown below one comment."""
FEED = 50
_C = tables.comments.c
_PUBLIC = sa.and_(_C.state == State.PUBLISHED, _C.kind == Kind.COMMENT)
_GONE = (State.WITHDRAWN, State.REDACTED, State.REJECTED)
_SHOWN = (
    _C.id,
    _C.uid,
    _C.release,
    _C.parent,
    _C.state,
    _C.name,
    _C.text,
    _C.language,
    _C.received,
    _C.published,
    _C.edited,
    _C.edited_by,
    _C.edits,
)
"""What leaves the database for readers, and no more: no address, no source, no note."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and the answers to it; ``row`` is public, or its text is not here."""

    row: Any
    replies: tuple[Any, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some threads of a release, and whether there are more before and after these."""

    threads: tuple[Thread, ...]
    earlier: str | None
    """the comment before which the page before this ends"""
    later: str | None


def changed(connection: sa.Connection, release: str) -> tuple[int, int]:
    """A counter that grows with each change that readers could notice, and how many comments are public."""
    table = tables.releases.c
    row = connection.execute(sa.select(table.changed, table.shown).where(table.release == release)).one_or_none()
    return (row.changed, row.shown) if row else (0, 0)


def page(connection: sa.Connection, release: str, newest_first: bool, after: str | None, back: bool = False) -> Page:
    """The threads that follow comment ``after`` (with ``back``: precede it), in this order; from the start without."""
    down = newest_first != back
    query = sa.select(*_SHOWN).where(
        _C.release == release, _C.parent.is_(None), _C.kind == Kind.COMMENT, _C.state == State.PUBLISHED
    )
    gone_parents = sa.select(*_SHOWN).where(*_orphaned(release))
    anchor = None
    if after is not None:
        anchor = connection.execute(
            sa.select(_C.published, _C.id).where(_C.uid == after, _C.release == release)
        ).first()
    place = sa.tuple_(_C.published, _C.id)
    if anchor is not None and anchor.published is not None:
        bound = sa.tuple_(sa.literal(anchor.published), sa.literal(anchor.id))
        query = query.where(place < bound if down else place > bound)
        gone_parents = gone_parents.where(place < bound if down else place > bound)
    order = (_C.published.desc(), _C.id.desc()) if down else (_C.published, _C.id)
    rows = list(connection.execute(query.order_by(*order).limit(PAGE + 1)))
    rows += list(connection.execute(gone_parents.order_by(*order).limit(PAGE + 1)))
    rows.sort(key=lambda r: (r.published, r.id), reverse=down)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if back:
        rows.reverse()
    threads = _threads(connection, rows)
    started = anchor is not None
    before = (more if back else started) and bool(rows)
    behind = (started if back else more) and bool(rows)
    return Page(threads, rows[0].uid if before else None, rows[-1].uid if behind else None)


def thread(connection: sa.Connection, release: str, uid: str) -> Thread | None:
    """The thread in which the public comment ``uid`` stands; None where there is none."""
    row = connection.execute(sa.select(*_SHOWN).where(_C.uid == uid, _C.release == release, _PUBLIC)).one_or_none()
    if row is None:
        return None
    top = row
    if row.parent is not None:
        top = connection.execute(sa.select(*_SHOWN).where(_C.uid == row.parent)).one()
    return _threads(connection, [top])[0]


def newest(connection: sa.Connection, release: str) -> Sequence[Any]:
    """The last comments and answers that were approved, newest first, for the feed."""
    query = sa.select(*_SHOWN).where(_C.release == release, _PUBLIC)
    return connection.execute(query.order_by(_C.published.desc(), _C.id.desc()).limit(FEED)).all()


def statements(connection: sa.Connection, release: str) -> Sequence[Any]:
    """The parties' published statements, oldest first, each with the note that its party signed."""
    query = sa.select(*_SHOWN, _C.note).where(
        _C.release == release, _C.kind == Kind.STATEMENT, _C.state == State.PUBLISHED
    )
    return connection.execute(query.order_by(_C.published, _C.id).limit(REPLIES)).all()


def _orphaned(release: str) -> list[sa.ColumnElement[bool]]:
    """Comments that are gone, with answers that are still public: their place is kept, their text is not."""
    reply = tables.comments.alias()
    return [
        _C.release == release,
        _C.kind == Kind.COMMENT,
        _C.state.in_(_GONE),
        _C.parent.is_(None),
        _C.published.is_not(None),
        sa.exists().where(reply.c.parent == _C.uid, reply.c.state == State.PUBLISHED),
    ]


def _threads(connection: sa.Connection, rows: Sequence[Any]) -> tuple[Thread, ...]:
    if not rows:
        return ()
    query = sa.select(*_SHOWN).where(_C.parent.in_([row.uid for row in rows]), _PUBLIC)
    below: dict[str, list[Any]] = {}
    for reply in connection.execute(query.order_by(_C.published, _C.id).limit(REPLIES * len(rows))):
        below.setdefault(reply.parent, []).append(reply)
    return tuple(Thread(row, tuple(below.get(row.uid, ())), row.state != State.PUBLISHED) for row in rows)
