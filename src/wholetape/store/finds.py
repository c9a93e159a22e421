"""Recordings that lie below a folder, in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholetape.errors import UnreadableInput


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file: its ``path`` made absolute, its ``name``, its ``size`` in bytes, and when it was ``changed`` (ns)."""

    path: str
    name: str
    size: int
    changed: int


def candidates(paths: Sequence[str], suffixes: frozenset[str]) -> tuple[list[Candidate], list[str]]:
    """The files that are named, and those below the folders that are named whose names end as media do; and problems.

    Hidden files and folders are passed over; links to folders are not followed. A folder or file that cannot be looked
    at is a problem, told in words.
    """
    found: dict[str, Candidate] = {}
    problems: list[str] = []
    for path in paths:
        files = _below(path, problems) if os.path.isdir(path) else iter((path,))
        for file in files:
            if file is not path and os.path.splitext(file)[1].lower() not in suffixes:
                continue
            real = os.path.abspath(file)
            try:
                facts = os.stat(real)
            except (OSError, ValueError) as problem:
                words = problem.strerror if isinstance(problem, OSError) else str(problem)
                problems.append(f"{file!r}: {words}")
                continue
            found[real] = Candidate(real, os.path.basename(real), facts.st_size, facts.st_mtime_ns)
    return list(found.values()), problems


def _below(folder: str, problems: list[str]) -> Iterator[str]:
    def tell(problem: OSError) -> None:
        problems.append(f"{problem.filename!r}: {problem.strerror}")

    for parent, inner, files in os.walk(folder, onerror=tell):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (os.path.join(parent, name) for name in sorted(files) if not name.startswith("."))


def beside(path: str, suffix: str) -> str | None:
    """The file of the same name with another ``suffix`` beside ``path``, where there is one."""
    other = os.path.splitext(path)[0] + suffix
    return other if os.path.isfile(other) else None


def must_exist(paths: Sequence[str]) -> None:
    """Returns when each of ``paths`` is a file or folder.

    Raises:
        UnreadableInput: one is missing.
    """
    for path in paths:
        if not os.path.exists(path):
            raise UnreadableInput(f"{path!r} does not exist", "check the spelling and the folder")
