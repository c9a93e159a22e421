"""What every resource works with: the desk, the settings, the site's folder, and the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from wholetape.archive import Archive
from wholetape.comments import settings as stored
from wholetape.comments import tables
from wholetape.comments.desk import Desk, Done, Turn
from wholetape.comments.secret import Secret
from wholetape.comments.settings import Settings
from wholetape.comments.states import State
from wholetape.web.limits import Buckets
from wholetape.web.metrics import Metrics
from wholetape.web.site import Site

T = TypeVar("T")
FRESH = 1.0
"""Seconds for which what was read is taken to hold: comments do not appear in real time."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the program was started."""

    proxies: frozenset[str] = frozenset()
    """addresses whose ``X-Forwarded-For`` and ``-Proto`` are believed"""
    rate: float = 1.0
    """factor on what a source may send a minute; load tests raise it"""


@dataclass
class Context:
    """Shared by all requests of one process."""

    desk: Desk
    secret: Secret
    site: Site
    options: Options = Options()
    metrics: Metrics = field(default_factory=Metrics)
    buckets: Buckets = field(default_factory=Buckets)
    changed: dict[str, tuple[float, int, int]] = field(default_factory=dict)
    """for each release when it was looked at, its counter of changes, and how many comments are public"""
    pages: dict[object, tuple[int, list[str]]] = field(default_factory=dict)
    """public pages as they were rendered, each with the counter of changes that it shows"""
    archive: Archive | None = None
    """earlier recordings that readers may search"""
    clips: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """lets two clips at once be decoded and sought"""
    clips_waiting: int = 0
    _waiting: tuple[float, int] = (-1e9, 0)
    _settings: tuple[float, Settings] | None = None

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """What ``work`` reads from the database."""
        return await run_in_threadpool(self.read_now, work)

    def read_now(self, work: Callable[[sa.Connection], T]) -> T:
        """The same, on this thread."""
        with self.desk.engine.connect() as connection:
            return work(connection)

    async def do(self, work: Callable[[Turn], T]) -> Done[T]:
        """Does a job at the desk; when this returns, it is on the disk."""
        done = await asyncio.wrap_future(self.desk.submit(work))
        self.changed.clear()
        return done

    async def settings(self) -> Settings:
        """The settings, at most a second old."""
        now = time.monotonic()
        if self._settings is None or now - self._settings[0] > FRESH:
            self._settings = now, await self.read(stored.load)
        return self._settings[1]

    async def queue_length(self) -> int:
        """How many comments wait, counted every ten seconds: what arrives meanwhile may exceed a bound."""
        now = time.monotonic()
        if now - self._waiting[0] > 10 * FRESH:
            count = sa.select(sa.func.count()).where(tables.comments.c.state == State.QUEUED)
            self._waiting = now, await self.read(lambda c: c.execute(count).scalar() or 0)
        return self._waiting[1]

    def forget_settings(self) -> None:
        """Lets the next request read the settings anew."""
        self._settings = None

    def address(self, request: Request) -> str:
        """The address that a request comes from, never stored: the peer's, or what a trusted proxy says."""
        peer = request.client.host if request.client else "unknown"
        if peer in self.options.proxies and (told := request.headers.get("x-forwarded-for")):
            return told.rpartition(",")[2].strip()
        return peer

    def secure(self, request: Request) -> bool:
        """True when the reader's browser speaks HTTPS."""
        peer = request.client.host if request.client else ""
        told = request.headers.get("x-forwarded-proto", "") if peer in self.options.proxies else ""
        return (told or request.url.scheme) == "https"
