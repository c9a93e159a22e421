"""Passwords of the desk: argon2id, long enough, and none that everybody tries first."""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

from wholetape.errors import UsageError

SHORTEST, LONGEST = 12, 128
"""Characters (OWASP ASVS 2.1.1 and 2.1.2)."""
_COMMON = (
    "password",
    "letmein",
    "welcome",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "superman",
    "trustno1",
    "whatever",
    "administrator",
    "moderator",
    "wholetape",
    "changeme",
    "default",
    "secret",
    "master",
    "login",
    "passw0rd",
    "abc",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "qwerty123",
    "password1",
    "1q2w3e4r",
    "1qaz2wsx",
    "cambodia",
)


def hash_password(password: str) -> str:
    """The argon2id hash that is kept."""
    return str(_hasher().hash(_normal(password)))


def holds(kept: str, password: str) -> bool:
    """True when ``password`` is the one that was hashed; takes as long when it is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        return bool(_hasher().verify(kept, _normal(password)))
    except (VerificationError, InvalidHashError):
        return False


def judge_password(password: str, name: str) -> str:
    """``password`` when it may be used by ``name``; raises ``UsageError``."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters", "a few words are easy to keep in mind")
    plain = password.casefold()
    for word in (*sorted(_COMMON, key=len, reverse=True), name.casefold()):
        plain = plain.replace(word, "") if word else plain
    if len(plain) < SHORTEST // 2 or len(set(password)) < 5:
        raise UsageError(
            "this password is among those that are tried first", "take a few words that nobody links to you"
        )
    return password


@functools.cache
def nobody() -> str:
    """A hash that no password has: accounts that do not exist take as long as those that do."""
    return hash_password("no password at all has this hash")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


@functools.cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP password storage cheat sheet
