"""In which recordings were these words said, by their transcripts? Full-text search, best passages first.

The passages are in the archive's catalogue (SQLite), or, for archives that outgrow it, in a PostgreSQL database.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wholetape.errors import UsageError
from wholetape.store.catalog import Catalog
from wholetape.store.wordbase import Row, WordBase
from wholetape.times import CLOCK_HZ
from wholetape.transcript.model import Transcript

MOST = 50
"""Passages of an answer at most."""
_QUESTION = """SELECT recording, start, stop, text, bm25(passages) AS rank FROM passages
WHERE passages MATCH ? ORDER BY rank, rowid LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a transcript that holds the words: seconds of the recording, None where the transcript has no times.

    score: the larger the better, of no meaning between two searches.
    """

    recording: int
    at: tuple[float, float] | None
    text: str
    score: float


class WordIndex(Protocol):
    """Where the passages of an archive's transcripts are."""

    def put(self, number: int, sha256: str, transcript: Transcript) -> None:
        """Makes the passages of ``transcript`` those of the recording, whatever it had before."""
        ...

    def drop(self, number: int, sha256: str) -> None:
        """Forgets the recording's passages."""
        ...

    def ask(self, phrases: Sequence[str]) -> list[Passage]:
        """Passages that hold every one of ``phrases``, its words one after another, the best first."""
        ...


class InCatalog:
    """In the archive's own file."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def put(self, number: int, sha256: str, transcript: Transcript) -> None:
        """Makes the passages of ``transcript`` those of the recording; part of the change that the caller makes."""
        self.drop(number, sha256)
        for text, start, stop in rows_of(transcript):
            self._catalog.run(
                "INSERT INTO passages (text, recording, start, stop) VALUES (?, ?, ?, ?)", (text, number, start, stop)
            )

    def drop(self, number: int, sha256: str) -> None:
        """Forgets the recording's passages."""
        self._catalog.run("DELETE FROM passages WHERE recording = ?", (number,))

    def ask(self, phrases: Sequence[str]) -> list[Passage]:
        """In FTS5's syntax, each phrase quoted, so that nothing in it is an operator."""
        question = " ".join(f'"{phrase}"' for phrase in phrases)
        return [
            Passage(row["recording"], _span(row["start"], row["stop"]), row["text"], -row["rank"])
            for row in self._catalog.rows(_QUESTION, (question, MOST))
        ]


class InDatabase:
    """In a PostgreSQL database; the catalogue knows which recordings there are."""

    def __init__(self, catalog: Catalog, base: WordBase) -> None:
        self._catalog, self._base = catalog, base

    def put(self, number: int, sha256: str, transcript: Transcript) -> None:
        """Makes the passages of ``transcript`` those of the recording, at once."""
        self._base.put(sha256, rows_of(transcript))

    def drop(self, number: int, sha256: str) -> None:
        """Forgets the recording's passages."""
        self._base.drop(sha256)

    def ask(self, phrases: Sequence[str]) -> list[Passage]:
        """Of passages of recordings that the archive no longer has, nothing is told."""
        known = {row["sha256"]: row["id"] for row in self._catalog.rows("SELECT id, sha256 FROM recordings")}
        return [
            Passage(known[sha256], _span(start, stop), text, rank)
            for sha256, start, stop, text, rank in self._base.ask(phrases, MOST)
            if sha256 in known
        ]


class Unnamed:
    """In a database that was not named."""

    def put(self, number: int, sha256: str, transcript: Transcript) -> None:
        """Nobody knows where to."""
        raise self.missing()

    def drop(self, number: int, sha256: str) -> None:
        """Nobody knows where from."""
        raise self.missing()

    def ask(self, phrases: Sequence[str]) -> list[Passage]:
        """Nobody knows whom to ask."""
        raise self.missing()

    @staticmethod
    def missing() -> UsageError:
        """What to say of that."""
        return UsageError("the words of this archive's transcripts are in a database", "name it: --words-database URL")


def rows_of(transcript: Transcript) -> list[Row]:
    """A passage for each segment of the transcript."""
    return [
        (segment.text, None, None)
        if segment.span is None
        else (segment.text, segment.span.start / CLOCK_HZ, segment.span.end / CLOCK_HZ)
        for segment in transcript.segments
    ]


def passages(index: WordIndex, text: str) -> list[Passage]:
    """Passages that hold all words of ``text`` ("in quotes": one after another), the best first.

    A transcript is a claim: what is found was written down, and what is not found may have been said.

    Raises:
        UsageError: there is no word in ``text``, or the words are in a database that was not named.
        StorageFailed: the database cannot be used.
    """
    return index.ask(_phrases(text))


def _phrases(text: str) -> list[str]:
    """The words of ``text``, each by itself, those in quotes together; nothing in them is a quote."""
    found: list[str] = []
    for number, part in enumerate(unicodedata.normalize("NFC", text).replace("\0", " ").split('"')):
        words = [word for word in part.split() if any(unicodedata.category(letter)[0] in "LNM" for letter in word)]
        found += [" ".join(words)] if words and number % 2 else words
    if not found:
        raise UsageError("there is no word to look for", "name words of the transcript")
    return found


def _span(start: float | None, stop: float | None) -> tuple[float, float] | None:
    return None if start is None or stop is None else (start, stop)
