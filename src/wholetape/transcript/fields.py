"""Members of JSON that strangers wrote, each asked for by its type; a wrong one is an error that names it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from wholetape.errors import UnreadableInput

LONGEST = 1_000_000.0
"""Seconds that a time may have: eleven days of recording. More is damage, or a trap."""


class Fields:
    """One object of a decoded file. A member that is missing, or null, has the empty value of the type asked for.

    Raises:
        UnreadableInput: by each method, for a member of another type.
    """

    def __init__(self, tree: Mapping[str, Any], what: str) -> None:
        self._tree, self.what = tree, what

    def __bool__(self) -> bool:
        return bool(self._tree)

    def has(self, name: str) -> bool:
        """Whether the member is there, and not null."""
        return self._tree.get(name) is not None

    def text(self, name: str) -> str:
        """A text, without lone surrogates."""
        value = self._tree.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(name, "text")
        return value.encode("utf-8", "replace").decode()

    def number(self, name: str) -> float:
        """A finite number of a bounded size."""
        value = self._tree.get(name)
        if value is None:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(name, "number")
        if abs(value) > LONGEST:
            raise UnreadableInput(f"{self.what}: {name!r} is out of all bounds", "times are in seconds")
        return float(value)

    def object(self, name: str) -> Fields:
        """An object; an empty one where there is none."""
        value = self._tree.get(name)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self._wrong(name, "object")
        return Fields(value, self.what)

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of an array."""
        value = self._tree.get(name)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._wrong(name, "array of objects")
        for entry in value:
            yield Fields(entry, self.what)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of an array."""
        value = self._tree.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self._wrong(name, "array of texts")
        return tuple(value)

    def numbers(self, name: str) -> tuple[float, ...]:
        """The numbers of an array."""
        value = self._tree.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(name, "array of numbers")
        return tuple(Fields({"number": entry}, self.what).number("number") for entry in value)

    def plain(self, name: str) -> dict[str, str | int | float | bool]:
        """The members of an object that are texts, numbers or booleans."""
        members = self.object(name)._tree
        return {str(key): value for key, value in members.items() if isinstance(value, str | int | float | bool)}

    def _wrong(self, name: str, kind: str) -> UnreadableInput:
        return UnreadableInput(f"{self.what}: {name!r} should be of the type {kind}", "export the transcript again")


def decode(text: str, what: str) -> Any:
    """The value of JSON text.

    Raises:
        UnreadableInput: it is none, or nested without end.
    """
    try:
        return json.loads(text, parse_constant=_never)
    except (ValueError, RecursionError) as problem:
        raise UnreadableInput(
            f"{what} is cut off or damaged: {_where(problem)}", "export or copy it again"
        ) from problem


def _never(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _where(problem: Exception) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"no JSON from line {problem.lineno} on"
    return "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
