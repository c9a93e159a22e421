"""The second factor: RFC 6238 with SHA-1, six digits and 30 seconds, which every authenticator app has."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

STEP = 30_000
"""Milliseconds."""


def new_secret() -> str:
    """A fresh secret, 32 characters of base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, name: str) -> str:
    """What an authenticator app reads from a QR code."""
    return f"otpauth://totp/wholetape:{quote(name)}?secret={secret}&issuer=wholetape"


def code(secret: str, step: int) -> str:
    """The code of one step of 30 s."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def step_of(secret: str, given: str, at: int, used: int) -> int | None:
    """The step, now or one before or after, later than ``used``, whose code ``given`` is; None where there is none."""
    now = at // STEP
    for step in (now - 1, now, now + 1):
        if step > used and hmac.compare_digest(code(secret, step).encode(), given.strip().encode("utf-8", "replace")):
            return step
    return None
