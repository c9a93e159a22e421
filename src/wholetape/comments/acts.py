"""What is done to one comment: the act is judged, entered in the trail, and the comment follows."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.desk import Turn
from wholetape.comments.outbox import tell_author
from wholetape.comments.revisions import Revision
from wholetape.comments.rules import LEGAL
from wholetape.comments.states import Act, Kind, Refused, Role, Standing, State, advance, first
from wholetape.errors import UsageError
from wholetape.log.encoding import Json

_COMMENTS = tables.comments
_TOLD = frozenset({Act.APPROVED, Act.EDITED, Act.REJECTED})
"""What an author who left an address is told of."""
NEEDS_REASON = frozenset({Act.EDITED, Act.REJECTED, Act.REDACTED})


class NotThere(Refused):
    """There is no such comment, or not for the one who asks."""


class Stale(Refused):
    """Somebody else acted on the comment since it was shown."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a role, and of members of the desk the account's number."""

    role: Role
    account: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with an act: a new text, a reason, the rule of the terms of use that it rests on."""

    text: str = ""
    reason: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class New:
    """A comment that comes in."""

    release: str
    text: str
    name: str = ""
    parent: str | None = None
    language: str = "en"
    kind: Kind = Kind.COMMENT
    note: str | None = None
    email: str | None = None
    status: bytes | None = None
    nonce: bytes | None = None
    source: str | None = None
    rank: int = 1
    likeness: str | None = None
    received: int | None = None
    """when another program took it, of what is imported"""


def sha256(data: bytes) -> bytes:
    """The hash under which tokens are kept."""
    return hashlib.sha256(data).digest()


def receive(turn: Turn, new: New, act: Act, actor: Actor) -> str:
    """Puts a new comment into the queue; returns its number, 32 hex digits."""
    standing = first(new.kind, act, actor.role)
    uid = secrets.token_hex(16)
    said: Json = {"language": new.language, "name": new.name, "text": new.text}
    if new.status is not None:
        said["status"] = new.status.hex()
    if new.note is not None:
        said["note"] = new.note
    if new.received is not None:
        said["received"] = new.received
    turn.enter(
        lambda body: Revision(
            uid, 1, new.kind, new.release, new.parent, act, actor.role, actor.account, turn.now, body
        ),
        said,
    )
    turn.waiting.comments.append(
        {
            "uid": uid,
            "kind": str(new.kind),
            "release": new.release,
            "parent": new.parent,
            "state": str(standing.state),
            "name": new.name,
            "text": new.text,
            "language": new.language,
            "note": new.note,
            "received": turn.now if new.received is None else new.received,
            "acted": turn.now,
            "status": new.status,
            "nonce": new.nonce,
            "email": new.email,
            "source": new.source,
            "rank": new.rank,
            "likeness": new.likeness,
        },
    )
    return uid


def act_on(turn: Turn, uid: str, act: Act, actor: Actor, words: Words = Words(), seen: int | None = None) -> Any:
    """Does ``act`` and returns the comment's row as it was before.

    Args:
        turn: the transaction.
        uid: which comment.
        act: what.
        actor: who.
        words: what is said with it.
        seen: the version that the actor decided on; None where there is nothing to overwrite.

    Raises:
        NotThere: there is no such comment.
        Stale: it has changed since ``seen``.
        Refused: the act is not allowed.
        UsageError: a reason is missing.
    """
    turn.flush()
    row = turn.connection.execute(sa.select(_COMMENTS).where(_COMMENTS.c.uid == uid)).one_or_none()
    if row is None:
        raise NotThere("there is no such comment")
    before = standing_of(row)
    after = advance(before, act, actor.role)
    if seen is not None and seen != row.version:
        raise Stale("somebody else acted on this comment since it was shown to you")
    said = _said(row, act, words)
    turn.enter(
        lambda body: Revision(
            uid,
            after.acts,
            before.kind,
            row.release,
            row.parent,
            act,
            actor.role,
            actor.account,
            turn.now,
            body,
        ),
        said,
    )
    turn.execute(
        _COMMENTS.update().where(_COMMENTS.c.uid == uid), _values(row, act, actor, words, before, after, turn.now)
    )
    if act is Act.REDACTED:
        _destroy(turn, uid, row.email)
    _count(turn, row.release, before, after)
    if row.email and act in _TOLD:
        tell_author(turn, row.email, row.release, act)
    return row


def standing_of(row: Any) -> Standing:
    """The standing that a comment's row tells of."""
    return Standing(Kind(row.kind), State(row.state), row.edits, row.answered, row.touched, row.version)


def _said(row: Any, act: Act, words: Words) -> Json:
    if act in NEEDS_REASON and not words.reason.strip():
        raise UsageError(f"what is {act} needs a reason", "its author reads it")
    if row.kind == Kind.STATEMENT and act is Act.REJECTED and words.rule not in LEGAL:
        raise Refused("a party's statement is rejected for law only: name the rule of law")
    if act in (Act.EDITED, Act.ANSWERED, Act.NOTED) and not words.text.strip():
        raise UsageError("there is no text", "write one")
    if act is Act.EDITED and words.text == row.text:
        raise UsageError("nothing was changed in the text", "change it, or leave it")
    said: Json = {}
    if act in (Act.EDITED, Act.ANSWERED, Act.NOTED):
        said["text"] = words.text
    if act in NEEDS_REASON:
        said |= {"reason": words.reason, "rule": words.rule}
    if act is Act.REDACTED:  # what stays of the comment: the entries that committed to it lose their bodies
        said |= {"language": row.language, "received": row.received}
        said |= {"status": row.status.hex()} if row.status is not None else {}
    return said


def _values(row: Any, act: Act, actor: Actor, words: Words, before: Standing, after: Standing, at: int) -> Json:
    values: Json = {
        "state": str(after.state),
        "edits": after.edits,
        "touched": after.touched,
        "answered": after.answered,
        "version": after.acts,
        "acted": at,
    }
    if act is Act.EDITED:
        values |= {"text": words.text, "edited": at, "edited_by": str(actor.role)}
    if act is Act.APPROVED:
        values["published"] = at if row.published is None else row.published
    if after.state is not State.QUEUED and before.state is State.QUEUED:
        values |= {"decided": at, "source": None, "likeness": None}
    if act is Act.REDACTED:
        values |= {"text": "", "name": "", "email": None, "note": None, "source": None, "likeness": None}
    return values


def _destroy(turn: Turn, uid: str, email: str | None) -> None:
    """Texts and salts of all entries before the one just made; and messages to its author."""
    turn.flush()
    bodies = tables.bodies
    newest = len(turn.trail.tree) - 1
    turn.execute(bodies.delete().where(bodies.c.comment == uid, bodies.c.n < newest))
    if email:
        turn.execute(tables.outbox.delete().where(tables.outbox.c.to == email))
    turn.execute(tables.backups.update(), {"stale": True})


def _count(turn: Turn, release: str, before: Standing, after: Standing) -> None:
    """Tells readers' caches that something public has changed."""
    was, is_now = before.state is State.PUBLISHED, after.state is State.PUBLISHED
    if not was and not is_now:
        return
    table = tables.releases
    change = {"changed": table.c.changed + 1, "shown": table.c.shown + int(is_now) - int(was)}
    if not turn.execute(table.update().where(table.c.release == release).values(change)).rowcount:
        turn.execute(table.insert(), {"release": release, "changed": 1, "shown": int(is_now)})
