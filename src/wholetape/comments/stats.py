"""How moderation goes, in numbers that name nobody: for the transparency page, and for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.states import Act, State

SAMPLE = 10_000
"""Decisions over which times are taken: the newest ones."""
DAY = 86_400_000
"""Milliseconds."""
_R, _C = tables.revisions.c, tables.comments.c


@dataclass(frozen=True, slots=True)
class Transparency:
    """Entries of the trail by act, and how long decisions took, in ms, in the middle and at the ninth tenth."""

    acts: dict[str, int]
    waiting: int
    public: int
    median: int | None
    ninth: int | None


def transparency(connection: sa.Connection) -> Transparency:
    """What the whole trail adds up to."""
    counted: dict[str, int] = dict(connection.execute(sa.select(_R.act, sa.func.count()).group_by(_R.act)).all())
    states: dict[str, int] = dict(connection.execute(sa.select(_C.state, sa.func.count()).group_by(_C.state)).all())
    took = sorted(
        connection.execute(
            sa.select(_C.decided - _C.received).where(_C.decided.is_not(None)).order_by(_C.id.desc()).limit(SAMPLE)
        ).scalars()
    )
    return Transparency(
        {act: counted.get(act, 0) for act in Act if act is not Act.NOTED},
        states.get(State.QUEUED, 0),
        states.get(State.PUBLISHED, 0),
        took[len(took) // 2] if took else None,
        took[len(took) * 9 // 10] if took else None,
    )


def daily(connection: sa.Connection, at: int, days: int = 14) -> list[tuple[int, int, int]]:
    """For each of the last ``days`` days: its number since 1970, comments that came in, and decisions made."""
    first = at // DAY - days + 1
    came = _by_day(connection, _C.received, first)
    decided = _by_day(connection, _C.decided, first)
    return [(day, came.get(day, 0), decided.get(day, 0)) for day in range(first, first + days)]


def _by_day(connection: sa.Connection, column: sa.ColumnElement[Any], first: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for (moment,) in connection.execute(sa.select(column).where(column >= first * DAY)):
        found[moment // DAY] = found.get(moment // DAY, 0) + 1
    return found
