"""Who may do what with a comment, and what becomes of it: a state machine, pure.

A comment is public in one state only, ``published``, and one act only leads there, ``approved``, by a moderator or an
administrator. Nothing else in the program decides what readers see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from wholetape.errors import Exit, WholetapeError


class State(StrEnum):
    """Where a comment stands."""

    QUEUED = "queued"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REDACTED = "redacted"


class Role(StrEnum):
    """Who acts. An auditor reads everything and changes nothing; ``system`` keeps the periods of retention."""

    AUTHOR = "author"
    PARTY = "party"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"


class Act(StrEnum):
    """What is done; each is one entry of the trail."""

    RECEIVED = "received"
    IMPORTED = "imported"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    NOTED = "noted"
    REDACTED = "redacted"


class Kind(StrEnum):
    """A reader's comment, or the signed statement of a party, of which nothing may be edited."""

    COMMENT = "comment"
    STATEMENT = "statement"


class Refused(WholetapeError):
    """An act that is not allowed: by this role, in this state, or not any more."""

    exit_code = Exit.NOT


@dataclass(frozen=True, slots=True)
class Standing:
    """What the acts so far have made of a comment."""

    kind: Kind
    state: State
    edits: int = 0
    answered: bool = False
    touched: bool = False
    """True once a moderator has edited or rejected it: then its author may answer."""
    acts: int = 1


@dataclass(frozen=True, slots=True)
class _Rule:
    roles: frozenset[Role]
    states: frozenset[State]
    to: State | None = None


_DESK = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
_AUTHORS = frozenset({Role.AUTHOR, Role.PARTY})
_ANY = frozenset(State)
_LIVE = frozenset({State.QUEUED, State.PUBLISHED})
_RULES = {
    Act.APPROVED: _Rule(_DESK, frozenset({State.QUEUED, State.REJECTED}), State.PUBLISHED),
    Act.EDITED: _Rule(_DESK, _LIVE),
    Act.REJECTED: _Rule(_DESK, _LIVE, State.REJECTED),
    Act.WITHDRAWN: _Rule(_AUTHORS, _LIVE | {State.REJECTED}, State.WITHDRAWN),
    Act.ANSWERED: _Rule(frozenset({Role.AUTHOR}), _LIVE | {State.REJECTED}),
    Act.NOTED: _Rule(_DESK, _ANY - {State.REDACTED}),
    Act.REDACTED: _Rule(_DESK | {Role.SYSTEM}, _ANY - {State.REDACTED}, State.REDACTED),
}
_FIRST = {
    (Act.RECEIVED, Kind.COMMENT): frozenset({Role.AUTHOR}),
    (Act.RECEIVED, Kind.STATEMENT): frozenset({Role.PARTY}),
    (Act.IMPORTED, Kind.COMMENT): frozenset({Role.ADMINISTRATOR}),
}


def first(kind: Kind, act: Act, role: Role) -> Standing:
    """The standing of a comment that comes in: always in the queue, whoever sends it.

    Raises:
        Refused: nothing begins like this.
    """
    if role not in _FIRST.get((act, kind), frozenset()):
        raise Refused(f"nothing begins with {act} by the {role}")
    return Standing(kind, State.QUEUED)


def advance(standing: Standing, act: Act, role: Role) -> Standing:
    """The standing after ``act`` by ``role``.

    Raises:
        Refused: this role may not, it is too late, or there is nothing to answer.
    """
    if why := _why_not(standing, act, role):
        raise Refused(why)
    after = replace(standing, state=_RULES[act].to or standing.state, acts=standing.acts + 1)
    if act is Act.EDITED:
        return replace(after, edits=after.edits + 1, touched=True)
    if act is Act.REJECTED:
        return replace(after, touched=True)
    return replace(after, answered=True) if act is Act.ANSWERED else after


def may(standing: Standing, act: Act, role: Role) -> bool:
    """True when :func:`advance` would not refuse."""
    return not _why_not(standing, act, role)


def is_public(standing: Standing) -> bool:
    """True when readers may see its text."""
    return standing.state is State.PUBLISHED


def _why_not(standing: Standing, act: Act, role: Role) -> str:
    rule = _RULES.get(act)
    if rule is None:
        return f"a comment that is there cannot be {act} again"
    if role not in rule.roles:
        return f"the {role} may not do this: {act}"
    if standing.state not in rule.states:
        return f"it is {standing.state}, and cannot be {act}"
    if standing.kind is Kind.STATEMENT and act in (Act.EDITED, Act.ANSWERED):
        return "a party's statement is signed: it is published as it is, or rejected for law"
    if act is Act.WITHDRAWN and (role is Role.PARTY) != (standing.kind is Kind.STATEMENT):
        return "only who sent it withdraws it"
    if act is Act.ANSWERED and (standing.answered or not standing.touched):
        return "there is one answer, to a moderator's edit or rejection"
    return ""
