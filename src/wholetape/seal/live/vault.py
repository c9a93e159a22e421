"""Encryption of what a recording writes: age, to its recipients; nobody here keeps a key."""

from __future__ import annotations

from collections.abc import Sequence

from wholetape.errors import VerificationFailed
from wholetape.log.keys import parse_private
from wholetape.seal.agekeys import Identity, identity, parse_identity, recipient


def check_recipients(recipients: Sequence[str]) -> tuple[str, ...]:
    """``recipients`` when age takes each of them: ``age1…`` or ``ssh-ed25519 …``; raises ``UsageError``."""
    for text in recipients:
        recipient(text)
    return tuple(recipients)


def encrypt(data: bytes, recipients: Sequence[str]) -> bytes:
    """``data`` as an age file that each of ``recipients`` can open."""
    import pyrage

    return bytes(pyrage.encrypt(data, [recipient(text) for text in recipients]))


def decrypt(data: bytes, identities: Sequence[Identity]) -> bytes:
    """What is in an age file, for one of ``identities``.

    Raises:
        VerificationFailed: none of them opens it, or it was changed.
    """
    import pyrage

    try:
        return bytes(pyrage.decrypt(data, list(identities)))
    except pyrage.DecryptError as problem:
        raise VerificationFailed(
            "the recording cannot be opened with this identity, or was changed",
            "name the identity of one of its recipients",
        ) from problem


def identities_in(data: bytes) -> list[Identity]:
    """The identity in a key file of age, or in a party's ``.key`` file without passphrase; raises ``MalformedFile``."""
    return [identity(parse_private(data)) if data.startswith(b"PRIVATE+KEY+") else parse_identity(data)]
