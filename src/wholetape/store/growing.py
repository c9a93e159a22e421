"""A file that only grows: what is appended is there whole or not at all, and stays once it was synced."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from wholetape.errors import storage_failed
from wholetape.store.atomic import sync_folder

_CHUNK = 1 << 20


class GrowingFile:
    """The file at ``path``, made where there is none, readable for its owner only. ``size`` is its length in bytes.

    Raises:
        StorageFailed: no permission, no such folder, a full disk; by every method that touches the disk.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            new = not os.path.exists(path)
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            self.size = os.fstat(self._fd).st_size
        except OSError as problem:
            raise storage_failed("write", path, problem) from problem
        if new:
            sync_folder(os.path.dirname(path) or ".")

    def append(self, data: bytes | memoryview) -> None:
        """Adds ``data`` at the end. Where that fails the file is cut back to what it was."""
        view, at = memoryview(data), self.size
        try:
            while len(view):
                count = os.pwrite(self._fd, view, at)
                if not count:
                    raise OSError(errno.ENOSPC, "no space is left")
                view, at = view[count:], at + count
        except OSError as problem:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self.size)
            raise storage_failed("write", self.path, problem) from problem
        self.size = at

    def sync(self) -> None:
        """Returns when everything appended is on the disk."""
        try:
            getattr(os, "fdatasync", os.fsync)(self._fd)
        except OSError as problem:
            raise storage_failed("write", self.path, problem) from problem

    def patch(self, at: int, data: bytes) -> None:
        """Writes over bytes that are there, and syncs."""
        try:
            os.pwrite(self._fd, data, at)
        except OSError as problem:
            raise storage_failed("write", self.path, problem) from problem
        self.sync()

    def truncate(self, size: int) -> None:
        """Cuts what is behind ``size`` bytes, and syncs."""
        try:
            os.ftruncate(self._fd, size)
        except OSError as problem:
            raise storage_failed("write", self.path, problem) from problem
        self.size = size
        self.sync()

    def zero(self, first: int, end: int) -> None:
        """Puts zeros from ``first`` up to ``end``, which may be behind the end of the file."""
        while first < end:
            piece = bytes(min(_CHUNK, end - first))
            at = first
            try:
                while at < first + len(piece):
                    at += os.pwrite(self._fd, piece[at - first :], at)
            except OSError as problem:
                raise storage_failed("write", self.path, problem) from problem
            first += len(piece)
        self.size = max(self.size, end)
        self.sync()

    def read(self, first: int, end: int) -> bytes:
        """The bytes from ``first`` up to ``end``, or up to the file's own."""
        try:
            return os.pread(self._fd, end - first, first)
        except OSError as problem:
            raise storage_failed("read", self.path, problem) from problem

    def pieces(self, first: int, end: int, size: int = _CHUNK) -> Iterator[bytes]:
        """The same in pieces of ``size`` bytes."""
        for at in range(first, end, size):
            yield self.read(at, min(end, at + size))

    def close(self) -> None:
        """Lets go of the file."""
        with contextlib.suppress(OSError):
            os.close(self._fd)
