"""The heads that a key has signed: one line each, on disk before the signature is given away.

A party must never sign two inconsistent heads of one recording (c2sp.org/tlog-cosignature); it cannot know without
remembering.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator

from wholetape.errors import MalformedFile, VerificationFailed, storage_failed
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.encoding import jcs, parse_jcs, unhex
from wholetape.log.merkle import Tree
from wholetape.store.atomic import sync_folder

_LARGEST = 64 << 20


class HeadLedger:
    """The file ``KEY.heads`` beside a private key."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)

    def remember(self, head: Checkpoint, tree: Tree) -> None:
        """Returns when ``head``, whose leaves are ``tree``, may be signed, and is on disk as signed.

        Raises:
            VerificationFailed: this key signed a head of this recording that the new one does not continue.
            MalformedFile: the ledger is damaged; without it nothing is signed.
            StorageFailed: it cannot be written.
        """
        try:
            with open(self._path, "a+b") as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX)
                file.seek(0)
                data = file.read(_LARGEST + 1)
                if all(_judge(old, head, tree) for old in self._parsed(data)):
                    file.write(jcs({"origin": head.origin, "root": head.root.hex(), "size": head.size}) + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as problem:
            raise storage_failed("write", self._path, problem) from problem
        sync_folder(os.path.dirname(os.path.realpath(self._path)))

    def _parsed(self, data: bytes) -> Iterator[Checkpoint]:
        what = f"{self._path!r}, which remembers the heads that were signed"
        if len(data) > _LARGEST or (data and not data.endswith(b"\n")):
            raise MalformedFile(f"{what}, is damaged", "look at its last line; nothing is signed without it")
        for line in data.splitlines():
            tree = parse_jcs(line, what)
            if set(tree) != {"origin", "root", "size"} or not isinstance(tree["root"], str):
                raise MalformedFile(f"{what}, is damaged", "nothing is signed without it")
            yield Checkpoint(str(tree["origin"]), int(tree["size"]), unhex(tree["root"], 32, what))


def _judge(old: Checkpoint, new: Checkpoint, tree: Tree) -> bool:
    """False when ``new`` is ``old`` and need not be written again; raises where it does not continue it."""
    if old.origin != new.origin:
        return True
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
    return old.size != new.size
