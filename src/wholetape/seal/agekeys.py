"""Who can open what is encrypted with age (age-encryption.org/v1).

A party needs no second key: its Ed25519 key is an age recipient as ``ssh-ed25519``, which age defines and any age
program reads. Whoever wants a key apart gives an ``age1…`` recipient instead.
"""

from __future__ import annotations

from typing import Any

from wholetape.errors import MalformedFile, UsageError
from wholetape.log.keys import PrivateKey, PublicKey

Recipient = Any
"""A recipient of ``pyrage``, which has no types."""
Identity = Any
"""An identity of ``pyrage``."""
_SECRET = "AGE-SECRET-KEY-1"


def recipient_text(key: PublicKey) -> str:
    """The recipient that a party's key is, as age writes it: ``ssh-ed25519 AAAA…``."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    made = Ed25519PublicKey.from_public_bytes(key.raw)
    return made.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")


def recipient(who: str | PublicKey) -> Recipient:
    """The recipient for a party's key, or for the text of one: ``age1…`` or ``ssh-ed25519 …``.

    Raises:
        UsageError: the text is of no recipient; a secret key, above all, is not.
    """
    import pyrage

    text = who if isinstance(who, str) else recipient_text(who)
    if text.upper().startswith(_SECRET):
        raise UsageError("this is a secret key of age: never give it away", "name its public half, age1…")
    try:
        if text.startswith("ssh-ed25519 "):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as problem:
        raise UsageError(
            f"{text[:80]!r} is no recipient of age", "it begins with age1, or name a .pub file"
        ) from problem


def identity(key: PrivateKey) -> Identity:
    """What opens for a party: its own private key."""
    import pyrage
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = Ed25519PrivateKey.from_private_bytes(key.seed)
    return pyrage.ssh.Identity.from_buffer(made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))


def parse_identity(data: bytes) -> Identity:
    """The identity in an age key file, ``AGE-SECRET-KEY-1…`` on a line of its own.

    Raises:
        MalformedFile: there is none, or several.
    """
    import pyrage

    try:
        lines = [line.strip() for line in data.decode().splitlines()]
        found = [line for line in lines if line and not line.startswith("#")]
        if len(found) == 1 and found[0].startswith(_SECRET):
            return pyrage.x25519.Identity.from_str(found[0])
    except (UnicodeDecodeError, pyrage.IdentityError) as problem:
        raise MalformedFile("not a secret key of age") from problem
    raise MalformedFile("not a secret key of age", "the file holds one line AGE-SECRET-KEY-1…")


def identity_text(secret: bytes) -> str:
    """The age identity with these 32 bytes, in Bech32 (BIP 173), as age writes it."""
    bits = "".join(f"{byte:08b}" for byte in secret)
    bits += "0" * (-len(bits) % 5)
    data = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    name = "age-secret-key-"
    spread = [ord(letter) >> 5 for letter in name] + [0] + [ord(letter) & 31 for letter in name]
    check = _polymod([*spread, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [(check >> 5 * (5 - n)) & 31 for n in range(6)]
    return (name + "1" + "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[value] for value in data)).upper()


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for n, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> n) & 1 else 0
    return check
