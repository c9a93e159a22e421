"""Accounts and sessions of the desk: who may sign in, for how long, and what guessing costs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import passwords, tables, totp
from wholetape.comments.acts import sha256
from wholetape.comments.desk import Turn
from wholetape.comments.settings import Settings
from wholetape.comments.states import Refused, Role
from wholetape.comments.text import skeleton
from wholetape.errors import UsageError
from wholetape.log.note import check_name

DESK = (Role.MODERATOR, Role.ADMINISTRATOR, Role.AUDITOR)
FREE_TRIES = 5
"""Wrong passwords in a row before an account is locked."""
LOCK_MINUTES = 15
_A, _S = tables.accounts, tables.sessions


class SignInRefused(Refused):
    """Name, password or code are wrong, or the account is locked: which one is not told."""


@dataclass(frozen=True, slots=True)
class Session:
    """A person at the desk."""

    account: str
    name: str
    role: Role
    csrf: str
    token: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a try to sign in: the account, whether all was right, and the step of the code."""

    row: Any
    right: bool
    step: int = 0


def add_account(turn: Turn, name: str, role: Role, password: str) -> str:
    """Makes an account; returns its number."""
    check_name(name)
    passwords.judge_password(password, name)
    others = turn.connection.execute(sa.select(_A.c.name)).scalars()
    if skeleton(name) in {skeleton(other) for other in others}:
        raise UsageError(f"there is an account called {name}, or one that looks alike", "choose another name")
    number = secrets.token_hex(8)
    turn.execute(
        _A.insert(),
        {
            "id": number,
            "name": name,
            "role": str(role),
            "password": passwords.hash_password(password),
            "created": turn.now,
        },
    )
    return number


def change_account(turn: Turn, name: str, values: dict[str, Any]) -> None:
    """Changes an account, and ends its sessions; one active administrator stays."""
    row = account(turn.connection, name)
    after = {"role": row.role, "active": row.active} | values
    if row.role == Role.ADMINISTRATOR and row.active and not (after["role"] == Role.ADMINISTRATOR and after["active"]):
        left = sa.select(sa.func.count()).where(_A.c.role == Role.ADMINISTRATOR, _A.c.active, _A.c.name != name)
        if not turn.connection.execute(left).scalar():
            raise Refused("this is the last administrator")
    if "password" in values:
        passwords.judge_password(values["password"], name)
        values = values | {"password": passwords.hash_password(values["password"])}
    turn.execute(_A.update().where(_A.c.id == row.id).values(values))
    turn.execute(_S.delete().where(_S.c.account == row.id))


def account(connection: sa.Connection, name: str) -> Any:
    """The row of the account called ``name``; raises ``UsageError``."""
    row = connection.execute(sa.select(_A).where(_A.c.name == name)).one_or_none()
    if row is None:
        raise UsageError(f"there is no account called {name}", "`wholetape moderate users list` lists them")
    return row


def check(connection: sa.Connection, name: str, password: str, code: str, settings: Settings, at: int) -> Checked:
    """Whether name, password and second factor are right; takes as long when there is no such account."""
    row = connection.execute(sa.select(_A).where(_A.c.name == name)).one_or_none()
    right = passwords.holds(row.password if row else passwords.nobody(), password)
    if row is None or not row.active or at < row.locked:
        return Checked(None, False)
    if not right:
        return Checked(row, False)
    if row.totp is None:
        return Checked(row, not _needs_factor(Role(row.role), settings))
    step = totp.step_of(row.totp, code, at, row.totp_used)
    return Checked(row, step is not None, step or 0)


def sign_in(turn: Turn, checked: Checked) -> str:
    """Opens a session for an account that was checked; returns its token, which only its hash is kept of."""
    row = checked.row
    if checked.step and checked.step <= turn.connection.execute(_used(row.id)).scalar_one():
        raise SignInRefused("this code was used before")
    token = secrets.token_urlsafe(32)
    turn.execute(_A.update().where(_A.c.id == row.id).values(failed=0, locked=0, totp_used=checked.step))
    turn.execute(
        _S.insert(),
        {
            "token": sha256(token.encode()),
            "account": row.id,
            "csrf": secrets.token_urlsafe(24),
            "created": turn.now,
            "seen": turn.now,
        },
    )
    return token


def count_failure(turn: Turn, number: str) -> None:
    """Counts a wrong try; from the sixth on each doubles the time until the next is looked at, up to a quarter hour."""
    failed = 1 + turn.connection.execute(sa.select(_A.c.failed).where(_A.c.id == number)).scalar_one()
    wait = min(LOCK_MINUTES * 60_000, 15_000 << min(failed - FREE_TRIES, 10)) if failed > FREE_TRIES else 0
    turn.execute(_A.update().where(_A.c.id == number).values(failed=failed, locked=turn.now + wait))


def session(connection: sa.Connection, token: str, settings: Settings, at: int) -> tuple[Session, bool] | None:
    """The session of a token, and whether it is time to note that it was seen; None when it has ended."""
    key = sha256(token.encode("utf-8", "replace"))
    query = sa.select(_S, _A.c.name, _A.c.role, _A.c.active).join(_A, _S.c.account == _A.c.id)
    row = connection.execute(query.where(_S.c.token == key)).one_or_none()
    if row is None or not row.active:
        return None
    idle, age = at - row.seen, at - row.created
    if idle > settings.session_minutes * 60_000 or age > settings.session_hours * 3_600_000:
        return None
    return Session(row.account, row.name, Role(row.role), row.csrf, key), idle > 60_000


def seen(turn: Turn, token: bytes) -> None:
    """Notes that a session is in use."""
    turn.execute(_S.update().where(_S.c.token == token).values(seen=turn.now))


def sign_out(turn: Turn, token: bytes) -> None:
    """Ends a session."""
    turn.execute(_S.delete().where(_S.c.token == token))


def _used(number: str) -> sa.Select[tuple[Any]]:
    return sa.select(_A.c.totp_used).where(_A.c.id == number)


def _needs_factor(role: Role, settings: Settings) -> bool:
    return settings.second_factor == "all" or (
        settings.second_factor == "administrators" and role is Role.ADMINISTRATOR
    )
