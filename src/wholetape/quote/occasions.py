"""Whether an article places a quote at the occasion that was recorded, or at another."""

from __future__ import annotations

import re
from datetime import date

from wholetape.quotes import Standing

_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
_KINDS = {
    "speech": "speech", "address": "speech", "lecture": "speech", "rally": "speech", "interview": "interview",
    "podcast": "interview", "press conference": "press conference", "news conference": "press conference",
    "briefing": "press conference", "debate": "debate", "hearing": "hearing", "testimony": "hearing",
    "meeting": "meeting", "session": "meeting", "letter": "writing", "tweet": "writing", "post": "writing",
    "book": "writing", "memoir": "writing", "article": "writing", "op-ed": "writing", "email": "writing",
}  # fmt: skip
"""Words for kinds of occasions; two that name different kinds are different occasions."""
_PAST = re.compile(r"\b(?:last year|years? ago|years? earlier|previously|in the past|once|the previous year)\b")


def standing(named: str, recorded: str, written: bool = False) -> Standing:
    """Whether ``named``, the article's words, and ``recorded``, the transcript's occasion, are one occasion.

    Unstated where the article says nothing, or nothing that can be compared. Written words are never of a recording.
    """
    if written:
        return Standing.OTHER
    here, there = named.casefold(), recorded.casefold()
    if not here:
        return Standing.UNSTATED
    if _PAST.search(here):
        return Standing.OTHER
    agreed = False
    day = _date(there)
    for mine, its in (
        (_years(here), _years(there)),
        (_named(here, _MONTHS), _named(there, _MONTHS) | ({_MONTHS[day.month - 1]} if day else set())),
        (_named(here, _DAYS), _named(there, _DAYS) | ({_DAYS[day.weekday()]} if day else set())),
        (_kinds(here), _kinds(there)),
    ):
        if mine and its:
            if not mine & its:
                return Standing.OTHER
            agreed = True
    return Standing.THIS if agreed else Standing.UNSTATED


def _years(text: str) -> set[str]:
    return set(re.findall(r"\b(?:1[89]|20)\d\d\b", text))


def _named(text: str, names: list[str]) -> set[str]:
    return {name for name in names if re.search(rf"\b{name}\b", text)}


def _kinds(text: str) -> set[str]:
    return {kind for word, kind in _KINDS.items() if re.search(rf"\b{word}\b", text.replace("e-mail", "email"))}


def _date(text: str) -> date | None:
    found = re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
