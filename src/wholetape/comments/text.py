"""What may be written, and how it is shown: plain text, Unicode as sent, nothing that fools the eye or a parser."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from wholetape.errors import UsageError

MOST_MARKS = 8
"""Combining marks on one letter: Khmer and Vietnamese need up to five; more only bury the lines around."""
_EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_EXCESS = re.compile(
    f"(?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]){{{MOST_MARKS + 1}}}"
)
_LOOKALIKE = str.maketrans(
    "аеорсухіјѕԁһкмтвнАВЕКМНОРСТХУІЈЅαοερυνικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ0135",
    "aeopcyxijsdhkmtbhabekmhopctxyijsaoepuviktabezhikmnoptyxolss",
)
"""Letters of other alphabets, and digits, that are read as Latin ones (Unicode TR39 has the whole list)."""


class BadText(UsageError):
    """A text that is not taken; ``code`` names the reason in the message catalogue, ``limit`` the bound it broke."""

    def __init__(self, code: str, message: str, limit: int = 0) -> None:
        super().__init__(message)
        self.code, self.limit = code, limit


@dataclass(frozen=True, slots=True)
class Limits:
    """Code points."""

    text: int = 4000
    """two printed pages"""
    name: int = 60
    email: int = 254
    """RFC 5321"""
    reason: int = 1000


LIMITS = Limits()


def clean_text(given: str, longest: int) -> str:
    """``given`` with newlines as ``\\n`` and no blank lines around; otherwise as sent.

    Raises:
        BadText: empty, too long, control characters, lone surrogates, or a pile of combining marks.
    """
    text = given.replace("\r\n", "\n").replace("\r", "\n").strip("\n \t")
    if len(text) > longest:
        raise BadText("long", f"the text has {len(text)} characters, and may have {longest}", longest)
    _judge(text, "\n\t")
    if not _INVISIBLE.sub("", text).strip():
        raise BadText("empty", "the text is empty")
    return text


def clean_name(given: str, longest: int) -> str:
    """A name on one line, without invisible characters; may be empty.

    Raises:
        BadText: too long, or characters that no name has.
    """
    name = " ".join(_INVISIBLE.sub("", given).split())
    if len(name) > longest:
        raise BadText("name_long", f"the name has {len(name)} characters, and may have {longest}", longest)
    _judge(name, "")
    return name


def clean_email(given: str, longest: int = LIMITS.email) -> str:
    """An address that mail can be sent to, or the empty text; raises ``BadText``."""
    address = given.strip()
    if address and (
        len(address) > longest or not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+", address)
    ):
        raise BadText("email", "this is no e-mail address")
    _judge(address, "")
    return address


def shown(text: str) -> str:
    """``text`` as pages show it: characters that would turn the order of letters around are spelt out instead."""
    return "".join(f"[U+{ord(c):04X}]" if c in _EMBEDDINGS else c for c in text)


@functools.lru_cache(4096)
def skeleton(name: str) -> str:
    """What two names have in common that a reader takes for one."""
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", name))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LOOKALIKE).casefold()
    return re.sub(r"[\W_]+", "", plain).replace("l", "i").replace("1", "i")


def mixes_scripts(name: str) -> bool:
    """True for a name with letters of more than one of the alphabets that look alike: Latin, Greek, Cyrillic."""
    found = {unicodedata.name(c, "").split(" ")[0] for c in name if c.isalpha()}
    return len(found & {"LATIN", "GREEK", "CYRILLIC"}) > 1


def likeness(text: str) -> str:
    """The letters of a text alone: what copies of one advertisement have in common, whatever numbers they carry."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalpha())


def _judge(text: str, allowed: str) -> None:
    for letter in text:
        kind = unicodedata.category(letter)
        point = ord(letter)
        if kind == "Cs":
            raise BadText("characters", "the text has half a character (a lone surrogate)")
        if (kind == "Cc" and letter not in allowed) or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
            raise BadText("characters", f"the text has a control character, U+{point:04X}")
    if _EXCESS.search(text):
        raise BadText("characters", f"a letter has more than {MOST_MARKS} marks")
