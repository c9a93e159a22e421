"""Shares of an age identity, k of n, as words (SLIP-39): fewer than k tell nothing, and a wrong one is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from wholetape.errors import MalformedFile, VerificationFailed

SECRET_BYTES = 32


def split(secret: bytes, k: int, n: int) -> tuple[str, ...]:
    """``n`` shares of ``secret``, each 33 words, of which any ``k`` (2 or more) give it back."""
    from shamir_mnemonic import generate_mnemonics

    (shares,) = generate_mnemonics(1, [(k, n)], secret, iteration_exponent=0)
    return tuple(shares)


def combine(shares: Sequence[str]) -> bytes:
    """The secret behind ``shares``.

    Raises:
        VerificationFailed: too few, of two escrows, or one is wrong.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    try:
        return bytes(combine_mnemonics(list(dict.fromkeys(shares))))
    except MnemonicError as problem:
        raise VerificationFailed(f"the shares do not open it together: {problem}".rstrip("."), "") from problem


def threshold(share: str) -> int:
    """How many shares are needed, as one of them says.

    Raises:
        MalformedFile: the words are no share.
    """
    needed: int = _parsed(share).member_threshold
    return needed


def tidy(text: str) -> str:
    """A share as it is written down: words in lower case between single spaces.

    Raises:
        MalformedFile: the words are no share; one of them is wrong.
    """
    share = " ".join(text.lower().split())
    _parsed(share)
    return share


def hash_of(share: str) -> bytes:
    """SHA-256 of a tidy share, 32 bytes; the share has 256 random bits, which it does not tell."""
    return hashlib.sha256(share.encode()).digest()


def _parsed(share: str) -> Any:
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic.share import Share

    try:
        return Share.from_mnemonic(share)
    except (MnemonicError, KeyError, ValueError) as problem:
        raise MalformedFile("these words are no share: one is wrong, or missing", "read them once more") from problem
