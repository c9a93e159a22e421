"""Whom an article names for a quote, and which occasion: patterns around the quote, in its own paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_NAME = r"(?:[A-Z][\w’'\-]+\.?(?: (?:[A-Z][\w’'\-]*\.?|de|van|von|bin|al|la|du|der))*)"
VERBS = (
    r"(?:said|says|told|tells|added|adds|asked|replied|answered|wrote|tweeted|posted|declared|insisted|argued|claimed|"
    r"warned|announced|stated|recalled|continued|explained|joked|shouted|admitted|conceded|noted|concluded|promised|vowed|"
    r"testified|remarked|complained|acknowledged|stressed|maintained)"
)
_WRITTEN = re.compile(
    r"\b(?:wrote|writes|tweeted|posted|in (?:a|an|the|his|her|their) (?:letter|tweet|post|book|e-?mail|article|op-ed|"
    r"memoir|text message)s?)\b"
)
_TITLES = r"(?:(?:the|The|its|Its|their|his|her) [a-z][\w \-]{2,40}?)"
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)"
_WHO = rf"(?P<who>{_NAME}|{_PRONOUN}|{_TITLES})"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_WHO}(?:, [^,“”\"]{{2,60}},)? (?:\w+ly |also |later |then |has |had )?{VERBS}\b",
        rf"\b{VERBS} {_WHO}",
        rf"[Aa]ccording to {_WHO}",
    )
)
_NOT_NAMES = {
    "But",
    "And",
    "The",
    "In",
    "On",
    "At",
    "When",
    "Asked",
    "Yet",
    "Then",
    "That",
    "This",
    "As",
    "If",
    "Monday",
}
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)"  # as papers write them
)
_OCCASION = re.compile(
    r"\b(?:(?:in|at|during|after|before|to) (?:a|an|the|his|her|their|its|last|this) (?:\w+[ \-]){0,4}?"
    r"(?:speech|interview|statement|letter|tweet|post|press conference|news conference|conference|debate|book|hearing|"
    r"rally|meeting|address|broadcast|podcast|memoir|article|op-ed|testimony|lecture|sermon|session|briefing|e-?mail)"
    r"(?: (?:in|at|to|on|with|of|before) (?:the )?[A-Z][\w’\-]+(?: [A-Z][\w’\-]+)*)?"
    r"|(?:on|last|this|next|late|early) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    rf"|on (?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?|in (?:{_MONTH}(?: \d{{4}})?|\d{{4}})"
    r"|(?:last|earlier this|the previous) (?:week|month|year|summer|winter|spring|autumn|fall)"
    r"|(?:\w+ )?(?:years|months|weeks|days) (?:ago|earlier|later)|once|previously|in the past|yesterday|today)\b"
)


def _outside(paragraph: str, start: int, end: int, spans: list[tuple[int, int]]) -> tuple[str, str]:
    """The reporter's own words before and after a quote, up to the next sentence but one; quotes are blotted out."""
    plain = list(paragraph)
    for a, b in spans:
        if not (a >= start and b <= end):
            plain[max(0, a - 1) : b + 1] = "\x00" * (min(len(plain), b + 1) - max(0, a - 1))
    text = "".join(plain)
    before = re.split(r"(?<=[.!?])\s", text[:start])[-1].split("\x00")[-1]
    inside = "".join(text[b + 1 : a] for (_, b), (a, _) in _pairs(spans, start, end))
    after = re.split(r"(?<=[.!?])\s", text[end + 1 :])[0].split("\x00")[0]
    return before, f"{inside} {after}"


def _pairs(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    return pairwise(span for span in spans if span[0] >= start and span[1] <= end)


def said_by(paragraph: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    """Whom the paragraph names for the quote: a name, else a pronoun or title in small letters, else nobody."""
    before, after = _outside(paragraph, start, end, spans)
    for text in (after, before, paragraph[:start]):
        for pattern in _PATTERNS:
            found = [m["who"] for m in pattern.finditer(text) if m["who"].split()[0] not in _NOT_NAMES]
            if found:
                who = (found[0] if text is after else found[-1]).rstrip(".")
                return who if re.match(_NAME, who) and not re.fullmatch(_PRONOUN, who) else who[0].lower() + who[1:]
    return ""


def occasion_of(paragraph: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    """What the reporter says of when and where, in the words around the quote; empty if nothing."""
    before, after = _outside(paragraph, start, end, spans)
    return "; ".join(found[0] for found in _OCCASION.finditer(f"{before} {after}"))


def written(paragraph: str, start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether the article says that the words were written, which no recording can hold."""
    before, after = _outside(paragraph, start, end, spans)
    return bool(_WRITTEN.search(f"{before} {after}"))
