"""Text that is safe to show: file names are written by strangers, and terminals obey control characters."""

from __future__ import annotations

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
"""Unicode categories that move the cursor, reorder or hide text, or have no agreed shape."""

_SHAPING = frozenset("\n\u200b\u200c\u200d")
"""Line ends, and what joins or parts letters in scripts that need it."""

_ASCII = str.maketrans({"–": "-", "×": "x", "…": "...", "█": "=", "│": "|", "’": "'", "·": "-", "≥": ">="})


def printable(text: str) -> str:
    """``text`` with every character that a terminal could act on, or would hide, as ``\\xNN`` or ``\\uNNNN``."""
    if text.isprintable():  # most of it, and quickly told
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _HIDDEN else c for c in text)


def readable(text: str) -> str:
    """``text`` for reading in its own script: as :func:`printable`, but line ends and joiners of letters stay.

    Zero-width spaces part words of Khmer and Thai, joiners shape Arabic and Indic letters: without them the text is
    misspelt. What reorders or hides text is shown as an escape here, too.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if c not in _SHAPING and unicodedata.category(c) in _HIDDEN else c for c in text)


def ascii_only(text: str) -> str:
    """``text`` in ASCII, line ends kept: typographic signs by their plain forms, all else as escapes."""
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
