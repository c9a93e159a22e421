"""Tampering behind the program's back, with the triggers dropped, and whether ``verify`` finds it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.comments.office import KEY, Office, office
from wholetape.comments.acts import New, Words, act_on
from wholetape.comments.database import open_database
from wholetape.comments.states import Act, Role
from wholetape.comments.trail import newest_head
from wholetape.comments.verify import verify_trail
from wholetape.errors import VerificationFailed, WholetapeError
from wholetape.log.checkpoint import Checkpoint, parse_checkpoint
from wholetape.log.note import parse_note

COVERED = {
    "revisions": ("n", "comment", "act", "leaf"),
    "bodies": ("n", "comment", "salt", "body"),
    "heads": ("size", "note"),
    "comments": (
        *("uid", "kind", "release", "parent", "state", "name", "text", "language", "note", "received", "published"),
        *("edited", "edited_by", "decided", "acted", "edits", "touched", "answered", "version", "status"),
    ),
    "releases": ("shown",),
}
"""What the trail covers. Not covered: addresses of authors, sources, accounts, settings, the time column of heads."""


@dataclass
class Count:
    """What was tried."""

    tried: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)


def run(folder: Path, cases: int, seed: int = 1) -> dict[str, Count]:
    """Tries ``cases`` random changes, deletions and swaps of rows; and rewrites all, with the server's own key."""
    draw = random.Random(seed)
    (folder / "honest").mkdir(parents=True, exist_ok=True)
    with office(folder / "honest") as desk:
        _fill(desk, draw)
        head = parse_checkpoint(parse_note(desk.read(newest_head) or b"").text)
    told = {name: Count() for name in ("changed", "deleted", "swapped", "inserted", "cut off")}
    for number in range(cases):
        how = draw.choice(list(told))
        file = folder / "tampered.db"
        shutil.copyfile(folder / "honest" / "comments.db", file)
        what = _tamper(file, how, draw)
        if what:
            _judge(told[how], file, head, f"case {number}: {how} {what}")
    told["all rewritten"] = _rewritten(folder, head, draw)
    return told


def _fill(desk: Office, draw: random.Random) -> None:
    for number in range(40):
        new = New("debate", f"text {number}", f"name {number}", status=bytes([number]) * 32)
        uid = desk.receive(new, Role.AUTHOR)
        for _ in range(draw.randint(0, 4)):
            act = draw.choice((Act.APPROVED, Act.EDITED, Act.REJECTED, Act.NOTED, Act.REDACTED))
            words = Words(f"text {draw.random()}", "reason", "law-court")

            def job(turn: Any, uid: str = uid, act: Act = act, words: Words = words) -> Any:
                return act_on(turn, uid, act, desk.actors[Role.MODERATOR], words)

            try:
                desk.desk.do(job)
            except WholetapeError:
                continue


def _tamper(file: Path, how: str, draw: random.Random) -> str:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA foreign_keys=OFF")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    table = draw.choice(["revisions", "bodies", "heads", "comments", "comments", "revisions"])
    if how == "changed" and draw.random() < 0.05:
        table = "releases"
    rows = [r[0] for r in connection.execute(f"SELECT rowid FROM {table}")]
    row = draw.choice(rows)
    try:
        what = _WAYS[how](connection, table, row, rows, draw)
        connection.commit()
    except sqlite3.IntegrityError:
        what = ""
    connection.close()
    return what


def _changed(connection: sqlite3.Connection, table: str, row: int, rows: list[int], draw: random.Random) -> str:
    column = draw.choice(COVERED[table])
    (old,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (_other(old, draw), row))
    return f"{table}.{column} of row {row}"


def _other(old: Any, draw: random.Random) -> Any:
    if isinstance(old, bytes):
        at = draw.randrange(len(old)) if old else 0
        return old[:at] + bytes([(old[at] if old else 0) ^ (1 << draw.randrange(8))]) + old[at + 1 :]
    if isinstance(old, int):
        return old + draw.choice((-1, 1, 1000))
    return "x" if old is None else old[:-1] + ("y" if old[-1:] != "y" else "z")


def _deleted(connection: sqlite3.Connection, table: str, row: int, rows: list[int], draw: random.Random) -> str:
    connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
    newest = table == "heads" and row == max(rows)
    return f"{table} row {row}" + (" (the newest)" if newest else "") if table != "heads" or newest else ""


def _swapped(connection: sqlite3.Connection, table: str, row: int, rows: list[int], draw: random.Random) -> str:
    columns = [c for c in COVERED[table] if c not in ("n", "size", "uid")]
    other = draw.choice(rows)
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?"
    values = [connection.execute(query, (r,)).fetchone() for r in (row, other)]
    if values[0] == values[1]:
        return ""
    places = ", ".join(f"{c} = ?" for c in columns if c != "status")
    for target, found in ((row, values[1]), (other, values[0])):
        kept = [v for c, v in zip(columns, found, strict=True) if c != "status"]
        connection.execute(f"UPDATE {table} SET {places} WHERE rowid = ?", (*kept, target))
    return f"{table} rows {row} and {other}"


def _inserted(connection: sqlite3.Connection, table: str, row: int, rows: list[int], draw: random.Random) -> str:
    n = connection.execute("SELECT MAX(n) + 1 FROM revisions").fetchone()[0]
    leaf = connection.execute("SELECT leaf FROM revisions WHERE n = ?", (draw.randrange(1, n),)).fetchone()[0]
    connection.execute("INSERT INTO revisions SELECT ?, comment, act, ? FROM revisions WHERE n = 1", (n, leaf))
    return f"entry {n}"


def _cut_off(connection: sqlite3.Connection, table: str, row: int, rows: list[int], draw: random.Random) -> str:
    n = connection.execute("SELECT MAX(n) FROM revisions").fetchone()[0]
    keep = draw.randrange(2, n)
    gone = [
        r[0] for r in connection.execute("SELECT comment FROM revisions WHERE act = 'received' AND n >= ?", (keep,))
    ]
    for statement in (
        "DELETE FROM bodies WHERE n >= ?",
        "DELETE FROM revisions WHERE n >= ?",
        "DELETE FROM heads WHERE size > ?",
    ):
        connection.execute(statement, (keep,))
    connection.executemany("DELETE FROM comments WHERE uid = ?", [(uid,) for uid in gone])
    return f"from entry {keep} on"


_WAYS = {
    "changed": _changed,
    "deleted": _deleted,
    "swapped": _swapped,
    "inserted": _inserted,
    "cut off": _cut_off,
}


def _judge(told: Count, file: Path, head: Checkpoint, what: str) -> None:
    told.tried += 1
    engine = open_database(f"sqlite:///{file}", migrate=False)
    try:
        with engine.connect() as connection:
            verify_trail(connection, KEY.public, lambda found: found == head)
        told.missed.append(what)
    except VerificationFailed:
        told.found += 1
    except Exception as problem:
        told.missed.append(f"{what}: {type(problem).__name__}: {problem}")
    finally:
        engine.dispose()
    for name in ("tampered.db-wal", "tampered.db-shm"):
        (file.parent / name).unlink(missing_ok=True)


def _rewritten(folder: Path, head: Checkpoint, draw: random.Random) -> Count:
    """A whole new history, under the same origin and key, without a fault in itself."""
    told = Count()
    for number in range(3):
        place = folder / f"rewritten{number}"
        place.mkdir()
        with office(place) as desk:
            _fill(desk, draw)
            found = desk.read(verify_trail)
            if found.covered is not None:
                told.missed.append("without a head it is not said to be consistent only")
        engine = open_database(f"sqlite:///{place / 'comments.db'}", migrate=False)
        engine.dispose()
        _judge(told, place / "comments.db", head, "all rewritten")
    return told
