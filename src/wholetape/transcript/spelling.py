"""Spellings of one English word, and short forms that are spoken as several, made alike for comparison."""

from __future__ import annotations

import re
from functools import lru_cache

_SHORT = {
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "ain't": ("is", "not"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
    "let's": ("let", "us"),
    "'tis": ("it", "is"),
    "o'clock": ("o'clock",),
    "y'all": ("you", "all"),
    "ok": ("okay",),
    "mr": ("mister",),
    "mrs": ("missus",),
    "dr": ("doctor",),
    "vs": ("versus",),
}
_ENDINGS = {"n't": "not", "'ll": "will", "'ve": "have", "'re": "are", "'m": "am", "'s": "'s", "'d": "'d"}
AMBIGUOUS = {"'s": {"is", "has", "us"}, "'d": {"would", "had"}}
"""Short forms of several words: they match each of them."""
_RULES = (
    (re.compile(r"^(col|hon|lab|fav|harb|neighb|rum|behavi|flav|hum|vap|endeav|arm|sav|vig|glam|parl|od)our"), r"\1or"),
    (re.compile(r"^(cent|theat|met|lit|fib|cal?ib|somb|meag)re(s?)$"), r"\1er\2"),
    (re.compile(r"^(\w{3,}?)is(e|ed|es|ing|ation|ations)$"), r"\1iz\2"),
    (re.compile(r"^(\w{2,})lys(e|ed|es|ing)$"), r"\1lyz\2"),
    (re.compile(r"^(trave|cance|mode|labe|fue|leve|signa|quarre|counse)ll(ed|ing|er|ers)$"), r"\1l\2"),
    (re.compile(r"^(def|off|lic)ence(s?)$"), r"\1ense\2"),
    (re.compile(r"^programme(s?)$"), r"program\1"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"^towards$"), "toward"),
    (re.compile(r"^judgement"), "judgment"),
)


@lru_cache(maxsize=1 << 16)
def parts(word: str) -> tuple[str, ...]:
    """The words that ``word``, in lower case, is spoken as: ``don't`` as ``do``, ``not``; each in one spelling."""
    if word in _SHORT:
        return _SHORT[word]
    for ending, full in _ENDINGS.items():
        stem = word.removesuffix(ending)
        if stem and stem != word:
            return spelt(stem), full
    if len(word) > 2 and word.endswith("s'"):
        word = word[:-1]
    return (spelt(word.strip("'")),)


def spelt(word: str) -> str:
    """One of a word's spellings, the same for all of them: ``honour`` and ``honor``, ``realise`` and ``realize``."""
    if not word.isascii() or len(word) < 4:
        return word
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word
