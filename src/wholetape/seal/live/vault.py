"""Encryption to those who may open a recording: age, by their recipients; nobody here keeps a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wholetape.errors import UsageError, VerificationFailed


def check_recipients(recipients: Sequence[str]) -> tuple[str, ...]:
    """``recipients`` when age takes each of them: ``age1…`` or ``ssh-ed25519 …``.

    Raises:
        UsageError: one is none.
    """
    for text in recipients:
        _recipient(text)
    return tuple(recipients)


def encrypt(data: bytes, recipients: Sequence[str]) -> bytes:
    """``data`` as an age file that each of ``recipients`` can open."""
    import pyrage

    return bytes(pyrage.encrypt(data, [_recipient(text) for text in recipients]))


def decrypt(data: bytes, identities: Sequence[Any]) -> bytes:
    """What is in an age file, for one of ``identities`` (of ``pyrage``).

    Raises:
        VerificationFailed: none of them opens it, or it was changed.
    """
    import pyrage

    try:
        return bytes(pyrage.decrypt(data, list(identities)))
    except pyrage.DecryptError as problem:
        raise VerificationFailed(
            "the recording cannot be opened with this identity, or was changed",
            "name one of its recipients' identities",
        ) from problem


def _recipient(text: str) -> Any:
    import pyrage

    kind = pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient
    try:
        return kind.from_str(text)
    except pyrage.RecipientError as problem:
        raise UsageError(f"{text!r} is no recipient of age", "it begins with age1 or ssh-ed25519") from problem
