"""A desk on a throw-away SQLite database, with accounts, and the application around it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from eval.comments.loop import Loop
from wholetape.comments import tables
from wholetape.comments.acts import Actor, New, receive
from wholetape.comments.database import open_database
from wholetape.comments.desk import Desk, Turn
from wholetape.comments.passwords import hash_password
from wholetape.comments.secret import Secret
from wholetape.comments.states import Act, Role
from wholetape.log.keys import PrivateKey
from wholetape.web.app import make_app
from wholetape.web.context import Context, Options
from wholetape.web.site import Site

KEY = PrivateKey("comments", bytes(31) + b"\x07")
PASSWORD = "seven horses eat green hay"
_DESK = (("max", Role.MODERATOR), ("ada", Role.ADMINISTRATOR), ("otto", Role.AUDITOR))


class Clock:
    """A clock that only the experiment moves; milliseconds."""

    def __init__(self) -> None:
        self.at = 1_790_000_000_000

    def __call__(self) -> int:
        """Some milliseconds later than the last time."""
        self.at += 3
        return self.at


def _hurried(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # nothing here outlives the machine


class Office:
    """Desk, clock, secret and accounts."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.file = folder / "comments.db"
        self.clock, self.secret = Clock(), Secret(bytes(range(32)))
        engine = open_database(url or f"sqlite:///{self.file}")
        if url is None:
            engine.dispose()
            sa.event.listen(engine, "connect", _hurried)
        self.desk = Desk(engine, KEY, self.clock)
        self.actors = {role: Actor(role, self._account(name, role)) for name, role in _DESK}
        self.actors |= {role: Actor(role) for role in (Role.AUTHOR, Role.PARTY, Role.SYSTEM)}

    def _account(self, name: str, role: Role) -> str:
        number, password = secrets.token_hex(8), hash_password(PASSWORD)
        values = {"id": number, "name": name, "role": str(role), "password": password, "created": self.clock()}

        def add(turn: Turn) -> None:
            turn.execute(tables.accounts.insert(), values)

        self.desk.do(add)
        return number

    def receive(self, new: New, role: Role) -> str:
        """Puts a comment into the queue."""
        return self.desk.do(lambda turn: receive(turn, new, Act.RECEIVED, self.actors[role])).value

    def read(self, work: Any) -> Any:
        """What ``work`` reads from the database."""
        with self.desk.engine.connect() as connection:
            return work(connection)

    def rows(self) -> list[Any]:
        """All comments."""
        return list(self.read(lambda c: c.execute(sa.select(tables.comments).order_by(tables.comments.c.id)).all()))


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """An office that is closed at the end."""
    made = Office(folder)
    try:
        yield made
    finally:
        made.desk.close()
        made.desk.engine.dispose()


class Browser:
    """Speaks to the application without a network; many clients share one loop."""

    def __init__(self, office: Office, folder: Path, *, rate: float = 1e6) -> None:
        release = folder / "site" / "debate"
        release.mkdir(parents=True, exist_ok=True)
        place = '<section id="comments" data-release="debate" hidden></section>'
        (release / "index.html").write_text(f"<!doctype html><html lang=en><title>d</title><body>{place}</body></html>")
        self.context = Context(office.desk, office.secret, Site(folder / "site"), Options(rate=rate))
        self.log: list[dict[str, object]] = []
        self.app = make_app(self.context, self.log.append)
        self._loop = Loop()
        self._clients: dict[str, httpx.AsyncClient] = {}

    def request(self, method: str, path: str, address: str = "203.0.113.5", **more: Any) -> httpx.Response:
        """One request from an address."""
        client = self._clients.get(address)
        if client is None:
            if len(self._clients) > 50:
                self._clients.clear()
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 4000))
            client = self._clients[address] = httpx.AsyncClient(transport=transport, base_url="http://site.test")
        return self._loop.run(client.request(method, path, **more))

    def close(self) -> None:
        """Ends the loop."""
        self._loop.close()
