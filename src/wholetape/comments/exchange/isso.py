"""The SQLite database of Isso, read only: accepted and waiting comments; addresses of readers are left behind."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from wholetape.comments.exchange.incoming import Incoming
from wholetape.errors import UnreadableInput

_ACCEPTED, _WAITING = 1, 2
_QUERY = sa.text(
    "SELECT c.id, c.parent, c.created, c.mode, c.text, c.author, c.email, t.uri FROM comments c "
    "JOIN threads t ON t.id = c.tid WHERE c.mode IN (:accepted, :waiting) ORDER BY c.id"
)


def parse(path: str) -> Iterator[Incoming]:
    """The comments in the database at ``path``; Isso's Markdown stays as it was typed.

    Raises:
        UnreadableInput: no such file, or not such a database.
    """
    engine = sa.create_engine(f"sqlite:///file:{path.replace('?', '%3f').replace('#', '%23')}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            for row in connection.execute(_QUERY, {"accepted": _ACCEPTED, "waiting": _WAITING}):
                yield Incoming(
                    str(row.id),
                    str(row.uri),
                    str(row.text or ""),
                    str(row.author or ""),
                    str(row.email or ""),
                    None if row.parent is None else str(row.parent),
                    round(float(row.created) * 1000),
                    row.mode == _ACCEPTED,
                )
    except (DBAPIError, ValueError) as problem:
        raise UnreadableInput(f"{path!r} is no database of Isso", "it is the file that dbpath names") from problem
    finally:
        engine.dispose()
