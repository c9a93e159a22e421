"""The interface's words: one catalogue of messages a language, a JSON file each; English where one has no such words.

A catalogue is a flat JSON object, whose file is named after the language. ``name`` is the language in itself, ``dir``
is ``ltr`` or ``rtl``, and the messages of these pages begin with ``page.``. Words in braces are filled in. A message
whose key ends in ``.one`` is for the number 1.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib.resources import files

from wholetape.errors import MalformedFile
from wholetape.report.escape import printable
from wholetape.report.markup import Markup, join, prose, tag, text

LARGEST = 1 << 20
"""Bytes of a catalogue."""
_HOLE = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
_PREFIX = "page."
Value = str | int | float


@dataclass(frozen=True, slots=True)
class Messages:
    """One language's words."""

    language: str
    name: str
    dir: str
    _own: dict[str, str] = field(repr=False)
    _english: dict[str, str] = field(repr=False)

    def text(self, key: str, /, **values: Value) -> str:
        """The message as plain text, for attributes and files; what strangers wrote is made visible, not isolated."""
        return _HOLE.sub(lambda hole: printable(str(values[hole[1]])), self._template(key, values))

    def say(self, key: str, /, **values: Value) -> Markup:
        """The message as markup: text that is filled in keeps its own direction, and cannot reorder what is around."""
        parts = _HOLE.split(self._template(key, values))
        shown = [text(part) if number % 2 == 0 else _shown(values[part]) for number, part in enumerate(parts)]
        return join(*shown)

    def seconds(self, seconds: float) -> str:
        """A length of time in words."""
        if seconds < 0.9995:
            return self.text("time.ms", ms=round(seconds * 1000))
        if seconds < 59.95:
            return self.text("time.s", s=f"{seconds:.1f}")
        total = round(seconds)
        if total < 3600:
            return self.text("time.min", min=total // 60, s=f"{total % 60:02}")
        return self.text("time.h", h=total // 3600, min=f"{total % 3600 // 60:02}")

    def has(self, key: str) -> bool:
        """Whether there are words for ``key``."""
        return _PREFIX + key in self._english

    def everything(self) -> dict[str, str]:
        """All words by their full keys, as the catalogue files have them; English where this language has none."""
        return self._english | self._own

    def _template(self, key: str, values: dict[str, Value]) -> str:
        one = f"{key}.one"
        if values.get("count") == 1 and self.has(one):
            key = one
        key = _PREFIX + key
        found = self._own.get(key)
        return self._english[key] if found is None else found


def _shown(value: Value) -> Markup:
    if isinstance(value, Markup):
        return value
    return tag("bdi", prose(value)) if isinstance(value, str) else text(str(value))


LANGUAGES = ("en", "km")
"""Those of the package."""


def shipped() -> tuple[Messages, ...]:
    """The catalogues of this package, English first."""
    return tuple(load(_resource(name), name, f"{name}.json") for name in LANGUAGES)


def load(data: bytes, language: str, what: str) -> Messages:
    """The catalogue in ``data``, of that ``language``, a BCP 47 tag.

    Raises:
        MalformedFile: no JSON of that form, a message that English does not have, or other words in its braces.
    """
    try:
        own = json.loads(data)
        name, way = own["name"], own["dir"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise MalformedFile(
            f"{what} is no catalogue of messages", "copy messages/en.json, and translate it"
        ) from problem
    if not _TAG.match(language) or not isinstance(name, str) or not name.strip() or way not in ("ltr", "rtl"):
        raise MalformedFile(
            f"{what} does not say its language, name and direction", "name it after a BCP 47 tag: ar.json"
        )
    english = own if language == "en" else json.loads(_resource("en"))
    for key, words in own.items():
        if key not in english or not isinstance(words, str):
            raise MalformedFile(f"{what}: there is no message {key!r}", "see messages/en.json for all of them")
        if not set(_HOLE.findall(words)) <= set(_HOLE.findall(english[key])):
            raise MalformedFile(f"{what}: the message {key!r} names what is not filled in", "see messages/en.json")
    return Messages(language, name[:64], way, own, english)


def _resource(name: str) -> bytes:
    return files("wholetape").joinpath("web", "messages", f"{name}.json").read_bytes()
