"""The trail as a tree that grows with the table of revisions, and the signature over its head."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.revisions import TrailHeader, encode_leaf, parse_leaf
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.checkpoint import Checkpoint, sign
from wholetape.log.keys import PrivateKey
from wholetape.log.merkle import Tree
from wholetape.log.note import Note

HEADER = "header"
"""What the column ``act`` says of leaf 0."""


class Trail:
    """The leaves that this process knows of, and the key that signs their heads."""

    def __init__(self, key: PrivateKey) -> None:
        self._key, self.tree, self.origin = key, Tree(), ""
        self._pending: list[dict[str, Any]] = []

    @property
    def key(self) -> PrivateKey:
        """The key that signs."""
        return self._key

    def catch_up(self, connection: sa.Connection, origin: str = "") -> None:
        """Reads the leaves that other processes added; begins a new trail with ``origin`` where there is none.

        Raises:
            VerificationFailed: the trail is signed with another key.
            MalformedFile: a leaf is missing, or is none.
        """
        table = tables.revisions.c
        query = sa.select(table.n, table.leaf).where(table.n >= len(self.tree)).order_by(table.n)
        for n, leaf in connection.execute(query):
            if n != len(self.tree):
                raise MalformedFile(
                    f"entry {len(self.tree)} of the trail is missing", "run `wholetape moderate verify`"
                )
            if n == 0:
                self._begin(leaf)
            self.tree.append(leaf)
        if not self.tree and origin:
            leaf = encode_leaf(TrailHeader(origin, self._key.public.signer))
            self._begin(leaf)
            self.append(connection, "", HEADER, leaf)

    def append(self, connection: sa.Connection, comment: str, act: str, leaf: bytes) -> int:
        """Adds a leaf to the table, at the latest with :meth:`flush`, and to the tree; returns its number."""
        self._pending.append({"n": len(self.tree), "comment": comment, "act": act, "leaf": leaf})
        return self.tree.append(leaf)

    def flush(self, connection: sa.Connection) -> None:
        """Writes the leaves that wait, many in one statement."""
        if self._pending:
            connection.execute(_ADD, self._pending)
            self._pending = []

    def sign(self, connection: sa.Connection, at: int) -> bytes:
        """Signs the head of all leaves, keeps it in the table, and returns the note."""
        self.flush(connection)
        size = len(self.tree)
        note = sign(Note(Checkpoint(self.origin, size, self.tree.root()).text, ()), self._key).encode()
        connection.execute(tables.heads.insert(), {"size": size, "at": at, "note": note})
        return note

    def _begin(self, leaf: bytes) -> None:
        header = parse_leaf(leaf)
        if not isinstance(header, TrailHeader):
            raise MalformedFile("the trail does not begin with its header", "run `wholetape moderate verify`")
        if header.key != self._key.public.signer:
            raise VerificationFailed(
                f"the trail is signed by another key, of {header.key.name}", "name the folder with that key: --data DIR"
            )
        self.origin = header.origin


_ADD = tables.revisions.insert()


def newest_head(connection: sa.Connection) -> bytes | None:
    """The note with the newest head."""
    return connection.execute(sa.select(tables.heads.c.note).order_by(tables.heads.c.size.desc()).limit(1)).scalar()
