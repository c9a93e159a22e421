"""Whether the trail is whole, the comments are what it adds up to, and it continues a head that somebody outside has.

1. every entry is there, in its place, in its one form; 2. each act was allowed when it was done; 3. every body is what
its entry commits to, and only those of redacted comments are missing; 4. the table of comments says the same;
5. every head is signed by the trail's key over the entries that it counts, and the newest covers all; 6. the head from
outside is that of this trail, or of its beginning.

Without 6 it is *consistent only*: whoever holds the server holds its key, and could have rewritten everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import sqlalchemy as sa

from wholetape.comments import tables
from wholetape.comments.replay import Replayed, enter
from wholetape.comments.revisions import Revision, TrailHeader, parse_leaf, verify_body
from wholetape.comments.states import State
from wholetape.errors import VerificationFailed, WholetapeError
from wholetape.log.checkpoint import Checkpoint, parse_checkpoint, signature_by
from wholetape.log.encoding import Json
from wholetape.log.keys import PublicKey
from wholetape.log.merkle import Tree
from wholetape.log.note import VerifierKey, parse_note

MOST_FAULTS = 50
Outside = Callable[[Checkpoint], bool]
"""True for the head that somebody outside has."""


@dataclass(frozen=True, slots=True)
class VerifiedTrail:
    """A trail in which nothing was found wrong. ``covered``: entries that a head from outside covers, None without."""

    origin: str
    entries: int
    comments: int
    covered: int | None
    destroyed: int

    def __bool__(self) -> NoReturn:
        raise TypeError("ask for `covered`: a trail without a head from outside is consistent only")


@dataclass
class _Found:
    tree: Tree = field(default_factory=Tree)
    header: TrailHeader | None = None
    comments: dict[str, Replayed] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    destroyed: int = 0

    def wrong(self, words: str) -> None:
        self.faults.append(words)
        if len(self.faults) >= MOST_FAULTS:
            raise _failed(self.faults)


def verify_trail(
    connection: sa.Connection, key: PublicKey | None = None, outside: Outside | None = None
) -> VerifiedTrail:
    """The verified trail.

    Args:
        connection: the database, not changed while this runs.
        key: the key that somebody trusts; else the one that the trail names.
        outside: recognises the head that somebody outside has.

    Raises:
        VerificationFailed: with everything that is wrong.
    """
    found = _Found()
    _entries(connection, found)
    _compare(connection, found)
    if found.header is None:
        raise _failed([*found.faults, "there is no trail"])
    if key is not None and key.signer != found.header.key:
        found.wrong(f"the trail is not signed by the key of {key.name} that you trust")
    _heads(connection, found, found.header.key)
    covered = _outside(found, outside)
    if found.faults:
        raise _failed(found.faults)
    return VerifiedTrail(found.header.origin, len(found.tree), len(found.comments), covered, found.destroyed)


def _entries(connection: sa.Connection, found: _Found) -> None:
    for row in _rows(connection):
        if row.n != len(found.tree):
            found.wrong(f"entry {len(found.tree)} is missing")
            raise _failed(found.faults)
        found.tree.append(row.leaf)
        try:
            leaf = parse_leaf(row.leaf)
            if isinstance(leaf, TrailHeader):
                _take_header(found, leaf, row)
            else:
                _take(found, leaf, row)
        except WholetapeError as problem:
            found.wrong(f"entry {row.n}: {problem}")


def _take_header(found: _Found, leaf: TrailHeader, row: Any) -> None:
    if row.n:
        raise VerificationFailed("a second header")
    found.header = leaf


def _take(found: _Found, entry: Revision, row: Any) -> None:
    if (row.comment, row.act) != (entry.comment, entry.act):
        raise VerificationFailed("its row tells of another comment or act than it does")
    said: Json | None = None
    if row.body is not None:
        if row.of != entry.comment:
            raise VerificationFailed("its body is filed under another comment")
        said = verify_body(entry, row.salt, row.body)
    enter(found.comments, row.n, entry, said)


def _rows(connection: sa.Connection) -> Iterator[Any]:
    revisions, bodies = tables.revisions.c, tables.bodies.c
    query = (
        sa.select(tables.revisions, bodies.comment.label("of"), bodies.salt, bodies.body)
        .select_from(tables.revisions.outerjoin(tables.bodies, revisions.n == bodies.n))
        .order_by(revisions.n)
    )
    yield from connection.execution_options(yield_per=1000).execute(query)


def _compare(connection: sa.Connection, found: _Found) -> None:
    """Bodies that should be there or gone, and the table of comments."""
    left = dict(found.comments)
    for uid, one in found.comments.items():
        gone = [n for n in one.missing if one.destroyed is None or n >= one.destroyed]
        if gone:
            found.wrong(f"what was said in entry {gone[0]} is missing, and was not redacted")
        found.destroyed += one.destroyed is not None
        if one.destroyed is not None and len(one.missing) != one.standing.acts - 1:
            found.wrong(f"comment {uid}: a text is still there that was redacted")
    for row in connection.execution_options(yield_per=1000).execute(sa.select(tables.comments)):
        known = left.pop(row.uid, None)
        if known is None:
            found.wrong(f"comment {row.uid} has no entry in the trail")
        else:
            for name in _differences(row, known):
                found.wrong(f"comment {row.uid}: its {name} is not what the trail says")
    for uid in left:
        found.wrong(f"comment {uid} of the trail is missing")
    shown = Counter(one.values["release"] for one in found.comments.values() if one.standing.state is State.PUBLISHED)
    for release, n in connection.execute(sa.select(tables.releases.c.release, tables.releases.c.shown)):
        if shown[release] != n:
            found.wrong(f"of {release} {n} comments are counted as public, and {shown[release]} are")
    orphans = sa.select(tables.bodies.c.n).where(tables.bodies.c.n.not_in(sa.select(tables.revisions.c.n)))
    for n in connection.execute(orphans).scalars():
        found.wrong(f"a text is filed under entry {n}, which there is not")


def _differences(row: Any, known: Replayed) -> Iterator[str]:
    standing = known.standing
    expected = known.values | {
        "state": standing.state,
        "edits": standing.edits,
        "touched": standing.touched,
        "answered": standing.answered,
        "version": standing.acts,
    }
    yield from (name for name, value in expected.items() if getattr(row, name) != value)


def _heads(connection: sa.Connection, found: _Found, key: VerifierKey) -> None:
    newest = 0
    query = sa.select(tables.heads.c.size, tables.heads.c.note).order_by(tables.heads.c.size)
    for size, data in connection.execution_options(yield_per=1000).execute(query):
        newest = size
        try:
            note = parse_note(data, "its note")
            head = parse_checkpoint(note.text)
            if not signature_by(note, key):
                raise VerificationFailed("it is not signed by the trail's key")
            if head.size != size or size > len(found.tree) or not _of(found, head):
                raise VerificationFailed("it is not that of these entries")
        except WholetapeError as problem:
            found.wrong(f"head {size}: {problem}")
    if newest != len(found.tree):
        found.wrong(f"no head covers the entries from {newest} on")


def _of(found: _Found, head: Checkpoint) -> bool:
    origin = found.header.origin if found.header else ""
    return head.origin == origin and found.tree.root(head.size) == head.root


def _outside(found: _Found, outside: Outside | None) -> int | None:
    if outside is None or found.header is None:
        return None
    for size in range(len(found.tree), 0, -1):
        if outside(Checkpoint(found.header.origin, size, found.tree.root(size))):
            return size
    found.wrong("the head from outside is neither that of this trail nor of a beginning of it")
    return None


def _failed(faults: list[str]) -> VerificationFailed:
    more = f" … and more than {MOST_FAULTS - 1} others" if len(faults) >= MOST_FAULTS else ""
    return VerificationFailed("; ".join(faults) + more, "keep the database as it is, and compare it with a backup")
