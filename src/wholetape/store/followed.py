"""The follower's own folder: what it was shown and what it signed, whole after a crash at any byte.

Order of writing: leaves and rows reach the disk before the head over them is signed (``store.ledger`` remembers it),
the signed head before it is sent. A line that was cut off by a crash is dropped and fetched again.

    leaves        the leaves, one a line, as in a seal
    rows          one line a segment: salt and rows of the print in base64, or ``-`` where they were not given
    heads         signed heads as JCS texts, one a line: the recorder's signature and one's own
    statements/   what one stated about the sound
    evidence/     pairs of heads that contradict each other, and other proof of a fork
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import BinaryIO, Self

from wholetape.errors import MalformedFile, StorageFailed, UsageError, storage_failed
from wholetape.log.encoding import b64decode, b64encode, jcs, parse_jcs
from wholetape.log.note import Note, parse_note
from wholetape.store.atomic import atomic_write, sync_folder, write_new

_MOST = 1 << 30
"""Bytes of one of the files at most."""
_FILES = ("leaves", "rows", "heads")
Rows = tuple[bytes, bytes]


class FollowedFolder:
    """A folder of one followed recording; made where it is not there; one program at a time writes to it.

    Raises:
        UsageError: another program follows into this folder.
        StorageFailed: it cannot be made or written.
        MalformedFile: what is in it was not written by this program.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._files: dict[str, BinaryIO] = {}
        with self._writing("make"):
            os.makedirs(self.path, exist_ok=True)
        try:
            with self._writing("open"):
                for name in _FILES:
                    self._files[name] = open(os.path.join(self.path, name), "a+b")  # noqa: SIM115 - close() does
                sync_folder(self.path)
            with self._writing("lock"):
                fcntl.flock(self._files["leaves"].fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except StorageFailed as problem:
            self.close()
            if isinstance(problem.__cause__, BlockingIOError):
                raise UsageError(
                    f"another program follows into {self.path!r}", "choose another folder, or end that one"
                ) from problem
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets another program have it."""
        for file in self._files.values():
            with contextlib.suppress(OSError):
                file.close()

    def leaves(self) -> list[bytes]:
        """The leaves so far; a last one that was cut off is dropped from the file."""
        return list(self._lines("leaves"))

    def rows(self) -> list[Rows | None]:
        """Salts and rows so far, by number of segment."""
        return [None if line == b"-" else _pair(line) for line in self._lines("rows")]

    def heads(self) -> list[Note]:
        """The heads that were signed, oldest first."""
        return [_note(line) for line in self._lines("heads")]

    def keep(self, leaves: Sequence[bytes], rows: Sequence[Rows | None]) -> None:
        """Returns when these further leaves and rows are on disk; raises ``StorageFailed``."""
        told = [b"-" if pair is None else f"{b64encode(pair[0])} {b64encode(pair[1])}".encode() for pair in rows]
        self._append("leaves", leaves)
        self._append("rows", told)

    def keep_head(self, note: Note) -> None:
        """Returns when a signed head is on disk; raises ``StorageFailed``."""
        self._append("heads", [jcs({"note": note.encode().decode()})])

    def forget_rows(self, beyond: int) -> None:
        """Drops the rows of segments from this number on, whose leaves were cut off; raises ``StorageFailed``."""
        lines = list(self._lines("rows"))
        if len(lines) > beyond:
            with self._writing("write to"):
                self._files["rows"].truncate(sum(len(line) + 1 for line in lines[:beyond]))
                os.fsync(self._files["rows"].fileno())

    def state(self, number: int, statement: bytes) -> None:
        """Returns when statement ``number`` is on disk; raises ``StorageFailed``."""
        folder = os.path.join(self.path, "statements")
        with self._writing("make a folder in"):
            os.makedirs(folder, exist_ok=True)
        atomic_write(os.path.join(folder, f"{number:04}"), statement)

    def statements(self) -> int:
        """How many statements there are."""
        with contextlib.suppress(FileNotFoundError), self._writing("read"):
            return len([name for name in os.listdir(os.path.join(self.path, "statements")) if name.isdecimal()])
        return 0

    def evidence(self, notes: Sequence[bytes]) -> str:
        """Keeps what contradicts itself, under names that were not there; returns the folder's path."""
        folder = os.path.join(self.path, "evidence")
        with self._writing("make a folder in"):
            os.makedirs(folder, exist_ok=True)
            number = len(os.listdir(folder))
        for offset, note in enumerate(notes):
            write_new(os.path.join(folder, f"{number + offset:04}"), note)
        return folder

    def put(self, name: str, data: bytes) -> str:
        """Writes another file in one step (``head``, ``recording.print``); returns its path."""
        path = os.path.join(self.path, name)
        atomic_write(path, data)
        return path

    def _lines(self, name: str) -> Iterator[bytes]:
        file = self._files[name]
        with self._writing("read"):
            file.seek(0)
            data = file.read(_MOST + 1)
            whole = data.rfind(b"\n") + 1
            if len(data) > _MOST:
                raise MalformedFile(f"{os.path.join(self.path, name)!r} is too long", "follow into a new folder")
            if whole < len(data):
                file.truncate(whole)
                os.fsync(file.fileno())
        yield from data[:whole].splitlines()

    def _append(self, name: str, lines: Sequence[bytes]) -> None:
        if not lines:
            return
        file = self._files[name]
        with self._writing("write to"):
            size = os.fstat(file.fileno()).st_size
            try:
                file.write(b"".join(line + b"\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with contextlib.suppress(OSError):  # nothing half written
                    os.ftruncate(file.fileno(), size)
                raise

    @contextlib.contextmanager
    def _writing(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as problem:
            if isinstance(problem, FileNotFoundError) and doing == "read":
                raise
            known = problem if isinstance(problem, OSError) else OSError(errno.EINVAL, str(problem))
            raise storage_failed(doing, self.path, known) from known


def _pair(line: bytes) -> Rows:
    salt, space, rows = line.decode("ascii", "replace").partition(" ")
    if not space:
        raise MalformedFile("the rows in the folder are damaged", "follow into a new folder")
    return b64decode(salt, "a salt in the folder"), b64decode(rows, "rows in the folder")


def _note(line: bytes) -> Note:
    tree = parse_jcs(line, "a head in the folder")
    text = tree.get("note")
    if set(tree) != {"note"} or not isinstance(text, str):
        raise MalformedFile("the heads in the folder are damaged", "follow into a new folder")
    return parse_note(text.encode(), "a head in the folder")
