"""``python -m bench.comments``: ``wholetape serve`` under load, on SQLite and PostgreSQL, over the loopback interface.

python -m bench.comments                       submissions, pages, 50 kills each, and large tables
python -m bench.comments --parts load --write  one part; puts its table into docs/measured.md

The bounds on how often a source may send are lifted, and the hurdle's answers known beforehand; all else is as it is.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.postgres import Postgres
from eval import measured
from eval.comments.office import Browser, Office
from wholetape.cli.moderation import Place, open_desk
from wholetape.comments import tables
from wholetape.comments.acts import sha256
from wholetape.comments.database import open_database
from wholetape.comments.hurdle import make_form
from wholetape.comments.secret import Secret
from wholetape.comments.settings import Settings, save
from wholetape.comments.submitting import status_token
from wholetape.comments.verify import verify_trail

PARTS = ("load", "kill", "large")
CONNECTIONS = 16
_LIFTED = {"per_minute": 10_000_000, "per_source": 10_000_000, "queue_most": 10_000_000, "form_seconds": 0}
_SETTINGS = Settings(form_seconds=0)


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


@dataclass
class Load:
    """What clients saw."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))] * 1000


def forms(secret: Secret, n: int, seed: int) -> list[tuple[bytes, str]]:
    """Bodies of ``n`` submissions, and the tokens of the pages that they lead to."""
    draw, found = random.Random(seed), []
    for number in range(n):
        nonce = draw.randbytes(12)
        form = make_form(secret, "debate", _SETTINGS, time.time_ns() // 1_000_000 - 5000, nonce)
        fields = {
            "token": form.token,
            "answer": str(form.question.a + form.question.b),
            "text": f"Comment {number} of {seed}: " + " ".join(draw.choice(_WORDS) for _ in range(40)),
        }
        found.append((urlencode(fields).encode(), status_token(secret, nonce)))
    return found


_WORDS = [
    "the",
    "debate",
    "was",
    "long",
    "and",
    "it",
    "ended",
    "late",
    "because",
    "they",
    "had",
    "not",
    "agreed",
    "on",
    "what",
    "was",
    "said",
    "before",
    "noon",
]


def clients(port: int, work: list[tuple[bytes, str]] | int, connections: int = CONNECTIONS) -> Load:
    """Sends forms, or asks ``work`` times for the public page, over several connections, in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_client, args=(port, work, connections, theirs))
    process.start()
    theirs.close()
    try:
        found: Load = ours.recv()
    except EOFError:
        found = Load(1.0)
    process.join()
    return found


def _client(port: int, work: Any, connections: int, out: Any) -> None:
    told, lock = Load(), threading.Lock()
    todo: Iterator[Any] = iter(work if isinstance(work, list) else range(work))

    def run() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                one = next(todo, None)
            if one is None:
                line.close()
                return
            began = time.perf_counter()
            try:
                if isinstance(one, tuple):
                    line.request(
                        "POST", "/comments/debate", one[0], {"Content-Type": "application/x-www-form-urlencoded"}
                    )
                else:
                    line.request("GET", "/comments/debate")
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return  # the server was killed
            with lock:
                if answer.status == (303 if isinstance(one, tuple) else 200):
                    told.times.append(time.perf_counter() - began)
                    told.tokens += [one[1]] if isinstance(one, tuple) else []
                else:
                    told.refused += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.seconds = time.perf_counter() - began
    out.send(told)


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, str | None]]]:
    """SQLite, and PostgreSQL on a server of our own."""
    (folder / "postgres").mkdir()
    with Postgres(folder / "postgres") as server:
        yield [("SQLite", None), ("PostgreSQL", server.fresh())]


def load(folder: Path, share: float) -> str:
    """Submissions and public pages."""
    lines = [
        "**Comments: `serve` under load**, 16 connections, client and server on this machine, which had "
        f"{_others():.0f} other processes to run;",
        "*own* is the processor time of the server for each.",
        "",
        "| database | submissions a second | p50 | p99 | refused | own | pages a second | p99 | own |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    with databases(folder) as both:
        for name, url in both:
            served = Served(folder / name, url)
            served.start()
            clients(served.port, forms(served.secret, 100, 0))
            before = served.processor()
            sent = clients(served.port, forms(served.secret, round(4000 * share), 1))
            each = (served.processor() - before) / len(sent.times) * 1000
            _approve(served, 25)
            time.sleep(1.5)
            before = served.processor()
            pages = clients(served.port, round(10_000 * share))
            page = (served.processor() - before) / len(pages.times) * 1000
            served.stop()
            if served.verified() != 100 + len(sent.times):
                raise SystemExit(
                    f"{name}: {served.verified()} comments, {len(sent.times)} acknowledged, {sent.refused} refused"
                )
            lines.append(
                f"| {name} | {sent.rate:.0f} | {sent.percentile(0.5):.0f} ms | {sent.percentile(0.99):.0f} ms "
                f"| {sent.refused} | {each:.1f} ms | {pages.rate:.0f} | {pages.percentile(0.99):.0f} ms "
                f"| {page:.2f} ms |"
            )
    return "\n".join(lines)


def _others() -> float:
    """How many processes wanted to run in the last minute."""
    return os.getloadavg()[0]


def _approve(served: Served, n: int) -> None:
    from wholetape.comments.acts import Actor, act_on
    from wholetape.comments.states import Act, Role

    desk, _ = open_desk(served.place)
    with desk.engine.connect() as connection:
        uids = list(
            connection.execute(tables.comments.select().with_only_columns(tables.comments.c.uid).limit(n)).scalars()
        )
    for uid in uids:
        desk.do(lambda turn, uid=uid: act_on(turn, uid, Act.APPROVED, Actor(Role.MODERATOR, "0" * 16)))  # type: ignore[misc]
    desk.close()
    desk.engine.dispose()


def kill(folder: Path, share: float) -> str:
    """SIGKILL in the middle of submissions; what was acknowledged is there, and the trail verifies."""
    draw, rounds = random.Random(1), max(1, round(50 * share))
    lines = [
        "**Comments: `serve` killed under load** (SIGKILL, 16 connections), started again each time.",
        "",
        "| database | kills | acknowledged | of these lost | trail |",
        "| --- | --- | --- | --- | --- |",
    ]
    with databases(folder) as both:
        for name, url in both:
            served = Served(folder / name, url)
            tokens: list[str] = []
            for number in range(rounds):
                served.start()
                bodies = forms(served.secret, 1500, 1000 + number)
                stop = threading.Timer(draw.uniform(1.0, 2.5), served.process.kill)
                stop.start()
                tokens += clients(served.port, bodies).tokens
                stop.join()
                served.stop(signal.SIGKILL)
                served.verified()
            lost = served.has(tokens).count(False)
            lines.append(f"| {name} | {rounds} | {len(tokens):,} | {lost} | verifies after each |")
    return "\n".join(lines)


def large(folder: Path, share: float) -> str:
    """The first page of 50,000 public comments, and of a queue of 100,000, at the server, nothing cached."""
    lines = [
        "**Comments: large tables**: 50,000 public comments under one release, 100,000 in the queue; time at the",
        "server for the first page, nothing cached: least (median) of 20; *own* is its processor time. The machine had "
        f"{_others():.0f} other processes to run.",
        "",
        "| database | public page | queue | queue, searched |",
        "| --- | --- | --- | --- |",
    ]
    with databases(folder) as both:
        for name, url in both:
            (folder / f"large-{name}").mkdir()
            desk = Office(folder / f"large-{name}", url)
            _fill(desk, round(50_000 * share), round(100_000 * share))
            browser = Browser(desk, folder / f"large-{name}")
            fields = {"name": "max", "password": "seven horses eat green hay", "code": ""}
            browser.request("POST", "/moderate/sign-in", data=fields)
            cells = [_timed(browser, path) for path in ("/comments/debate", "/moderate/", "/moderate/?words=number+77")]
            lines.append(f"| {name} | {' | '.join(cells)} |")
            browser.close()
            desk.desk.close()
            desk.desk.engine.dispose()
    return "\n".join(lines)


def _fill(desk: Office, public: int, waiting: int) -> None:
    """Rows alone, without a trail: this measures reading."""
    rows: list[dict[str, Any]] = [
        {
            "uid": f"{number:032x}",
            "kind": "comment",
            "release": "debate",
            "parent": None,
            "state": "published" if number < public else "queued",
            "name": f"name {number}",
            "text": f"This is comment number {number}. " * 8,
            "received": 1_790_000_000_000 + number,
            "published": 1_790_000_000_000 + number if number < public else None,
            "acted": 1,
            "source": f"{number % 5000:016x}",
            "rank": 1 + number // 5000,
            "likeness": f"{number % 90_000:016x}",
        }
        for number in range(public + waiting)
    ]
    with desk.desk.engine.begin() as connection:
        for start in range(0, len(rows), 5000):
            connection.execute(tables.comments.insert(), rows[start : start + 5000])
        connection.execute(tables.releases.insert(), {"release": "debate", "changed": 1, "shown": public})
    with desk.desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _timed(browser: Browser, path: str) -> str:
    times, own = [], []
    for _ in range(21):
        browser.context.pages.clear()
        browser.context.changed.clear()
        began, used = time.perf_counter(), time.process_time()
        answer = browser.request("GET", path)
        times.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - used) * 1000)
        assert answer.status_code == 200, answer.text
    return f"{min(times[1:]):.0f} ms ({statistics.median(times[1:]):.0f} ms), own {statistics.median(own[1:]):.0f} ms"


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    words = argparse.ArgumentParser("python -m bench.comments", description=__doc__.split("\n")[0])
    words.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    words.add_argument("--share", type=float, default=1.0, help="of the numbers (default: all)")
    words.add_argument("--write", action="store_true", help="put the tables into docs/measured.md")
    options = words.parse_args(arguments)
    for part in options.parts:
        with tempfile.TemporaryDirectory(prefix="wholetape-comments-") as folder:
            os.chmod(folder, 0o755)
            text = {"load": load, "kill": kill, "large": large}[part](Path(folder), options.share)
        print(text + "\n", flush=True)
        if options.write:
            measured.write(f"comments {part}", f"python -m bench.comments --parts {part}", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
