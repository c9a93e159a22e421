"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable

from wholetape.errors import StorageFailed

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


def atomic_write(path: str | os.PathLike[str], data: bytes | Iterable[bytes]) -> None:
    """Write ``data`` to ``path`` so that, whatever happens, the whole new file is there or what was there before.

    The bytes go to a temporary file in the same folder, reach the disk, and are then renamed. An error, also one
    raised by the iterable itself, leaves no temporary file. Symbolic links are followed, so a link stays a link.

    Raises:
        StorageFailed: no such folder, no permission, a full disk, or ``path`` is a folder or a device.
    """
    name = os.fspath(path)
    if "\0" in name:
        raise storage_failed("write", name, OSError(errno.EINVAL, "a NUL byte is in its name"))
    target = os.path.realpath(name)
    if os.path.exists(target) and not os.path.isfile(target):
        number = errno.EISDIR if os.path.isdir(target) else errno.EINVAL
        raise storage_failed("write", name, OSError(number, "it is a folder" if number == errno.EISDIR else "no file"))
    chunks = (data,) if isinstance(data, bytes | bytearray | memoryview) else data
    try:
        handle, temporary = tempfile.mkstemp(prefix=".wholetape-", suffix=".part", dir=os.path.dirname(target) or ".")
    except OSError as problem:
        raise storage_failed("write", name, problem) from problem
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                try:
                    file.write(chunk)
                except OSError as problem:
                    raise storage_failed("write", name, problem) from problem
            try:
                file.flush()
                os.fchmod(file.fileno(), _mode(target))
                os.fsync(file.fileno())
            except OSError as problem:
                raise storage_failed("write", name, problem) from problem
        try:
            os.replace(temporary, target)
        except OSError as problem:
            raise storage_failed("write", name, problem) from problem
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(os.path.dirname(target) or ".")


def _mode(target: str) -> int:
    """Permissions for the new file: those of the one that it replaces, else what the umask leaves of rw-rw-rw-."""
    with contextlib.suppress(OSError):
        return os.stat(target).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: str) -> None:
    """Let the rename itself reach the disk, where the operating system offers that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
