"""A desk on a fresh database: SQLite, and PostgreSQL on a server of our own, in a folder that is thrown away."""

from __future__ import annotations

import functools
import secrets
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.acts import Actor, Words, act_on
from wholetape.comments.database import open_database
from wholetape.comments.desk import Desk
from wholetape.comments.hurdle import make_form
from wholetape.comments.passwords import hash_password
from wholetape.comments.secret import Secret
from wholetape.comments.settings import Settings
from wholetape.comments.states import Act, Role
from wholetape.comments.submitting import Submit, draft, status_token
from wholetape.log.keys import PrivateKey

PASSWORD = "seven horses eat green hay"


@functools.cache
def hashed() -> str:
    """The hash of the password, which takes its time, once."""
    return hash_password(PASSWORD)


@dataclass
class Clock:
    """A clock that a test moves; milliseconds."""

    at: int = 1_790_000_000_000

    def __call__(self) -> int:
        self.at += 7
        return self.at

    def sleep(self, *, seconds: float = 0, days: float = 0) -> None:
        self.at += round(seconds * 1000 + days * 86_400_000)


def add_row(turn, values):
    turn.execute(tables.accounts.insert(), values)


@dataclass
class Office:
    """A desk with its database, clock, secret, and one account in each role."""

    url: str
    desk: Desk
    clock: Clock
    secret: Secret = field(default_factory=lambda: Secret(bytes(range(32))))
    accounts: dict[Role, Actor] = field(default_factory=dict)

    @property
    def engine(self) -> sa.Engine:
        return self.desk.engine

    def staff(self) -> None:
        """Makes the accounts max, ada and otto."""
        for name, role in (("max", Role.MODERATOR), ("ada", Role.ADMINISTRATOR), ("otto", Role.AUDITOR)):
            number = secrets.token_hex(8)
            values = {"id": number, "name": name, "role": role, "password": hashed(), "created": self.clock()}
            self.desk.do(functools.partial(add_row, values=values))
            self.accounts[role] = Actor(role, number)

    def send(self, text: str = "It was said at the end.", *, source: str = "a" * 16, settings=None, **fields):
        """Sends a comment; returns its number and its private link's token."""
        settings = settings or Settings()
        nonce = secrets.token_bytes(12)
        taken = draft("debate", {"text": text, **fields}, "en", settings, nonce, source, False)
        uid = self.desk.do(Submit(taken, self.secret, settings)).value
        return uid, status_token(self.secret, nonce)

    def act(self, uid: str, act: Act, role: Role = Role.MODERATOR, *, seen: int | None = None, **words: str):
        """Does an act as the account of ``role``."""
        return self.desk.do(lambda turn: act_on(turn, uid, act, self.accounts[role], Words(**words), seen))

    def published(self, text: str = "It was said at the end.", **fields) -> str:
        """A comment that was approved."""
        uid, _ = self.send(text, source=secrets.token_hex(8), **fields)
        self.act(uid, Act.APPROVED)
        return str(uid)

    def row(self, uid: str):
        with self.engine.connect() as connection:
            return connection.execute(sa.select(tables.comments).where(tables.comments.c.uid == uid)).one_or_none()

    def read(self, work: Callable):
        with self.engine.connect() as connection:
            return work(connection)

    def form(self, release: str = "debate", settings: Settings | None = None):
        """A form that has been open for a minute, and the right answer."""
        made = make_form(self.secret, release, settings or Settings(), self.clock())
        self.clock.sleep(seconds=60)
        return made.token, str(made.question.a + made.question.b)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """The URL of a fresh database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'comments.db'}"
    return str(request.getfixturevalue("postgres").fresh())


@pytest.fixture
def office(url) -> Iterator[Office]:
    """A staffed desk."""
    yield from staffed(url)


@pytest.fixture
def lite(tmp_path) -> Iterator[Office]:
    """A staffed desk on SQLite, where the database makes no difference."""
    yield from staffed(f"sqlite:///{tmp_path / 'comments.db'}")


def staffed(url: str) -> Iterator[Office]:
    clock = Clock()
    desk = Desk(open_database(url), PrivateKey("comments", bytes(31) + b"\x07"), clock)
    office = Office(url, desk, clock)
    office.staff()
    yield office
    desk.close()
    desk.engine.dispose()


def run(*words: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)
