"""Encryption to those who may open a recording: age, by their recipients; nobody here keeps a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log.encoding import b64encode
from wholetape.log.keys import PrivateKey, PublicKey, parse_private


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


def recipient_of(key: PublicKey) -> str:
    """The recipient that a party's key is: age takes Ed25519 keys in the form of SSH."""
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", key.raw))
    return f"ssh-ed25519 {b64encode(blob)}"


def _openssh(key: PrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    return private.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())


def parse_identities(data: bytes, what: str) -> list[Any]:
    """The identities in a file of age, or in a party's ``.key`` file without passphrase.

    Raises:
        MalformedFile: neither.
    """
    import pyrage

    if data.startswith(b"PRIVATE+KEY+"):
        return [pyrage.ssh.Identity.from_buffer(_openssh(parse_private(data)))]
    try:
        lines = [line.strip() for line in data.decode().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError) as problem:
        raise MalformedFile(f"{what!r} is no identity of age") from problem
    if not found:
        raise MalformedFile(f"{what!r} holds no identity of age")
    return found


def _recipient(text: str) -> Any:
    import pyrage

    kind = pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient
    try:
        return kind.from_str(text)
    except pyrage.RecipientError as problem:
        raise UsageError(f"{text!r} is no recipient of age", "it begins with age1 or ssh-ed25519") from problem
