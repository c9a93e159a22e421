"""Messages that wait to be sent: e-mail and webhooks, kept until they are delivered, with no comment's text in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.desk import Turn
from wholetape.comments.states import Act, State

MAIL, WEBHOOK = "mail", "webhook"
MOST_TRIES = 10
LATER = 300_000
"""Milliseconds until a message that was not delivered is tried again; doubled each time."""
_O, _S = tables.outbox, tables.settings


@dataclass(frozen=True, slots=True)
class Message:
    """One message, taken out to be sent; it comes back when nobody says that it was."""

    id: int
    way: str
    to: str
    subject: str
    body: str


def put(turn: Turn, way: str, to: Sequence[str], subject: str, body: str) -> None:
    """Puts a message for each receiver in line."""
    for one in to:
        turn.execute(_O.insert(), {"way": way, "to": one, "subject": subject, "body": body, "due": turn.now})


def tell_author(turn: Turn, email: str, release: str, act: Act) -> None:
    """Tells an author who left an address that something was done."""
    body = (
        f"Your comment on {release} was {act}.\n\nWhat was done, and why, is on your private page, "
        "whose address you were shown when you sent it.\n"
    )
    put(turn, MAIL, [email], f"Your comment on {release}: {act}", body)


def tell_moderators(turn: Turn, mails: Sequence[str], hooks: Sequence[str], pause: int, address: str) -> None:
    """Tells moderators how many comments wait, when some came since they were told, and the ``pause`` in ms is over."""
    told = _remembered(turn, "_told")
    newest = turn.connection.execute(sa.select(sa.func.max(tables.comments.c.id))).scalar() or 0
    if not (mails or hooks) or newest <= told.get("id", 0) or turn.now - told.get("at", 0) < pause:
        return
    waiting = sa.select(sa.func.count()).where(tables.comments.c.state == State.QUEUED)
    n = turn.connection.execute(waiting).scalar() or 0
    _remember(turn, "_told", {"id": newest, "at": turn.now})
    if n:
        link = f"{address.rstrip('/')}/moderate/" if address else "/moderate/"
        put(turn, MAIL, mails, f"{n} comments wait", f"{n} comments wait for a moderator: {link}\n")
        put(turn, WEBHOOK, hooks, "", json.dumps({"event": "queue", "waiting": n, "link": link}))


def hand_out_head(turn: Turn, mails: Sequence[str], hooks: Sequence[str], pause: int) -> bytes | None:
    """Sends the newest head outside when it is another than the last one sent; returns it where the pause is over."""
    newest = turn.connection.execute(
        sa.select(tables.heads.c.size, tables.heads.c.note).order_by(tables.heads.c.size.desc()).limit(1)
    ).one_or_none()
    handed = _remembered(turn, "_handed")
    if newest is None or newest.size <= handed.get("size", 0) or turn.now - handed.get("at", 0) < pause:
        return None
    _remember(turn, "_handed", {"size": newest.size, "at": turn.now})
    note = bytes(newest.note)
    put(turn, MAIL, mails, "Head of a log of comments, to be kept", note.decode())
    put(turn, WEBHOOK, hooks, "", json.dumps({"event": "head", "head": note.decode()}))
    return note


def take(turn: Turn, most: int = 20) -> list[Message]:
    """Messages that are due; each is due again later unless :func:`sent` is told of it."""
    rows = turn.connection.execute(sa.select(_O).where(_O.c.due <= turn.now).order_by(_O.c.due).limit(most)).all()
    for row in rows:
        if row.tries >= MOST_TRIES:
            turn.execute(_O.delete().where(_O.c.id == row.id))
        else:
            due = turn.now + (LATER << row.tries)
            turn.execute(_O.update().where(_O.c.id == row.id).values(due=due, tries=row.tries + 1))
    return [Message(row.id, row.way, row.to, row.subject, row.body) for row in rows if row.tries < MOST_TRIES]


def sent(turn: Turn, number: int) -> None:
    """Forgets a message that was delivered."""
    turn.execute(_O.delete().where(_O.c.id == number))


def _remembered(turn: Turn, name: str) -> dict[str, Any]:
    found = turn.connection.execute(sa.select(_S.c.value).where(_S.c.name == name)).scalar()
    value: dict[str, Any] = json.loads(found) if found else {}
    return value


def _remember(turn: Turn, name: str, value: dict[str, Any]) -> None:
    turn.execute(_S.delete().where(_S.c.name == name))
    turn.execute(_S.insert(), {"name": name, "value": json.dumps(value)})
