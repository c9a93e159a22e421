"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from wholetape.errors import UsageError, storage_failed


def atomic_write(path: str | os.PathLike[str], data: bytes | Iterable[bytes]) -> None:
    """Write ``data`` to ``path`` so that, whatever happens, the whole new file is there or what was there before.

    The bytes go to a temporary file in the same folder, reach the disk, and are then renamed. An error, also one
    raised by the iterable itself, leaves no temporary file. Symbolic links are followed, so a link stays a link.

    Raises:
        StorageFailed: no such folder, no permission, a full disk, or ``path`` is a folder or a device.
    """
    chunks = (data,) if isinstance(data, bytes | bytearray | memoryview) else data
    with atomic_file(path) as file:
        for chunk in chunks:
            file.write(chunk)


class AtomicFile:
    """A file under way: ``write`` raises ``StorageFailed``, ``temporary`` is where it is until it is whole."""

    def __init__(self, file: BinaryIO, name: str, temporary: str) -> None:
        self._file, self._name, self.temporary = file, name, temporary

    def write(self, data: bytes | memoryview) -> int:
        """Writes all of ``data``."""
        try:
            return self._file.write(data)
        except OSError as problem:
            raise storage_failed("write", self._name, problem) from problem

    def flush(self) -> None:
        """Lets what was written be read at ``temporary``."""
        try:
            self._file.flush()
        except OSError as problem:
            raise storage_failed("write", self._name, problem) from problem


@contextlib.contextmanager
def atomic_file(path: str | os.PathLike[str]) -> Iterator[AtomicFile]:
    """A file to write that takes the place of ``path`` when the block ends, and leaves nothing when it raises.

    Raises:
        StorageFailed: as :func:`atomic_write`.
    """
    name = os.fspath(path)
    if "\0" in name:
        raise storage_failed("write", name, OSError(errno.EINVAL, "a NUL byte is in its name"))
    target = os.path.realpath(name)
    if os.path.exists(target) and not os.path.isfile(target):
        number = errno.EISDIR if os.path.isdir(target) else errno.EINVAL
        raise storage_failed("write", name, OSError(number, "it is a folder" if number == errno.EISDIR else "no file"))
    try:
        handle, temporary = tempfile.mkstemp(prefix=".wholetape-", suffix=".part", dir=os.path.dirname(target) or ".")
    except OSError as problem:
        raise storage_failed("write", name, problem) from problem
    try:
        with os.fdopen(handle, "wb") as file:
            under_way = AtomicFile(file, name, temporary)
            yield under_way
            under_way.flush()
            try:
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
    sync_folder(os.path.dirname(target) or ".")


def _mode(target: str) -> int:
    """Permissions for the new file: those of the one that it replaces, else what the umask leaves of rw-rw-rw-."""
    with contextlib.suppress(OSError):
        return os.stat(target).st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def sync_folder(folder: str) -> None:
    """Let a rename or a new name itself reach the disk, where the operating system offers that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_new(path: str | os.PathLike[str], data: bytes, *, mode: int = 0o666) -> None:
    """Write ``data`` to a file that must not exist yet, with at most the permissions ``mode``; whole or not at all.

    Raises:
        UsageError: there is a file of that name already; it is left as it is.
        StorageFailed: no such folder, no permission, or a full disk.
    """
    name = os.fspath(path)
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), mode)
    except FileExistsError as problem:
        raise UsageError(f"{name!r} exists already, and is not overwritten", "choose another name") from problem
    except (OSError, ValueError) as problem:
        raise storage_failed(
            "write",
            name,
            problem if isinstance(problem, OSError) else OSError(errno.EINVAL, "a NUL byte is in its name"),
        ) from problem
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as problem:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(problem, OSError):
            raise storage_failed("write", name, problem) from problem
        raise
    sync_folder(os.path.dirname(os.path.realpath(name)))


def remove_file(path: str) -> None:
    """Removes the file at ``path``, if it is there.

    Raises:
        StorageFailed: nobody may.
    """
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise storage_failed("remove", path, problem) from problem


def make_folders(parent: str, names: Iterable[str]) -> None:
    """Makes the folders ``names`` in ``parent``, those that are not there.

    Raises:
        StorageFailed: nobody may.
    """
    for name in names:
        try:
            os.makedirs(os.path.join(parent, name), exist_ok=True)
        except OSError as problem:
            raise storage_failed("make the folder", os.path.join(parent, name), problem) from problem
