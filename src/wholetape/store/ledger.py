"""The newest head of each recording that a key has signed: on disk before the signature is given away.

A party must never sign two inconsistent heads of one recording (c2sp.org/tlog-cosignature); it cannot know without
remembering. A head that continues the newest one continues all before it, so one line a recording is enough, however
often a follower signs.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from wholetape.errors import MalformedFile, VerificationFailed, storage_failed
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.encoding import MAX_INTEGER, jcs, parse_jcs, unhex
from wholetape.log.merkle import Tree
from wholetape.store.atomic import atomic_write

_LARGEST = 64 << 20


class HeadLedger:
    """The file ``KEY.heads`` beside a private key."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)

    def remember(self, head: Checkpoint, tree: Tree) -> None:
        """Returns when ``head``, whose leaves are ``tree``, may be signed, and is on disk as signed.

        Whatever happens, the file holds the old lines or the new ones; two programs take turns.

        Raises:
            VerificationFailed: this key signed a head of this recording that the new one does not continue.
            MalformedFile: the ledger is damaged; without it nothing is signed.
            StorageFailed: it cannot be written.
        """
        with self._turn() as data:
            known = list(self._parsed(data))
            mine = [old for old in known if old.origin == head.origin]
            if not all(_continues(old, head, tree) for old in mine) or head in mine:
                return
            kept = [old for old in known if old.origin != head.origin]
            lines = [jcs({"origin": h.origin, "root": h.root.hex(), "size": h.size}) + b"\n" for h in (*kept, head)]
            atomic_write(self._path, b"".join(lines))

    @contextlib.contextmanager
    def _turn(self) -> Iterator[bytes]:
        """The ledger's bytes, while no other program reads or writes it."""
        while True:
            try:
                file = open(self._path, "a+b")  # noqa: SIM115 - closed below, also when another had its turn first
            except (OSError, ValueError) as problem:
                raise _refused(self._path, problem) from problem
            with file:
                try:
                    fcntl.flock(file.fileno(), fcntl.LOCK_EX)
                    mine, there = os.fstat(file.fileno()), os.stat(self._path)
                    if (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino):
                        continue  # it was replaced while this program waited
                    file.seek(0)
                    data = file.read(_LARGEST + 1)
                except FileNotFoundError:
                    continue
                except OSError as problem:
                    raise _refused(self._path, problem) from problem
                yield data
                return

    def _parsed(self, data: bytes) -> Iterator[Checkpoint]:
        what = f"{self._path!r}, which remembers the heads that were signed"
        if len(data) > _LARGEST or (data and not data.endswith(b"\n")):
            raise MalformedFile(f"{what}, is damaged", "look at its last line; nothing is signed without it")
        for line in data.splitlines():
            tree = parse_jcs(line, what)
            size, root = tree.get("size"), tree.get("root")
            whole = set(tree) == {"origin", "root", "size"} and type(size) is int and 0 <= size <= MAX_INTEGER
            if not whole or not isinstance(root, str) or type(size) is not int:
                raise MalformedFile(f"{what}, is damaged", "nothing is signed without it")
            yield Checkpoint(str(tree["origin"]), size, unhex(root, 32, what))


def _refused(path: str, problem: Exception) -> Exception:
    return storage_failed(
        "write", path, problem if isinstance(problem, OSError) else OSError("a NUL byte is in its name")
    )


def _continues(old: Checkpoint, new: Checkpoint, tree: Tree) -> bool:
    """True where ``new`` may be signed after ``old``; raises where it may not."""
    if old.size > new.size:
        raise VerificationFailed(
            f"this key signed a later head of this recording, over {old.size} leaves; this one has {new.size}",
            "ask for the seal with the later head",
        )
    if tree.root(old.size) != old.root:
        raise VerificationFailed(
            "this key signed another head of this recording, which this one does not continue",
            "keep both seals: together they show that the recorder made two histories",
        )
    return True
