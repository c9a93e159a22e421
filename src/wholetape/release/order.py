"""What a publisher asks for: paths and words, as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholetape.errors import UsageError
from wholetape.release.sealed import Trust

NONE = "-"
"""Stands where a session has none of the files of one kind."""


@dataclass(frozen=True, slots=True)
class Order:
    """The call of ``publish``. Files of one kind are in the order of the recordings, "" where a session has none."""

    recordings: tuple[str, ...]
    seals: tuple[str, ...]
    prints: tuple[str, ...]
    transcripts: tuple[str, ...]
    chapters: tuple[str, ...]
    statements: tuple[str, ...]
    documents: tuple[str, ...]
    answers: tuple[str, ...]
    trust: Trust
    title: str = ""
    summary: str = ""
    id: str = ""
    supplier: str = ""
    original: bool = True
    """Whether the recordings themselves are downloads, too."""
    jobs: int = 1


def by_session(files: Sequence[str], count: int, flag: str) -> tuple[str, ...]:
    """``files`` as one a recording; "" for those given as ``-``, and for all where none are given.

    Raises:
        UsageError: neither none nor as many as recordings.
    """
    if not files:
        return ("",) * count
    if len(files) != count:
        raise UsageError(
            f"{flag} names {len(files)} files for {count} recordings",
            f"name one for each recording, in their order, and {NONE} where there is none",
        )
    return tuple("" if name == NONE else name for name in files)
