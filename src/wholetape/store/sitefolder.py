"""The folder of a published site: files that never change under names with their hash, pages replaced one by one."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from wholetape.errors import StorageFailed, UnreadableInput, UsageError, storage_failed
from wholetape.store.atomic import atomic_write, sync_folder

HASH_DIGITS = 12
"""Hex digits of a file's SHA-256 in its name."""
MARK = "site.json"
_LOCK = ".wholetape-lock"
_CHUNK = 1 << 20
_DATA = ("audio", "data", "files")


class SiteFolder:
    """The site at ``path``, held by this process; a context manager. What a failed run added, it takes away again.

    Raises:
        UsageError: something else lies there, or another program publishes into it.
        StorageFailed: it cannot be made or written to.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._added: list[str] = []
        self._fd = -1

    def __enter__(self) -> SiteFolder:
        try:
            os.makedirs(self.path, exist_ok=True)
            strangers = set(os.listdir(self.path)) - {_LOCK}
        except OSError as problem:
            raise storage_failed("make the folder", self.path, problem) from problem
        if strangers and MARK not in strangers:
            raise UsageError(f"{self.path!r} holds other files, and is no published site", "name a new folder")
        self._hold()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:
            for path in reversed(self._added):
                with contextlib.suppress(OSError):
                    os.unlink(path)
                self._prune(os.path.dirname(path))
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(self.path, _LOCK))
        os.close(self._fd)
        if error is not None:
            with contextlib.suppress(OSError):
                os.rmdir(self.path)

    def read(self, name: str) -> bytes | None:
        """The bytes of a page or list of the site, or None where there is none."""
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise storage_failed("read", name, problem) from problem

    def put(self, folder: str, name: Callable[[str], str], data: bytes) -> str:
        """Adds a file that never changes; ``name`` makes its path below ``folder`` from its hash. Returns that path."""
        with self.putting(folder, name) as (file, done):
            file.write(data)
        return done[0]

    @contextlib.contextmanager
    def putting(self, folder: str, name: Callable[[str], str]) -> Iterator[tuple[BinaryIO, list[str]]]:
        """A file to write (and seek) that becomes one that never changes; the list then holds its path and SHA-256."""
        base = os.path.join(self.path, folder)
        done: list[str] = []
        temporary = ""
        try:
            os.makedirs(base, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".wholetape-", suffix=".part", dir=base)
            with os.fdopen(handle, "w+b") as file:
                yield file, done
                file.flush()
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            path = name(digest[:HASH_DIGITS])
            target = os.path.join(base, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if not os.path.exists(target):
                os.replace(temporary, target)
                self._added.append(target)
                sync_folder(os.path.dirname(target))
            done += [path, digest]
        except OSError as problem:
            raise storage_failed("write", folder, problem) from problem
        finally:
            if temporary:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                if not done:
                    self._prune(base)

    def copy(self, folder: str, name: Callable[[str], str], source: str, sha256: str) -> str:
        """Adds a copy of the file at ``source``, whose hash must be ``sha256``; returns its path below ``folder``.

        Raises:
            UnreadableInput: it cannot be read, or has changed.
        """
        with self.putting(folder, name) as (file, done):
            try:
                with open(source, "rb") as given:
                    digest = hashlib.sha256()
                    while piece := given.read(_CHUNK):
                        digest.update(piece)
                        file.write(piece)
            except IsADirectoryError as problem:
                raise UnreadableInput(f"{source!r} is a folder", "name the file inside it") from problem
            if digest.hexdigest() != sha256:
                raise UnreadableInput(f"{source!r} has changed while it was read", "try again")
        return done[0]

    def page(self, name: str, data: bytes) -> None:
        """Replaces a page in one step."""
        path = os.path.join(self.path, name)
        fresh = not os.path.exists(path)
        atomic_write(path, data)
        if fresh:
            self._added.append(path)

    def sweep(self, release: str, keep: Iterable[str]) -> None:
        """Removes what a release no longer refers to: all in its data folders and its pages but ``keep``."""
        kept = {os.path.join(self.path, release, name) for name in keep}
        base = os.path.join(self.path, release)
        for folder, _, names in os.walk(base, topdown=False):
            inside = os.path.relpath(folder, base).split(os.sep)[0]
            for name in names:
                path = os.path.join(folder, name)
                if path not in kept and (inside in _DATA or name.endswith((".html", ".part"))):
                    with contextlib.suppress(OSError):
                        os.unlink(path)
            self._prune(folder)

    def _prune(self, folder: str) -> None:
        """Removes empty folders from here up to the site itself."""
        while len(folder) > len(self.path):
            try:
                os.rmdir(folder)
            except OSError:
                return
            folder = os.path.dirname(folder)

    def _hold(self) -> None:
        name = os.path.join(self.path, _LOCK)
        try:
            self._fd = os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            os.close(self._fd)
            raise UsageError(f"another program publishes into {self.path!r}", "try again when it is done") from problem
        except OSError as problem:
            raise storage_failed("write to the folder", self.path, problem) from problem


def room_for(path: str, needed: int) -> None:
    """Returns when the disk of the folder at ``path`` has ``needed`` bytes left.

    Raises:
        StorageFailed: it has not.
    """
    place = os.path.abspath(path)
    while not os.path.isdir(place):
        place = os.path.dirname(place)
    free = shutil.disk_usage(place).free
    if free < needed:
        raise StorageFailed(
            f"{needed >> 20:,} MB are needed in {path!r}, and {free >> 20:,} are free",
            "free some space, or use another disk",
        )
