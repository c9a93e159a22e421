"""Commitments that reveal nothing until their salt is told: each salt is derived from one secret seed."""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum

SEED_BYTES = 32


class Label(StrEnum):
    """What a salt is for; the same number under another label is another salt."""

    SOUND = "wholetape.seal/v1 sound"
    PRINT = "wholetape.seal/v1 print"
    DOCUMENT = "wholetape.seal/v1 document"
    DOCUMENT_NAME = "wholetape.seal/v1 document name"


def salt(seed: bytes, label: Label, number: int) -> bytes:
    """The salt, 32 bytes, of commitment ``number``; it tells nothing of the seed or of other salts."""
    return hmac.digest(seed, label.encode() + b"\0" + number.to_bytes(8, "big"), "sha256")


def commit(salt: bytes, *data: bytes | memoryview) -> bytes:
    """SHA-256 of the salt and the data, 32 bytes: binding, and hiding as long as the salt is secret."""
    digest = hashlib.sha256(salt)
    for part in data:
        digest.update(part)
    return digest.digest()
