"""A reader's comment on its way into the queue: judged, bounded per source, entered, and answered with a receipt."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import func

from wholetape.comments import tables
from wholetape.comments.acts import Actor, New, receive, sha256
from wholetape.comments.desk import Turn
from wholetape.comments.secret import Secret, digest16
from wholetape.comments.settings import Settings
from wholetape.comments.states import Act, Kind, Refused, Role, State
from wholetape.comments.text import LIMITS, clean_email, clean_name, clean_text, likeness, skeleton
from wholetape.errors import UsageError

MOST_ALIKE = 1000
"""Copies of one text that are told apart in their order."""
RESERVED = ("moderator", "administrator", "admin", "editor", "publisher", "wholetape")


class Full(Refused):
    """Too many comments wait: of this source, or altogether."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TakenName(UsageError):
    """A name that readers would take for somebody's who has a standing here."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form brought, judged and ready for the queue."""

    release: str
    text: str
    name: str
    email: str | None
    parent: str | None
    language: str
    nonce: bytes
    source: str
    shared: bool = False


def draft(
    release: str, fields: dict[str, str], language: str, settings: Settings, nonce: bytes, source: str, shared: bool
) -> Draft:
    """The comment that a form's ``fields`` (text, name, email, parent) are; raises ``BadText``."""
    return Draft(
        release,
        clean_text(fields.get("text", ""), settings.longest),
        clean_name(fields.get("name", ""), LIMITS.name),
        clean_email(fields.get("email", "")) or None,
        fields.get("parent") or None,
        language,
        nonce,
        source,
        shared,
    )


def status_token(secret: Secret, nonce: bytes) -> str:
    """The private link's token: the same for a form that is sent twice, and known to nobody else."""
    return base64.urlsafe_b64encode(secret.mac("status", nonce)[:24]).decode()


@dataclass(frozen=True, slots=True)
class Submit:
    """The job that enters a draft; its value is the comment's number, or None when this form was taken before."""

    reads_trail: ClassVar[bool] = False
    draft: Draft
    secret: Secret
    settings: Settings

    def __call__(self, turn: Turn) -> str | None:
        """Does it; raises ``Refused``."""
        draft, kind = self.draft, digest16(likeness(self.draft.text))
        nonce = sha256(draft.nonce)
        known, waiting, alike = turn.connection.execute(
            _COUNTS, {"nonce": nonce, "source": draft.source, "likeness": kind, "queued": State.QUEUED}
        ).one()
        for row in turn.waiting.comments:
            known += row["nonce"] == nonce
            waiting += row["source"] == draft.source
            alike += row["likeness"] == kind
        if known:
            return None
        if not self.settings.open:
            raise Full("closed", "comments are closed")
        self._judge_parent(turn)
        self._judge_name(turn)
        if waiting >= (self.settings.shared_per_source if draft.shared else self.settings.per_source):
            raise Full("source", "too many comments of this source wait")
        return receive(
            turn,
            New(
                draft.release,
                draft.text,
                draft.name,
                draft.parent,
                draft.language,
                email=draft.email,
                status=sha256(status_token(self.secret, draft.nonce).encode()),
                nonce=nonce,
                source=draft.source,
                rank=1 + max(waiting, alike),
                likeness=kind,
            ),
            Act.RECEIVED,
            Actor(Role.AUTHOR),
        )

    def _judge_parent(self, turn: Turn) -> None:
        """Answers are given to public comments of the same page, and not to answers."""
        if self.draft.parent is None:
            return
        table = tables.comments.c
        found = turn.connection.execute(
            sa.select(table.parent).where(
                table.uid == self.draft.parent,
                table.release == self.draft.release,
                table.state == State.PUBLISHED,
                table.kind == Kind.COMMENT,
            )
        ).one_or_none()
        if found is None or found.parent is not None:
            raise Full("parent", "the comment that this answers is not there any more")

    def _judge_name(self, turn: Turn) -> None:
        name = skeleton(self.draft.name)
        if not name:
            return
        names = turn.connection.execute(_NAMES).scalars()
        if name in {*map(skeleton, RESERVED), *map(skeleton, names)}:
            raise TakenName("this name is taken by somebody who has a standing here", "choose another, or none")


def _counts() -> sa.Select[Any]:
    """Whether a form was taken before, how many comments of its source wait, and how many with its letters: at once."""
    table, queued = tables.comments.c, tables.comments.c.state == sa.bindparam("queued")
    count = sa.select(func.count())
    known = count.where(table.nonce == sa.bindparam("nonce")).scalar_subquery()
    waiting = count.where(table.source == sa.bindparam("source"), queued).scalar_subquery()
    some = sa.select(sa.literal(1)).where(table.likeness == sa.bindparam("likeness"), queued).limit(MOST_ALIKE)
    return sa.select(known, waiting, count.select_from(some.subquery()).scalar_subquery())


_COUNTS = _counts()
_NAMES = sa.union(sa.select(tables.accounts.c.name), sa.select(tables.parties.c.name))
