"""The members of a JSON object, each of a kind that is demanded, none left over."""

from __future__ import annotations

from typing import Any

from wholetape.errors import MalformedFile
from wholetape.log.encoding import MAX_INTEGER, Json, b64decode, unhex

MAX_TEXT = 1000
"""Characters of a free text."""
MAX_ITEMS = 64
"""Parties, devices, recipients."""


class Fields:
    """The members of one object, each taken once; every method raises ``MalformedFile`` for what is not so."""

    def __init__(self, tree: Json, what: str) -> None:
        self._tree, self._what = tree, what

    def take(self, name: str) -> Any:
        """The member as it is."""
        try:
            return self._tree.pop(name)
        except KeyError:
            raise self.wrong(name) from None

    def wrong(self, name: str) -> MalformedFile:
        """The error for a member that is missing or means nothing."""
        return MalformedFile(f"{self._what} lacks its {name!r}, or has one that means nothing")

    def integer(self, name: str, low: int = 0, high: int = MAX_INTEGER) -> int:
        """A whole number within bounds."""
        value = self.take(name)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(name)
        return value

    def moment(self, name: str = "at") -> int | None:
        """A time in milliseconds since 1970, or None."""
        if self._tree.get(name, 0) is None:
            self._tree.pop(name)
            return None
        return self.integer(name)

    def text(self, name: str, longest: int = MAX_TEXT) -> str:
        """A text of at most so many characters."""
        value = self.take(name)
        if type(value) is not str or len(value) > longest:
            raise self.wrong(name)
        return value

    def one_of(self, name: str, kinds: Any) -> Any:
        """A member of an enumeration."""
        try:
            return kinds(self.text(name))
        except ValueError:
            raise self.wrong(name) from None

    def digest(self, name: str) -> bytes:
        """32 bytes in base64."""
        data = b64decode(self.text(name), f"{name!r} of {self._what}")
        if len(data) != 32:
            raise self.wrong(name)
        return data

    def digest_or_none(self, name: str) -> bytes | None:
        """32 bytes in base64, or None."""
        if self._tree.get(name, 0) is None:
            self._tree.pop(name)
            return None
        return self.digest(name)

    def hex(self, name: str) -> bytes:
        """32 bytes in hex."""
        return unhex(self.text(name), 32, f"{name!r} of {self._what}")

    def items(self, name: str, least: int = 0, most: int = MAX_ITEMS) -> list[Any]:
        """An array of so many items, which are not judged."""
        value = self.take(name)
        if type(value) is not list or not least <= len(value) <= most:
            raise self.wrong(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """An array of texts."""
        value = self.items(name)
        if not all(type(text) is str and len(text) <= MAX_TEXT for text in value):
            raise self.wrong(name)
        return tuple(value)

    def inner(self, name: str) -> Fields | None:
        """An object, or None."""
        value = self.take(name)
        if value is None:
            return None
        if type(value) is not dict:
            raise self.wrong(name)
        return Fields(value, f"{name!r} of {self._what}")

    def must(self, name: str) -> Fields:
        """An object."""
        inner = self.inner(name)
        if inner is None:
            raise self.wrong(name)
        return inner

    def boolean(self, name: str) -> bool:
        """True or false."""
        value = self.take(name)
        if type(value) is not bool:
            raise self.wrong(name)
        return value

    def done(self) -> None:
        """Returns when nothing is left over."""
        if self._tree:
            raise MalformedFile(f"{self._what} has members that this version does not know")
