"""The folder of a recording in the making: who holds it, and what others ask of the recorder.

The lock is of the operating system (``flock``): it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os

from wholetape.errors import StorageFailed, UsageError, storage_failed

ASKS = ("pause", "resume", "stop")
_LOCK = "lock"


class HeldFolder:
    """The folder at ``path``, held by this process until :meth:`release`; made where ``make`` is true.

    Raises:
        UsageError: there is no such folder, or another recorder holds it.
        StorageFailed: it cannot be made or written to.
    """

    def __init__(self, path: str, *, make: bool = False) -> None:
        self.path = path
        if make:
            try:
                os.makedirs(path, mode=0o700, exist_ok=True)
            except OSError as problem:
                raise storage_failed("make the folder", path, problem) from problem
        if not os.path.isdir(path):
            raise UsageError(f"{path!r} is not the folder of a recording", "name the folder given to `record -o`")
        self._fd = _lock(path)
        for ask in ASKS:
            self.done(ask)

    def name(self, name: str) -> str:
        """The path of a file in it."""
        return os.path.join(self.path, name)

    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return os.path.exists(self.name(name))

    def is_empty(self) -> bool:
        """Whether nothing but the lock is in it."""
        return set(os.listdir(self.path)) <= {_LOCK}

    def remove(self, name: str) -> None:
        """Removes a file, if it is there."""
        with contextlib.suppress(OSError):
            os.unlink(self.name(name))

    def asked(self) -> str:
        """What somebody asks of the recorder, of ``ASKS``; empty when nobody asks."""
        return next((ask for ask in ASKS if os.path.exists(self.name(f"ask-{ask}"))), "")

    def done(self, ask: str) -> None:
        """What was asked is done: whoever asked sees it."""
        self.remove(f"ask-{ask}")

    def release(self) -> None:
        """Lets others hold the folder."""
        if self._fd >= 0:
            self.remove(_LOCK)
            os.close(self._fd)
            self._fd = -1


def is_held(path: str) -> bool:
    """Whether a recorder holds the folder at ``path`` now."""
    try:
        fd = os.open(os.path.join(path, _LOCK), os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False


def ask(path: str, what: str) -> None:
    """Asks the recorder that holds ``path`` for ``what``; it removes the file ``ask-…`` once it is done.

    Raises:
        UsageError: nobody records there.
        StorageFailed: the folder cannot be written to.
    """
    if not is_held(path):
        raise UsageError(f"nobody records into {path!r}", "`wholetape record --recover FOLDER` closes what was left")
    name = os.path.join(path, f"ask-{what}")
    try:
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as problem:
        raise storage_failed("write", name, problem) from problem


def still_asked(path: str, what: str) -> bool:
    """Whether the recorder has not done yet what was asked."""
    return os.path.exists(os.path.join(path, f"ask-{what}"))


def take_back(path: str, what: str) -> None:
    """Asks no more."""
    with contextlib.suppress(OSError):
        os.unlink(os.path.join(path, f"ask-{what}"))


def _lock(path: str) -> int:
    name = os.path.join(path, _LOCK)
    while True:
        try:
            fd = os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as problem:
            raise storage_failed("write to the folder", path, problem) from problem
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.exists(name) and os.path.samestat(os.fstat(fd), os.stat(name)):
                return fd
        except BlockingIOError as problem:
            os.close(fd)
            raise UsageError(
                f"another recorder is writing into {path!r}", "stop it first, or record into another folder"
            ) from problem
        except OSError as problem:
            os.close(fd)
            raise StorageFailed(f"the folder {path!r} cannot be locked: {problem}", "use a local disk") from problem
        os.close(fd)  # it was removed by the one who held it before: take the new one
