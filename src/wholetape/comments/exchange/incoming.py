"""A comment that another program took, and how it comes into the queue: nothing imported is public by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.acts import Actor, New, act_on, receive
from wholetape.comments.desk import Desk, Turn
from wholetape.comments.revisions import RELEASE
from wholetape.comments.states import Act
from wholetape.comments.text import LIMITS, BadText, clean_email, clean_name, clean_text
from wholetape.errors import UsageError

LONGEST = 20_000
"""Code points of an imported comment."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One comment: ``key`` is its number there, ``parent`` that of the one it answers, ``page`` what it stood under."""

    key: str
    page: str
    text: str
    name: str = ""
    email: str = ""
    parent: str | None = None
    received: int | None = None
    public: bool = False
    """whether it was public there"""


@dataclass
class Imported:
    """What came of it."""

    taken: int = 0
    known: int = 0
    """left out because an earlier import had brought them"""
    refused: int = 0
    """texts that cannot be taken"""
    elsewhere: int = 0
    """of pages that are no release here"""


def bring_in(
    desk: Desk, system: str, comments: Iterable[Incoming], pages: dict[str, str], actor: Actor, approve: bool
) -> Imported:
    """Takes comments into the queue; with ``approve`` the actor approves at once those that were public.

    Answers to answers are put below the comment that the thread began with. ``pages`` tells for a page there which
    release it is here; a page whose address ends in the name of a release needs no entry, ``*`` is any other.

    Raises:
        UsageError: a page is mapped to what can be no release.
    """
    for name in pages.values():
        if not RELEASE.match(name):
            raise UsageError(f"{name!r} can be no release", "names have small letters, digits, dot, dash, underscore")
    told, here, tops = Imported(), dict[str, tuple[str, bool]](), dict[str, str]()
    for one in comments:
        release = _release(one.page, pages)
        if release is None:
            told.elsewhere += 1
            continue
        top: str | None = tops.get(one.parent, one.parent) if one.parent else None
        tops[one.key] = top or one.key
        parent = here.get(top, ("", False)) if top else ("", True)
        try:
            new = _new(one, release, parent[0] or None, system)
        except BadText:
            told.refused += 1
            continue
        known = _known(desk, new.nonce)
        if known is not None:
            told.known += 1
            here[one.key] = known, True
            continue
        public = approve and one.public and parent[1]

        def job(turn: Turn, new: New = new, public: bool = public) -> str:
            uid = receive(turn, new, Act.IMPORTED, actor)
            if public:
                act_on(turn, uid, Act.APPROVED, actor)
            return uid

        here[one.key] = desk.do(job).value, public
        told.taken += 1
    return told


def _new(one: Incoming, release: str, parent: str | None, system: str) -> New:
    return New(
        release,
        clean_text(one.text, LONGEST),
        clean_name(one.name[: LIMITS.name], LIMITS.name),
        parent,
        nonce=hashlib.sha256(f"{system} {one.page} {one.key}".encode("utf-8", "replace")).digest(),
        email=_email(one.email),
        received=one.received,
    )


def _email(given: str) -> str | None:
    try:
        return clean_email(given) or None
    except BadText:
        return None


def _known(desk: Desk, nonce: bytes | None) -> str | None:
    with desk.engine.connect() as connection:
        table = tables.comments.c
        found = connection.execute(sa.select(table.uid).where(table.nonce == nonce)).scalar()
    return None if found is None else str(found)


def _release(page: str, pages: dict[str, str]) -> str | None:
    if page in pages:
        return pages[page]
    last = page.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2].removesuffix(".html").lower()
    if "*" in pages:
        return pages["*"]
    return last if RELEASE.match(last) else None
