"""In which recordings were these words said, by their transcripts? SQLite's full-text search, best passages first."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from wholetape.errors import UsageError
from wholetape.store.catalog import Catalog

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


def passages(catalog: Catalog, text: str) -> list[Passage]:
    """Passages that hold all words of ``text`` ("in quotes": one after another), the best first.

    A transcript is a claim: what is found was written down, and what is not found may have been said.

    Raises:
        UsageError: there is no word in ``text``.
    """
    question = _question(text)
    return [
        Passage(
            row["recording"], None if row["start"] is None else (row["start"], row["stop"]), row["text"], -row["rank"]
        )
        for row in catalog.rows(_QUESTION, (question, MOST))
    ]


def _question(text: str) -> str:
    """``text`` in FTS5's syntax, each word quoted, so that nothing in it is an operator."""
    parts: list[str] = []
    for number, part in enumerate(unicodedata.normalize("NFC", text).replace("\0", " ").split('"')):
        words = [word for word in part.split() if any(unicodedata.category(letter)[0] in "LNM" for letter in word)]
        if words:
            parts += [f'"{" ".join(words)}"'] if number % 2 else [f'"{word}"' for word in words]
    if not parts:
        raise UsageError("there is no word to look for", "name words of the transcript")
    return " ".join(parts)
