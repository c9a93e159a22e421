"""The one way to change anything: jobs that are done in turn, many in one transaction, under one signed head.

A job is acknowledged when its transaction is on the disk. Jobs that wait while one transaction is written go into the
next one together: a disk that syncs a hundred times a second takes thousands of comments a second.
"""

from __future__ import annotations

import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from wholetape.comments import tables
from wholetape.comments.database import take_turn, writing
from wholetape.comments.receipt import Receipt
from wholetape.comments.revisions import SALT_BYTES, Revision, commitment, encode_body, encode_leaf
from wholetape.comments.trail import Trail
from wholetape.errors import StorageFailed, WholetapeError
from wholetape.log.encoding import Json
from wholetape.log.keys import PrivateKey

T = TypeVar("T")
MOST = 64
"""Jobs in one transaction: keeps every wait short."""


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass
class Waiting:
    """Rows that are written together, many in one statement."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Turn:
    """What a job works with: the transaction, the time, and the trail. It checks first, and writes when all is well."""

    connection: sa.Connection
    trail: Trail
    now: int
    waiting: Waiting
    """what waits to be written, of all jobs of the transaction"""
    entered: list[tuple[int, bytes, bytes, bytes]] = field(default_factory=list)
    wrote: bool = False

    def enter(self, revision: Callable[[bytes], Revision], members: Json) -> int:
        """Adds an entry, with a fresh salt over the body ``members``; returns its number in the trail."""
        salt, body = secrets.token_bytes(SALT_BYTES), encode_body(members)
        entry = revision(commitment(salt, body))
        leaf = encode_leaf(entry)
        self.wrote = True
        n = self.trail.append(self.connection, entry.comment, entry.act, leaf)
        self.waiting.bodies.append({"n": n, "comment": entry.comment, "salt": salt, "body": body})
        self.entered.append((n, leaf, salt, body))
        return n

    def flush(self) -> None:
        """Writes all that waits."""
        self.trail.flush(self.connection)
        for statement, rows in ((_BODY, self.waiting.bodies), (_COMMENT, self.waiting.comments)):
            if rows:
                self.connection.execute(statement, rows)
                rows.clear()

    def execute(self, statement: Any, values: Any = None) -> sa.CursorResult[Any]:
        """Writes; from here on nothing may refuse."""
        self.wrote = True
        return self.connection.execute(statement, values)


_BODY = tables.bodies.insert()
_COMMENT = tables.comments.insert()


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A job's value, and the receipts of the entries that it made."""

    value: T
    receipts: tuple[Receipt, ...]


class _Job(Generic[T]):
    def __init__(self, work: Callable[[Turn], T]) -> None:
        self.work, self.future = work, Future[Done[T]]()


class Desk:
    """Takes jobs from any thread until :meth:`close`.

    Args:
        engine: the database.
        key: signs the heads.
        clock: milliseconds since 1970.

    Raises:
        VerificationFailed: the trail is signed by another key.
    """

    def __init__(self, engine: sa.Engine, key: PrivateKey, clock: Callable[[], int] = now) -> None:
        self.engine, self.clock = engine, clock
        self._writing, self._key = writing(engine), key
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._trail = Trail(key)
        self._begin()
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    @property
    def key(self) -> PrivateKey:
        """The key that signs the heads."""
        return self._key

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return self._jobs.qsize()

    def submit(self, work: Callable[[Turn], T]) -> Future[Done[T]]:
        """Puts a job in line."""
        job = _Job(work)
        self._jobs.put(job)
        return job.future

    def do(self, work: Callable[[Turn], T]) -> Done[T]:
        """Does a job, and returns when it is on the disk."""
        return self.submit(work).result()

    def close(self) -> None:
        """Ends when all jobs in line are done."""
        self._jobs.put(None)
        self._thread.join()

    def _begin(self) -> None:
        with self._writing.begin() as connection:
            take_turn(connection)
            self._trail.catch_up(connection, f"wholetape/{secrets.token_hex(16)}")
            if connection.execute(sa.select(sa.func.count()).select_from(tables.heads)).scalar() == 0:
                self._trail.sign(connection, self.clock())

    def _work(self) -> None:
        while True:
            batch = [self._jobs.get()]
            while batch[-1] is not None and len(batch) < MOST and not self._jobs.empty():
                batch.append(self._jobs.get())
            if jobs := [job for job in batch if job is not None]:
                self._do(jobs)
            if batch[-1] is None:
                return

    def _do(self, jobs: Sequence[_Job[Any]]) -> None:
        """One transaction; where a job breaks it, each of them in one of its own."""
        try:
            outcomes = self._transact(jobs)
        except BaseException as problem:
            self._trail = Trail(self._key)  # what was not committed is not in the tree
            if len(jobs) == 1:
                jobs[0].future.set_exception(_told(problem))
            else:
                for job in jobs:
                    self._do([job])
            return
        for job, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)

    def _transact(self, jobs: Sequence[_Job[Any]]) -> list[Done[Any] | BaseException]:
        done: list[tuple[Any, Turn] | WholetapeError] = []
        waiting = Waiting()
        with self._writing.begin() as connection:
            take_turn(connection)
            self._trail.catch_up(connection)
            before, at = len(self._trail.tree), self.clock()
            for job in jobs:
                turn = Turn(connection, self._trail, at, waiting)
                try:
                    if getattr(job.work, "reads_trail", True):
                        turn.flush()
                    done.append((job.work(turn), turn))
                except WholetapeError as refusal:
                    if turn.wrote:
                        raise
                    done.append(refusal)
            Turn(connection, self._trail, at, waiting).flush()
            head = self._trail.sign(connection, at) if len(self._trail.tree) > before else b""
        tree = self._trail.tree
        return [
            one
            if isinstance(one, WholetapeError)
            else Done(
                one[0],
                tuple(
                    Receipt(leaf, salt, body, n, tuple(tree.prove_inclusion(n)), head)
                    for n, leaf, salt, body in one[1].entered
                ),
            )
            for one in done
        ]


def _told(problem: BaseException) -> BaseException:
    if isinstance(problem, DBAPIError):
        failed = StorageFailed(f"the database refused: {problem.orig}", "look at its log and its disk")
        failed.__cause__ = problem
        return failed
    return problem
