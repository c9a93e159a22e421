"""Whole files through age, piece by piece: memory stays bounded, and what went through is hashed on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

from wholetape.errors import VerificationFailed, WholetapeError
from wholetape.log.kinds import FileFacts
from wholetape.media.facts import cannot_read
from wholetape.media.guard import open_regular
from wholetape.seal.agekeys import Identity
from wholetape.seal.sound import PathLike


class Out(Protocol):
    """Somewhere to write to."""

    def write(self, data: bytes, /) -> int:
        """Writes all of ``data``."""


class Counted:
    """Hashes and counts what goes through; with ``most``, refuses more than that."""

    def __init__(self, out: Out | None, most: int | None = None) -> None:
        self._out, self._most, self._digest, self._size = out, most, hashlib.sha256(), 0
        self.problem: WholetapeError | None = None
        """What went wrong in writing: the library tells it in other words."""

    def write(self, data: bytes) -> int:
        """Takes ``data``, and hands it on."""
        self._size += len(data)
        if self._most is not None and self._size > self._most:
            raise VerificationFailed("it holds more than the recording that the policy names", "do not rely on it")
        self._digest.update(data)
        if self._out is not None:
            try:
                self._out.write(data)
            except WholetapeError as problem:
                self.problem = problem
                raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    @property
    def facts(self) -> FileFacts:
        """Size and SHA-256 of what went through."""
        return FileFacts(self._size, self._digest.digest())


class _Hashing:
    """A file that hashes what is read of it."""

    def __init__(self, file: Any) -> None:
        self._file, self._digest, self._size = file, hashlib.sha256(), 0
        self.problem: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        """What the file has next."""
        try:
            data: bytes = self._file.read(size)
        except OSError as problem:
            self.problem = problem
            raise
        self._digest.update(data)
        self._size += len(data)
        return data

    @property
    def facts(self) -> FileFacts:
        """Size and SHA-256 of what went through."""
        return FileFacts(self._size, self._digest.digest())


def encrypt_file(path: PathLike, out: Counted, to: Sequence[Any]) -> FileFacts:
    """Encrypts the file at ``path`` to the recipients ``to``; returns the facts of what was read.

    Raises:
        UnreadableInput: it cannot be read.
        StorageFailed: ``out`` takes no more.
    """
    import pyrage

    with open_regular(path) as file:
        source = _Hashing(file)
        try:
            pyrage.encrypt_io(source, out, list(to))
        except (pyrage.EncryptError, OSError) as problem:
            if source.problem is not None:
                raise cannot_read(str(path), source.problem) from problem
            raise out.problem or WholetapeError(f"age failed: {problem}") from problem
        return source.facts


def decrypt_file(path: PathLike, out: Counted, openers: Sequence[Identity], due: FileFacts) -> FileFacts:
    """Decrypts the file at ``path`` into ``out``; returns the facts of what came, which are ``due``.

    Raises:
        VerificationFailed: no key opens it, it is cut off or changed, or holds something else.
        StorageFailed: ``out`` takes no more.
    """
    import pyrage

    with open_regular(path) as file:
        try:
            pyrage.decrypt_io(file, out, list(openers))
        except WholetapeError:
            raise
        except pyrage.DecryptError as problem:
            words = str(problem)
            if "No matching keys" in words:
                raise VerificationFailed("this key does not open it", "name the key of a holder") from problem
            raise VerificationFailed(
                f"it is no ciphertext of age, or was changed ({words})", "get a fresh copy"
            ) from problem
        except OSError as problem:  # age's own, for ciphertext that is cut off or changed
            raise VerificationFailed("the ciphertext is cut off or was changed", "get a fresh copy of it") from problem
    if out.facts != due:
        raise VerificationFailed("it holds another file than the policy names", "do not rely on this escrow")
    return out.facts
