"""``wholetape serve`` as a process of its own, on either database, to be put under load."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.postgres import Postgres
from wholetape.cli.moderation import Place, open_desk
from wholetape.comments import tables
from wholetape.comments.acts import sha256
from wholetape.comments.database import open_database
from wholetape.comments.settings import save
from wholetape.comments.verify import verify_trail

_LIFTED = {"per_minute": 10_000_000, "per_source": 10_000_000, "queue_most": 10_000_000, "form_seconds": 0}


class Served:
    """``wholetape serve`` as a process of its own."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.folder, self.url = folder, url
        release = folder / "site" / "debate"
        release.mkdir(parents=True, exist_ok=True)
        (release / "index.html").write_text("<!doctype html><title>d</title>")
        self.place = Place.of(str(folder / "site"), url, None)
        desk, self.secret = open_desk(self.place, create=True)
        desk.do(lambda turn: save(turn, _LIFTED))
        desk.close()
        desk.engine.dispose()
        self.port = 0

    def start(self) -> None:
        """Starts it, and waits until it listens."""
        words = [sys.executable, "-m", "wholetape", "serve", str(self.folder / "site"), "--port", "0"]
        self._log = open(self.folder / "log", "wb")  # noqa: SIM115 - closed by stop
        self.process = subprocess.Popen(
            [*words, *(["--database", self.url] if self.url else [])],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        found = re.search(rb":(\d+)/", self.process.stdout.readline())
        if found is None:
            raise RuntimeError((self.folder / "log").read_text())
        self.port = int(found[1])

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Ends it."""
        self.process.send_signal(how)
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()

    def processor(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def verified(self) -> int:
        """How many comments the verified trail has."""
        engine = open_database(self.place.url)
        with engine.connect() as connection:
            found = verify_trail(connection)
        engine.dispose()
        return found.comments

    def has(self, tokens: list[str]) -> list[bool]:
        """Which of the private pages there are."""
        engine = open_database(self.place.url)
        with engine.connect() as connection:
            known = {
                bytes(row)
                for row in connection.execute(
                    tables.comments.select().with_only_columns(tables.comments.c.status)
                ).scalars()
            }
        engine.dispose()
        return [sha256(token.encode()) in known for token in tokens]


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, str | None]]]:
    """SQLite, and PostgreSQL on a server of our own."""
    (folder / "postgres").mkdir()
    with Postgres(folder / "postgres") as server:
        yield [("SQLite", None), ("PostgreSQL", server.fresh())]
