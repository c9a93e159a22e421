"""What an edit changed, word by word; for people to read, never judged by a program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_WORD = re.compile(r"\s+|[\w’'-]+|[^\w\s]", re.UNICODE)
MOST_WORDS = 20_000


class Change(StrEnum):
    """What became of a stretch of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the old text, the new, or both."""

    change: Change
    text: str


def diff(old: str, new: str) -> list[Stretch]:
    """The stretches of both texts: without the added ones they make ``old``, without the removed ones ``new``."""
    from rapidfuzz.distance import Indel

    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return [Stretch(Change.REMOVED, old), Stretch(Change.ADDED, new)]
    found: list[Stretch] = []
    removed: list[str] = []
    added: list[str] = []
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            _add(found, Change.REMOVED, removed)
            _add(found, Change.ADDED, added)
            removed, added = [], []
            _add(found, Change.KEPT, before[step.src_start : step.src_end])
        else:
            removed += before[step.src_start : step.src_end]
            added += after[step.dest_start : step.dest_end]
    _add(found, Change.REMOVED, removed)
    _add(found, Change.ADDED, added)
    return found


def _add(found: list[Stretch], change: Change, words: list[str]) -> None:
    if words:
        found.append(Stretch(change, "".join(words)))
