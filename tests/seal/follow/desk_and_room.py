"""A recording in the making that lives in memory, and ways to its host: straight, over HTTP, or through an adversary.

room = Room()                  # side-a records, side-b and side-c may follow
room.second()                  # one more second of sound
side = room.follower(made.B, tmp_path / "b")
room.follow(side, seconds=3)   # side's rounds, interleaved with the recording
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence

import numpy as np

from tests.seal import made
from wholetape.errors import StorageFailed
from wholetape.log.checkpoint import Checkpoint, sign
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Capture, Event, What
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.log.salts import Label, salt
from wholetape.match.printfile import Print, Track
from wholetape.seal.build import Builder
from wholetape.seal.follow.desk import Desk
from wholetape.seal.follow.follower import Follower, Pace
from wholetape.seal.follow.talk import Conversation
from wholetape.store.followed import FollowedFolder
from wholetape.store.ledger import HeadLedger

PARTIES = (made.A, made.B, made.C)


class Journal:
    """A recorder's journal, as a host sees it. ``events`` asked for become leaves with the next second."""

    def __init__(self, *, parties: Sequence[PrivateKey] = PARTIES, origin: str = made.ORIGIN, **changes) -> None:
        header = made.header(parties, capture=Capture.LIVE, origin=origin, **changes)
        self.builder = Builder(header, made.SEED)
        self.key = parties[0]
        self.lock = threading.RLock()
        self.printed: dict[int, bytes] = {}
        self.asked: list[Event] = []
        self.stored: list[Note] = []
        self.statements: list[bytes] = []
        self.full = False
        self.secret_print = False
        self.unknown: set[int] = set()
        self.note = self.builder.head(self.key)
        self.changed: Callable[[], None] = lambda: None

    def second(self, sound: bytes | None = None, rows: bytes | None = None, committed: bool = True) -> None:
        """One more second, and what was asked for; ``committed``: to its rows, which are not known before a pause."""
        with self.lock:
            n = self.builder.count.segments
            sound = sound if sound is not None else hashlib.shake_128(b"%d" % n).digest(2 * made.RATE)
            self.printed[n] = rows if rows is not None else hashlib.shake_128(b"rows %d" % n).digest(825)
            self.builder.segment(made.RATE, sound, self.printed[n] if committed else None, 1_700_000_000_000 + 1000 * n)
            if not committed:
                self.unknown.add(n)
            asked, self.asked = self.asked, []
            for event in asked:
                self.builder.add(event)
            self.note = self.builder.head(self.key)
        self.changed()

    def leaf(self, event: What) -> None:
        with self.lock:
            self.builder.add(Event(event, self.builder.count.samples, at=1_700_000_000_000))
            self.note = self.builder.head(self.key)
        self.changed()

    def close(self) -> None:
        with self.lock:
            self.builder.close("stopped", made.facts(self.print()), file=made.facts(b"a file"))
            self.note = self.builder.head(self.key)
        self.changed()

    def print(self) -> bytes:
        """The ``.print`` file of what was recorded."""
        rows = [self.printed[n] for n in sorted(self.printed)]
        words = np.frombuffer(b"".join(part[:800] for part in rows), "<u8")
        levels = np.frombuffer(b"".join(part[800:] for part in rows), np.uint8)
        track = Track(0, 255, words, levels)
        return Print(8000 * len(rows), made.facts(b"a file").sha256, (track,)).encode()

    @property
    def all_lines(self) -> list[bytes]:
        return list(self.builder.lines)

    # What a host asks of it.

    def lines(self, first: int, end: int) -> list[bytes]:
        with self.lock:
            return self.all_lines[first:end]

    def head(self) -> Note:
        with self.lock:
            return self.note

    def rows(self, n: int) -> tuple[bytes, bytes] | None:
        if self.secret_print or n in self.unknown:
            return None
        return salt(made.SEED, Label.PRINT, n), self.printed[n]

    def whole_print(self) -> bytes | None:
        return None if self.secret_print or not self.builder.count.closed else self.print()

    def cosigned(self, note: Note) -> None:
        if self.full:
            raise StorageFailed("the disk is full")
        self.stored.append(note)

    def event(self, event: What, party: str, first: int, samples: int, detail: str) -> None:
        with self.lock:
            now = self.builder.count.samples
            at = now if first < 0 else min(first, now)
            self.asked.append(Event(event, at, min(samples, now - at), None, party, detail))

    def statement(self, data: bytes) -> None:
        self.statements.append(data)

    def forked(self, at: int) -> Journal:
        """Another journal of the same recorder and recording, with other leaves from number ``at`` on."""
        other = Journal.__new__(Journal)
        vars(other).update(vars(self))
        other.builder = Builder.resume(self.all_lines[:at], made.SEED)
        other.lock = threading.RLock()
        other.printed = {n: rows for n, rows in self.printed.items() if n < other.builder.count.segments}
        other.asked, other.stored, other.statements = [], [], []
        other.note = other.builder.head(self.key)
        return other

    def head_of(self, size: int) -> Note:
        """The head that the recorder signed, or would have signed, over the first ``size`` leaves."""
        tree = Tree(self.all_lines[:size])
        return sign(Note(Checkpoint(self.builder.header.origin, size, tree.root()).text, ()), self.key)


class Clock:
    """Seconds that pass when somebody sleeps, or is told to wait."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Straight:
    """A way to a desk without a network; ``change`` may bend each answer (path, status, body)."""

    def __init__(self, desk: Desk, change=None) -> None:
        self.desk, self.change = desk, change
        self.asked: list[tuple[str, bytes]] = []
        self.answers: list[bytes] = []

    def ask(self, path: str, body: bytes, timeout: float) -> tuple[int, bytes]:
        self.asked.append((path, body))
        status, answer = self.desk.answer(path, body)
        if self.change is not None:
            status, answer = self.change(path, status, answer)
        self.answers.append(answer)
        return status, answer

    def close(self) -> None:
        pass


class Room:
    """One recorder with its desk, a common clock, and as many followers as wanted. Nobody waits in real time."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.journal = journal or Journal()
        self.clock = Clock()
        self.told: list[str] = []
        self.sides: list[Follower] = []
        self.desk = Desk(self.journal, self.journal.key, self.clock, self.told.append)

    def second(self, **how) -> None:
        self.journal.second(**how)
        self.clock.sleep(1.0)
        self.desk.watch()

    def follower(self, key: PrivateKey, folder, *, change=None, trusted=made.A.public, desk=None, **more) -> Follower:
        lines: list[str] = []
        side = Follower(
            Conversation(Straight(desk or self.desk, change), key, trusted),
            FollowedFolder(folder),
            HeadLedger(folder.parent / f"{key.name}.key.heads"),
            lambda: made.TIME,
            self.clock,
            self.clock.sleep,
            lines.append,
            pace=Pace(wait=0),
            **more,
        )
        side.lines = lines  # type: ignore[attr-defined]
        self.sides.append(side)
        return side

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *problem: object) -> None:
        for side in self.sides:
            side.folder.close()

    def follow(self, *sides: Follower, seconds: int) -> None:
        """So many seconds, each side taking what there is after each of them."""
        for side in sides:
            if side.history is None:
                side.join()
        for _ in range(seconds):
            self.second()
            for side in sides:
                side.step()

    def finish(self, *sides: Follower) -> None:
        """Closes the recording, and lets the sides go on to the end."""
        self.journal.close()
        for side in sides:
            assert side.run() is True
