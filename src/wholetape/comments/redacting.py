"""What follows a redaction: the text leaves the files of the database, and the backups that can be reached."""

from __future__ import annotations

import os

import sqlalchemy as sa

from wholetape.comments import backup, tables
from wholetape.comments.database import forget
from wholetape.comments.desk import Desk, Turn
from wholetape.comments.states import Act
from wholetape.errors import WholetapeError
from wholetape.store.atomic import atomic_write
from wholetape.store.files import read_lines

_B, _R = tables.backups, tables.revisions


def finish(desk: Desk) -> list[str]:
    """Lets what was destroyed leave the database's files and known backups; returns what is left to do, in words."""
    left = []
    if not forget(desk.engine):
        left.append(
            "the write-ahead log still holds the text, somebody reads the database: redact again, or restart serve"
        )
    with desk.engine.connect() as connection:
        stale = list(connection.execute(sa.select(_B.c.path).where(_B.c.stale)).scalars())
    for path in stale:
        try:
            purge_file(desk, path)
        except WholetapeError as problem:
            left.append(
                f"{path} still holds the text: {problem}; where it is now, run `wholetape moderate purge` on it"
            )
    return left


def purge_file(desk: Desk, path: str) -> int:
    """Takes out of a backup what was redacted since it was made; returns how many comments that may have been.

    Raises:
        UnreadableInput: there is no such file.
        MalformedFile: it is no backup.
    """
    with desk.engine.connect() as connection:
        query = sa.select(_R.c.comment, sa.func.max(_R.c.n)).where(_R.c.act == Act.REDACTED).group_by(_R.c.comment)
        redacted = dict(connection.execute(query).all())
    atomic_write(path, backup.purge(read_lines(path), redacted))
    real = os.path.abspath(path)
    desk.do(lambda turn: turn.execute(_B.update().where(_B.c.path == real).values(stale=False)))
    return len(redacted)


def register(desk: Desk, path: str) -> None:
    """Remembers a backup, so that redactions reach it."""
    real = os.path.abspath(path)

    def job(turn: Turn) -> None:
        turn.execute(_B.delete().where(_B.c.path == real))
        turn.execute(_B.insert(), {"path": real, "at": turn.now, "stale": False})

    desk.do(job)
