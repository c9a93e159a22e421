"""``python -m bench.comments``: ``wholetape serve`` under load, on SQLite and PostgreSQL, over the loopback interface.

python -m bench.comments                       submissions, pages, 50 kills each, and large tables
python -m bench.comments --parts load --write  one part; puts its table into docs/measured.md

The bounds on how often a source may send are lifted, and the hurdle's answers known beforehand; all else is as it is.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.comments_clients import clients
from bench.comments_served import Served, databases
from eval import measured
from eval.comments.office import Browser, Office
from wholetape.cli.moderation import open_desk
from wholetape.comments import tables
from wholetape.comments.hurdle import make_form
from wholetape.comments.secret import Secret
from wholetape.comments.settings import Settings
from wholetape.comments.submitting import status_token

PARTS = ("load", "kill", "large")
_SETTINGS = Settings(form_seconds=0)


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
