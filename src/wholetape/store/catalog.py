"""The catalogue of an archive: one SQLite file, which readers may read while one writer writes.

The file is in write-ahead mode: a reader sees the last change that was complete, and a crash leaves that. Any program
that reads SQLite opens it; ``docs/spec/archive.md`` tells what each table holds.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from typing import Any

from wholetape.errors import MalformedFile, StorageFailed, UsageError, storage_failed

VERSION = 1
_SCHEMA = """
CREATE TABLE recordings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, path TEXT NOT NULL,
    seconds REAL NOT NULL, added TEXT NOT NULL, print TEXT NOT NULL, print_sha256 TEXT NOT NULL,
    seal TEXT, transcript TEXT
) STRICT;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE lanes (
    recording INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, track INTEGER NOT NULL,
    frames INTEGER NOT NULL, segment TEXT, start INTEGER, PRIMARY KEY (recording, track)
) STRICT, WITHOUT ROWID;
CREATE INDEX lanes_by_segment ON lanes(segment, start);
CREATE VIRTUAL TABLE passages USING fts5(text, recording UNINDEXED, start UNINDEXED, stop UNINDEXED);
"""


class Catalog:
    """The catalogue in ``file``; made where ``make`` is true.

    Raises:
        UsageError: there is none.
        MalformedFile: the file is no catalogue, or one of a newer version.
        StorageFailed: it cannot be made or written.
    """

    def __init__(self, file: str, *, make: bool = False) -> None:
        self.file = file
        if not make and not os.path.isfile(file):
            raise UsageError(f"{os.path.dirname(file)!r} is no archive", "`wholetape archive add` makes one")
        with self._told():
            self._db = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA foreign_keys = ON")
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if version == 0 and make:
                self._db.execute("PRAGMA journal_mode = WAL")
                with self.change():
                    if int(self._db.execute("PRAGMA user_version").fetchone()[0]) == 0:
                        for statement in _SCHEMA.split(";\n"):
                            self._db.execute(statement)
                        self._db.execute(f"PRAGMA user_version = {VERSION}")
            elif version != VERSION:
                raise MalformedFile(f"{file!r} is a catalogue of version {version}, this program reads {VERSION}")
            self._db.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def rows(self, question: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows that answer ``question``."""
        with self._told():
            return self._db.execute(question, values).fetchall()

    def run(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> int:
        """Runs ``statement`` and returns the number of the row that it made."""
        with self._told():
            return int(self._db.execute(statement, values).lastrowid or 0)

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """All that is run in the block, or nothing of it."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextlib.contextmanager
    def glance(self) -> Iterator[None]:
        """What is asked in the block is answered from one state, whatever a writer does meanwhile."""
        with self._told():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        found = [str(row[0]) for row in self.rows("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as problem:
            raise StorageFailed(
                f"the catalogue {self.file!r}: {problem}",
                "free some space, check the permissions, or wait for the other writer",
            ) from problem
        except sqlite3.DatabaseError as problem:
            raise MalformedFile(
                f"{self.file!r} is no catalogue, or a damaged one: {problem}", "restore it from a copy"
            ) from problem


@contextlib.contextmanager
def only_writer(folder: str) -> Iterator[None]:
    """Keeps every other writer away from ``folder`` until the block ends, or this process, however it ends.

    Raises:
        StorageFailed: somebody else writes there now, or the folder cannot be made.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as problem:
        raise storage_failed("make the folder", folder, problem) from problem
    lock = sqlite3.connect(os.path.join(folder, "writer.lock"), timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as problem:
        lock.close()
        raise StorageFailed(
            f"another program writes into {folder!r}, or nobody may: {problem}", "wait until it is done"
        ) from problem
    try:
        yield
    finally:
        lock.close()
