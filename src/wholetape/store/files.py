"""Small files from strangers, read whole: keys, seals, prints, documents."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator

from wholetape.errors import MalformedFile, UnreadableInput, storage_failed

_WORDS = {
    errno.ENOENT: ("does not exist", "check the spelling and the folder"),
    errno.EACCES: ("must not be read by you", "make the file readable for you, then try again"),
    errno.EISDIR: ("is a folder", "name the file inside it"),
}


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """All bytes of the regular file at ``path``, at most ``limit`` of them.

    Raises:
        UnreadableInput: it is missing, forbidden, a folder, a pipe or a device.
        MalformedFile: it is larger than ``limit``; no more than that was read.
    """
    name = os.fspath(path)
    try:
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableInput(f"{name!r} is a pipe or a device, not a file", "save it to a file first")
            data = file.read(limit + 1)
    except (OSError, ValueError) as problem:
        number = problem.errno if isinstance(problem, OSError) else None
        words, hint = _WORDS.get(number or 0, (f"cannot be read: {problem}", "check the path"))
        raise UnreadableInput(f"{name!r} {words}", hint) from problem
    if len(data) > limit:
        raise MalformedFile(f"{name!r} is larger than {limit:,} bytes: it is not what it is said to be")
    return data


def read_lines(path: str | os.PathLike[str], longest: int = 1 << 24) -> Iterator[bytes]:
    """The lines of the regular file at ``path``, each with its newline, one at a time.

    Raises:
        UnreadableInput: it is missing, forbidden, a folder, a pipe or a device.
        MalformedFile: a line is longer than ``longest`` bytes.
    """
    name = os.fspath(path)
    try:
        if os.path.exists(name) and not os.path.isfile(name):
            raise UnreadableInput(f"{name!r} is no file", "name the file itself")
        with open(name, "rb") as file:
            while line := file.readline(longest + 1):
                if len(line) > longest:
                    raise MalformedFile(f"{name!r} has a line of more than {longest:,} bytes")
                yield line
    except (OSError, ValueError) as problem:
        number = problem.errno if isinstance(problem, OSError) else None
        words, hint = _WORDS.get(number or 0, (f"cannot be read: {problem}", "check the path"))
        raise UnreadableInput(f"{name!r} {words}", hint) from problem


def hash_of(*paths: str) -> str:
    """SHA-256 over the files at ``paths``, those of folders in the order of their names: the hash of a model.

    One file has the hash that ``sha256sum`` tells; several have that of their lines ``hash  name``.

    Raises:
        UnreadableInput: one of them cannot be read.
    """
    found: list[tuple[str, str]] = []
    try:
        for path in paths:
            if os.path.isdir(path):
                names = sorted(os.path.join(top, name) for top, _, names in os.walk(path) for name in names)
            else:
                names = [path]
            for name in names:
                with open(name, "rb") as file:
                    found.append((hashlib.file_digest(file, "sha256").hexdigest(), os.path.basename(name)))
    except OSError as problem:
        raise UnreadableInput(f"{problem.filename!r} cannot be read", "check the path of the model") from problem
    if len(found) == 1:
        return found[0][0]
    return hashlib.sha256("".join(f"{digest}  {name}\n" for digest, name in found).encode()).hexdigest()


def remove_file(path: str) -> None:
    """Removes a file of our own; one that is gone already is no error."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise storage_failed("remove", path, problem) from problem
