"""What can go wrong, as one tree; each class carries its exit code.

    WholetapeError            70  an internal error, never Python's 1
    ├── UsageError             2  the call's words are wrong
    ├── UnreadableInput        4  a recording, release or reference that cannot be read
    ├── MalformedFile          5  a print, seal or proof that breaks its format
    ├── VerificationFailed     6  a signature, hash or proof that does not hold
    ├── NetworkFailed          7  a peer or authority that did not answer
    └── StorageFailed          8  disk full, no permission to write, a lost device

Messages follow the Go convention: lower case, no full stop; ``hint`` is a line apart that says what to do next.
"""

from __future__ import annotations

import errno
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the program, the same for every command."""

    OK = 0
    NOT = 1
    USAGE = 2
    UNDECIDED = 3
    UNREADABLE = 4
    MALFORMED = 5
    UNVERIFIED = 6
    NETWORK = 7
    STORAGE = 8
    INTERNAL = 70


class WholetapeError(Exception):
    """Base of every error that this package raises on purpose."""

    exit_code: Exit = Exit.INTERNAL

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(WholetapeError):
    """The call's words are wrong: an unknown flag, a missing print, two outputs on one file."""

    exit_code = Exit.USAGE


class UnreadableInput(WholetapeError):
    """A recording, release or reference that does not exist, is no file, or holds no sound that can be decoded."""

    exit_code = Exit.UNREADABLE


class MalformedFile(WholetapeError):
    """A print, seal or proof that breaks its format; nothing in it was used."""

    exit_code = Exit.MALFORMED


class VerificationFailed(WholetapeError):
    """A signature, hash or proof that does not hold, or a pinned key that is missing."""

    exit_code = Exit.UNVERIFIED


class NetworkFailed(WholetapeError):
    """A peer or authority that did not answer."""

    exit_code = Exit.NETWORK


class StorageFailed(WholetapeError):
    """The result could not be written: disk full, no permission, a lost device."""

    exit_code = Exit.STORAGE


_HINTS = {
    errno.ENOSPC: "free some space, or write to another disk",
    errno.EDQUOT: "free some space, or write to another disk",
    errno.EFBIG: "write to a file system that takes larger files",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a disk that can be written to",
    errno.ENOENT: "create the folder first, or choose another",
    errno.ENOTDIR: "a part of the path is a file; choose another folder",
    errno.EISDIR: "name a file, not a folder",
}


def storage_failed(doing: str, path: str, problem: OSError) -> StorageFailed:
    """The :class:`StorageFailed` that tells a person what the operating system refused, and what to do about it."""
    why = (problem.strerror or str(problem) or type(problem).__name__).lower()
    hint = _HINTS.get(problem.errno or 0, "check the disk, or write somewhere else")
    return StorageFailed(f"cannot {doing} {path!r}: {why}", hint=hint)
