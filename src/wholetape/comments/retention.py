"""Periods of retention: what is destroyed or forgotten when its time is over, without anybody asking."""

from __future__ import annotations

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.acts import Actor, Words, act_on
from wholetape.comments.desk import Turn
from wholetape.comments.secret import DAY
from wholetape.comments.settings import Settings
from wholetape.comments.states import Act, Role, State

MOST = 200
"""Comments in one round: no round keeps others waiting for long."""
SOURCE_DAYS = 2
_C = tables.comments


def expire(turn: Turn, settings: Settings) -> int:
    """Destroys and forgets what is due; returns how many texts were destroyed."""
    due = [
        sa.and_(_C.c.state.in_((State.REJECTED, State.WITHDRAWN)), _C.c.acted < turn.now - settings.days_rejected * DAY)
    ]
    if settings.days_undecided:
        due.append(sa.and_(_C.c.state == State.QUEUED, _C.c.acted < turn.now - settings.days_undecided * DAY))
    uids = list(turn.connection.execute(sa.select(_C.c.uid).where(sa.or_(*due)).limit(MOST)).scalars())
    for uid in uids:
        act_on(turn, uid, Act.REDACTED, Actor(Role.SYSTEM), Words(reason="the period of retention is over"))
    forget = (
        (_C.update().where(_C.c.email.is_not(None), _C.c.decided < turn.now - settings.days_email * DAY), "email"),
        (_C.update().where(_C.c.source.is_not(None), _C.c.received < turn.now - SOURCE_DAYS * DAY), "source"),
    )
    for statement, column in forget:
        turn.execute(statement.values({column: None}))
    oldest = turn.now - settings.session_hours * 3_600_000
    turn.execute(tables.sessions.delete().where(tables.sessions.c.created < oldest))
    return len(uids)
