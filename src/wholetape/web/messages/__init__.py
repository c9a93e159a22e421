"""The words of the pages, by language: one flat JSON object a file, the same keys in each."""

from __future__ import annotations

import functools
import json
from importlib import resources

LANGUAGES = {"en": "English", "km": "ភាសាខ្មែរ"}


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """All words of the served pages in a language."""
    found: dict[str, str] = {}
    for part in ("comments", "archive"):
        text = (resources.files("wholetape.web.messages") / f"{part}-{language}.json").read_text(encoding="utf-8")
        found |= json.loads(text)
    return found


def say(language: str, key: str, **values: object) -> str:
    """The words for ``key``, with ``{names}`` replaced."""
    words = catalogue(language)[key]
    for name, value in values.items():
        words = words.replace("{" + name + "}", str(value))
    return words


def choose(asked: str | None, accepted: str) -> str:
    """The language that was asked for, else the first acceptable one that there is, else English."""
    if asked in LANGUAGES:
        return asked
    for part in accepted.split(",")[:20]:
        short = part.split(";")[0].strip().partition("-")[0].lower()
        if short in LANGUAGES:
            return short
    return "en"
