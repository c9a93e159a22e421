"""Backups: all tables as lines of JSON, the same for SQLite and PostgreSQL. ``docs/spec/comments.md``, section Backups.

A redaction reaches backups as well: what it destroyed is taken out of the file, and the file says so, so that what is
restored from it counts as redacted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.errors import MalformedFile, UsageError
from wholetape.log.encoding import b64decode, b64encode

FORMAT = "wholetape.comments-backup/v1"
TABLES = ("accounts", "settings", "parties", "releases", "revisions", "bodies", "heads", "comments")
"""In the order in which they are restored; sessions and messages under way are not kept."""
_BYTES = {
    name: {c.name for c in tables.metadata.tables[name].c if isinstance(c.type, sa.LargeBinary)} for name in TABLES
}


def write(connection: sa.Connection, at: int) -> Iterator[bytes]:
    """The lines of a backup of the database as it is in this transaction."""
    yield from _closed(_lines(connection, at))


def read(lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The table and the row of each line, and ``purged`` with the ``comment`` for each that was redacted since.

    Raises:
        MalformedFile: no backup, one that is cut off, or one that was changed.
    """
    digest, first, ended = hashlib.sha256(), True, False
    for line in lines:
        try:
            tree = json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise MalformedFile("the backup has a line that is not JSON") from problem
        if not isinstance(tree, dict) or ended or first != ("format" in tree):
            raise MalformedFile("this is no backup of comments, or it is damaged")
        if first and tree["format"] != FORMAT:
            raise MalformedFile(f"the backup is not {FORMAT}", "a newer version of the program may read it")
        if "end" in tree:
            ended = tree["end"] == digest.hexdigest()
            if not ended:
                raise MalformedFile("the backup was changed, or is damaged", "take another")
            continue
        digest.update(line)
        if not first:
            yield _row(tree)
        first = False
    if not ended:
        raise MalformedFile("the backup is cut off", "take another")


def purge(lines: Iterable[bytes], redacted: dict[str, int]) -> Iterator[bytes]:
    """The lines of a backup without what was redacted: ``redacted`` has the entry of the redaction of each comment."""

    def kept() -> Iterator[bytes]:
        done = set()
        for number, (table, row) in enumerate(read(lines)):
            if not number:
                yield _encode({"format": FORMAT})
            uid = (
                row.get("comment") if table in ("bodies", "purged") else row.get("uid") if table == "comments" else None
            )
            if uid in redacted and table == "bodies" and row["n"] < redacted[uid]:
                continue
            if uid in redacted and table == "comments":
                row = row | {"text": "", "name": "", "email": None, "note": None}
            if table == "purged":
                done.add(uid)
            yield _encode({"table": table, "row": _plain(table, row)})
        for uid in sorted(set(redacted) - done):
            yield _encode({"table": "purged", "row": {"comment": uid}})

    yield from _closed(kept())


def restore(connection: sa.Connection, lines: Iterable[bytes]) -> list[str]:
    """Fills an empty database; returns the comments whose text was destroyed after the backup was made.

    Raises:
        UsageError: the database is not empty.
        MalformedFile: the backup is damaged; nothing is kept then, where this transaction is given up.
    """
    if connection.execute(sa.select(sa.func.count()).select_from(tables.revisions)).scalar():
        raise UsageError("the database is not empty", "restore into a new one, and then start `serve` with it")
    purged: list[str] = []
    waiting: list[dict[str, Any]] = []
    table = ""
    for name, row in read(lines):
        if name == "purged":
            purged.append(str(row["comment"]))
            continue
        if waiting and (name != table or len(waiting) >= 500):
            connection.execute(tables.metadata.tables[table].insert(), waiting)
            waiting = []
        table = name
        waiting.append(row)
    if waiting:
        connection.execute(tables.metadata.tables[table].insert(), waiting)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('comments', 'id'), (SELECT COALESCE(MAX(id), 1) FROM comments))"
        )
    return purged


def _lines(connection: sa.Connection, at: int) -> Iterator[bytes]:
    yield _encode({"format": FORMAT, "at": at})
    for name in TABLES:
        table = tables.metadata.tables[name]
        query = sa.select(table).order_by(*table.primary_key.columns)
        for row in connection.execution_options(yield_per=1000).execute(query).mappings():
            yield _encode({"table": name, "row": _plain(name, dict(row))})


def _closed(lines: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
        yield line
    yield _encode({"end": digest.hexdigest()})


def _encode(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {k: b64encode(v) if k in _BYTES.get(table, ()) and v is not None else v for k, v in row.items()}


def _row(tree: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    name, row = tree.get("table"), tree.get("row")
    if not isinstance(row, dict) or (name != "purged" and name not in TABLES):
        raise MalformedFile("the backup has a line of another kind", "a newer version of the program may read it")
    if name == "purged":
        return name, row
    if set(row) != {c.name for c in tables.metadata.tables[str(name)].c}:
        raise MalformedFile(f"the backup has a row of {name} with other columns")
    known = _BYTES[str(name)]
    return str(name), {k: b64decode(v, "the backup") if k in known and v is not None else v for k, v in row.items()}
