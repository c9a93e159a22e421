"""Text as the units that are compared: words without case, punctuation, spelling and figures, each with its place.

Khmer has no spaces between words: its runs are cut by khmercut (Buoy et al. 2021's CRF) where that is installed, else
into syllables; a comparison does not depend on which, for neighbours that read the same together count as the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from wholetape.transcript.numbers import NUMBER_WORDS, figures, spoken
from wholetape.transcript.spelling import parts

_KHMER = "\u1780-\u17d3\u17dd\u200b\u200c\u200d"
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e"
)
"""Vowel signs and accents of many scripts, which Python's ``\\w`` leaves out."""
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_RAW = re.compile(
    rf"(?P<khmer>[\u1780-\u17d3\u17dd][{_KHMER}]*)"
    r"|(?P<money>[$£€¥])?(?P<number>\d+(?:[.,]\d+)*(?:(?:k|m|mn|bn|tn|st|nd|rd|th)\b)?)(?P<percent>\s?%)?"
    rf"|(?P<word>(?:'(?=(?:tis|em|cause)\b))?{_LETTER}+(?:'{_LETTER}+)*)",
    re.IGNORECASE,
)
_MONEY = {"$": "dollars", "£": "pounds", "€": "euros", "¥": "yen"}
_SYLLABLE = re.compile("[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17d3\u17dd])*|.")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‑": "-", "\u00ad": " "})
FILLERS = frozenset(["uh", "um", "er", "erm", "ah", "eh", "hm", "hmm", "mm", "mhm", "uhm", "euh", "äh", "ähm"])
"""Sounds of hesitation, which every paper leaves out."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is compared, ``norm``; and the place of what is shown, ``start`` to ``end`` in characters of the text."""

    norm: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of ``text`` in their order. Two may have one place: ``don't`` is ``do`` and ``not``."""
    plain = text.translate(_ALIKE)
    if len(plain) != len(text):
        plain = text
    return tuple(_numbers(list(_raw(plain)), plain))


_PLAIN = re.compile(r"[a-z]+\Z")


def _raw(text: str) -> Iterator[Token]:
    for found in _RAW.finditer(text):
        start, end = found.span()
        if found["khmer"]:
            yield from _khmer(found["khmer"], start)
        elif found["number"]:
            norm = figures(_latin(found["number"]).lower())
            yield Token(norm or found["number"].lower(), start, end)
            if found["money"]:
                yield Token(_MONEY[found["money"]], start, end)
            if found["percent"]:
                yield Token("percent", start, end)
        else:
            word = found["word"].lower()
            if not _PLAIN.match(word):
                word = unicodedata.normalize("NFKC", found["word"]).casefold()
            for norm in parts(word):
                yield Token(norm, start, end)


def _latin(digits: str) -> str:
    return "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in digits)


def _khmer(run: str, start: int) -> Iterator[Token]:
    at = start
    for word in khmer_words(run):
        norm = re.sub("[\u200b\u200c\u200d]", "", word)
        if norm:
            yield Token(unicodedata.normalize("NFC", norm), at, at + len(word))
        at += len(word)


@lru_cache(maxsize=4096)
def khmer_words(run: str) -> tuple[str, ...]:
    """The words of a run of Khmer letters; joined they are the run, zero-width spaces at the end of a word."""
    pieces = re.findall("[^\u200b]+\u200b*|\u200b+", run)
    cut = _cutter()
    found: list[str] = []
    for piece in pieces:
        bare = piece.rstrip("\u200b")
        words = cut(bare) if bare else []
        if "".join(words) != bare:
            words = [bare]
        found += [*words[:-1], (words[-1] if words else "") + piece[len(bare) :]]
    return tuple(found)


@lru_cache(maxsize=1)
def _cutter():  # type: ignore[no-untyped-def]  # a function of a package without types
    try:
        from khmercut import tokenize
    except ImportError:
        return _SYLLABLE.findall
    return tokenize


def _numbers(found: list[Token], text: str) -> Iterator[Token]:
    """The same with numbers in words as figures; a money sign's word goes behind the whole number."""
    at = 0
    while at < len(found):
        token = found[at]
        if token.norm == "per" and [t.norm for t in found[at + 1 : at + 2]] == ["cent"]:
            yield Token("percent", token.start, found[at + 1].end)
            at += 2
            continue
        if token.norm not in NUMBER_WORDS and not token.norm[:1].isdigit() and not _a_scale(found, at):
            yield token
            at += 1
            continue
        money, rest = None, list(_together(found[at : at + 16], text))
        if len(rest) > 1 and rest[1].norm in _MONEY.values() and rest[1].start == token.start:
            money, rest = rest[1], [rest[0], *rest[2:]]
        if _a_scale(found, at):
            number = spoken([t.norm for t in rest[1:]])
            number = (number[0], number[1] + 1) if number else None
        else:
            number = spoken([t.norm for t in rest])
        if number is None:
            yield token
            at += 1
            continue
        norm, used = number
        yield Token(norm, token.start, rest[used - 1].end)
        if money:
            yield replace(money, end=rest[used - 1].end)
            used += 1
        at += used


def _together(found: list[Token], text: str) -> Iterator[Token]:
    """The first tokens up to one that more than spaces or hyphens divide from its neighbour: a list is no number."""
    for number, token in enumerate(found):
        if number and text[found[number - 1].end : token.start].strip(" -\n\u2013"):
            return
        yield token


def _a_scale(found: list[Token], at: int) -> bool:
    """``a hundred``, ``a million``: as ``one hundred`` is."""
    return (
        found[at].norm == "a"
        and at + 1 < len(found)
        and found[at + 1].norm in {"hundred", "thousand", "million", "billion", "trillion"}
    )
