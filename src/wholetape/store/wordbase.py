"""Passages of transcripts in a PostgreSQL database, for archives that outgrow the text search of one SQLite file.

One table, ``wholetape_passages``, which ``docs/spec/archive.md`` describes; made where it is missing. Each call opens a
connection of its own, so that a server that was restarted is found again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wholetape.errors import StorageFailed, UsageError

if TYPE_CHECKING:
    import psycopg

Row = tuple[str, float | None, float | None]
"""A passage's text, and the seconds in which it was said, None where they are not known."""
Found = tuple[str, float | None, float | None, str, float]
"""The SHA-256 of a recording; where in it; the passage's text; its rank, the larger the better."""
_LOCK = 0x776F726473
_LONGEST = 200_000
"""Characters of a passage that are indexed: PostgreSQL refuses vectors of more than a megabyte."""
_TABLE = (
    """CREATE TABLE IF NOT EXISTS wholetape_passages (recording text NOT NULL, start double precision,
    stop double precision, text text NOT NULL, words tsvector NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS wholetape_passages_words ON wholetape_passages USING gin (words)",
    "CREATE INDEX IF NOT EXISTS wholetape_passages_recording ON wholetape_passages (recording)",
)
_PUT = "INSERT INTO wholetape_passages VALUES (%s, %s, %s, %s, to_tsvector('simple', %s))"
_DROP = "DELETE FROM wholetape_passages WHERE recording = %s"
_ASK = """SELECT recording, start, stop, text, ts_rank_cd(words, asked) AS rank
FROM wholetape_passages, (SELECT {} AS asked) AS question
WHERE words @@ asked ORDER BY rank DESC, recording, start LIMIT %s"""


class WordBase:
    """The database behind ``url``, ``postgresql://USER@HOST/NAME``.

    Raises:
        UsageError: another kind of URL, or the driver is not installed.
        StorageFailed: it cannot be used.
    """

    def __init__(self, url: str) -> None:
        if not url.startswith(("postgresql://", "postgres://")):
            raise UsageError("the URL of the words' database is none", "postgresql://USER@HOST/NAME")
        self._url = url
        with self._changing() as database:
            database.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            for statement in _TABLE:
                database.execute(statement)

    def put(self, recording: str, rows: Iterable[Row]) -> None:
        """Makes ``rows`` the passages of the recording with that SHA-256, whatever it had before."""
        with self._changing() as database:
            database.execute(_DROP, (recording,))
            for text, start, stop in rows:
                clean = text.replace("\0", " ")
                database.execute(_PUT, (recording, start, stop, clean, clean[:_LONGEST]))

    def drop(self, recording: str) -> None:
        """Forgets the passages of the recording with that SHA-256."""
        with self._changing() as database:
            database.execute(_DROP, (recording,))

    def ask(self, phrases: Sequence[str], most: int) -> list[Found]:
        """Passages that hold every one of ``phrases``, its words one after another; at most ``most``, best first."""
        question = " && ".join(["phraseto_tsquery('simple', %s)"] * len(phrases))
        with self._changing() as database:
            found: list[Found] = database.execute(_ASK.format(question), (*phrases, most)).fetchall()
        return found

    @contextlib.contextmanager
    def _changing(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            import psycopg
        except ImportError as problem:
            raise UsageError("PostgreSQL's driver is not installed", "pip install 'wholetape[postgres]'") from problem
        try:
            with psycopg.connect(self._url, connect_timeout=10) as connection:
                yield connection
        except (psycopg.Error, OSError) as problem:
            why = (str(problem).strip().splitlines() or ["no answer"])[0]
            raise StorageFailed(
                f"the words' database cannot be used: {why}", "check the URL, the server and the rights"
            ) from problem
