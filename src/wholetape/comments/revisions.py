"""The entries of the trail: leaves of a tree, and the bodies that they commit to. ``docs/spec/comments.md``.

A leaf tells what was done, when, to which comment, by which role; what was said is in its body, of which the leaf holds
a salted commitment only. When a body and its salt are destroyed, the leaf tells nothing of it any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from wholetape.comments.states import Act, Kind, Role
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.checkpoint import ORIGIN
from wholetape.log.encoding import Json, b64encode, jcs, parse_jcs
from wholetape.log.fields import Fields
from wholetape.log.note import VerifierKey, parse_vkey
from wholetape.log.salts import commit

FORMAT = "wholetape.comments/v1"
SALT_BYTES = 32
RELEASE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")
"""Names of releases: what a folder may be called on any system, without capitals."""
UID = re.compile(r"[0-9a-f]{32}\Z")
_ACTOR = re.compile(r"(?:[0-9a-f]{16})?\Z")
MAX_LEAF = 1 << 12


@dataclass(frozen=True, slots=True)
class TrailHeader:
    """Leaf 0: which trail this is, and the key that signs its heads."""

    leaf: ClassVar[str] = "header"
    origin: str
    key: VerifierKey


@dataclass(frozen=True, slots=True)
class Revision:
    """One act on one comment. ``at`` in ms since 1970; ``actor`` is an account's number, empty for authors."""

    leaf: ClassVar[str] = "revision"
    comment: str
    number: int
    kind: Kind
    release: str
    parent: str | None
    act: Act
    role: Role
    actor: str
    at: int
    body: bytes


def encode_leaf(leaf: TrailHeader | Revision) -> bytes:
    """The leaf's bytes, JCS; :func:`parse_leaf` is the inverse."""
    if isinstance(leaf, TrailHeader):
        return jcs({"format": FORMAT, "key": str(leaf.key), "leaf": leaf.leaf, "origin": leaf.origin})
    return jcs(
        {
            "act": str(leaf.act),
            "actor": leaf.actor,
            "at": leaf.at,
            "body": b64encode(leaf.body),
            "comment": leaf.comment,
            "kind": str(leaf.kind),
            "leaf": leaf.leaf,
            "number": leaf.number,
            "parent": leaf.parent,
            "release": leaf.release,
            "role": str(leaf.role),
        }
    )


def parse_leaf(data: bytes) -> TrailHeader | Revision:
    """The leaf that ``data`` holds; raises ``MalformedFile`` for what :func:`encode_leaf` would not have written."""
    if len(data) > MAX_LEAF:
        raise MalformedFile("an entry of the trail is too long")
    fields = Fields(parse_jcs(data, "an entry of the trail"), "an entry of the trail")
    leaf = _header(fields) if fields.text("leaf") == TrailHeader.leaf else _revision(fields)
    fields.done()
    if encode_leaf(leaf) != data:
        raise MalformedFile("an entry of the trail is not in its one form")
    return leaf


def encode_body(members: Json) -> bytes:
    """The bytes of a body: JCS."""
    return jcs(members)


def commitment(salt: bytes, body: bytes) -> bytes:
    """What a leaf holds of its body."""
    return commit(salt, body)


def verify_body(revision: Revision, salt: bytes, body: bytes) -> Json:
    """The members of ``body`` when it is what ``revision`` commits to.

    Raises:
        VerificationFailed: it is another.
        MalformedFile: it is not in canonical form.
    """
    if len(salt) != SALT_BYTES or commitment(salt, body) != revision.body:
        raise VerificationFailed("what was said is not what the trail commits to")
    return parse_jcs(body, "the body of an entry")


def _header(fields: Fields) -> TrailHeader:
    if fields.text("format") != FORMAT:
        raise MalformedFile(f"the trail is not {FORMAT}", "a newer version of the program may read it")
    origin = fields.text("origin")
    if not ORIGIN.match(origin):
        raise fields.wrong("origin")
    return TrailHeader(origin, parse_vkey(fields.text("key")))


def _revision(fields: Fields) -> Revision:
    parent = fields.take("parent")
    if parent is not None and not (type(parent) is str and UID.match(parent)):
        raise fields.wrong("parent")
    return Revision(
        _matching(fields, "comment", UID),
        fields.integer("number"),
        fields.one_of("kind", Kind),
        _matching(fields, "release", RELEASE),
        parent,
        fields.one_of("act", Act),
        fields.one_of("role", Role),
        _matching(fields, "actor", _ACTOR),
        fields.integer("at"),
        fields.digest("body"),
    )


def _matching(fields: Fields, name: str, form: re.Pattern[str]) -> str:
    text = fields.text(name)
    if not form.match(text):
        raise fields.wrong(name)
    return text
