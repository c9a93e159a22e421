"""Our own JSON, ``wholetape.comments-export/v1``: for people and programs; the trail stays in backups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.exchange.incoming import Incoming
from wholetape.comments.states import State
from wholetape.errors import MalformedFile

FORMAT = "wholetape.comments-export/v1"
_C = tables.comments.c
_PUBLIC = (_C.uid, _C.kind, _C.release, _C.parent, _C.state, _C.name, _C.text, _C.language, _C.received, _C.published)
_COLUMNS = (*_PUBLIC, _C.edited, _C.edited_by, _C.edits, _C.note)


def write(connection: sa.Connection, everything: bool, release: str = "") -> Iterator[bytes]:
    """The export, piece by piece: public comments; with ``everything`` those in all states, and authors' addresses."""
    query = sa.select(*_COLUMNS, *((_C.email,) if everything else ())).order_by(_C.id)
    query = query if everything else query.where(_C.state == State.PUBLISHED)
    query = query.where(_C.release == release) if release else query
    yield json.dumps({"format": FORMAT})[:-1].encode() + b', "comments": ['
    comma = b"\n"
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        yield comma + json.dumps(dict(row), ensure_ascii=False).encode()
        comma = b",\n"
    yield b"\n]}\n"


def parse(data: bytes) -> Iterator[Incoming]:
    """The comments of an export; statements of parties are not among them: they are signed, and sent by the parties.

    Raises:
        MalformedFile: not such a file.
    """
    try:
        tree: Any = json.loads(data)
        if tree["format"] != FORMAT:
            raise MalformedFile(f"the file is not {FORMAT}", "a newer version of the program may read it")
        for row in tree["comments"]:
            if row["kind"] == "comment" and row["state"] not in (State.REDACTED, State.WITHDRAWN):
                yield Incoming(
                    str(row["uid"]),
                    str(row["release"]),
                    str(row["text"]),
                    str(row["name"]),
                    str(row.get("email") or ""),
                    row["parent"],
                    int(row["received"]),
                    row["state"] == State.PUBLISHED,
                )
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise MalformedFile("this is no export of comments") from problem
