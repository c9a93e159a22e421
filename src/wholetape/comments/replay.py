"""What the entries of a trail add up to: for each comment its standing and its words. Pure; :mod:`verify` uses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wholetape.comments.revisions import Revision
from wholetape.comments.states import Act, Kind, Refused, Standing, State, advance, first
from wholetape.log.encoding import Json


@dataclass
class Replayed:
    """A comment as its entries leave it; the names are those of the table ``comments``."""

    standing: Standing
    values: dict[str, Any]
    destroyed: int | None = None
    """the entry that destroyed the bodies before it"""
    missing: list[int] = field(default_factory=list)
    """entries whose bodies are not there"""


def enter(known: dict[str, Replayed], n: int, entry: Revision, said: Json | None) -> None:
    """Takes entry ``n`` into account; ``said`` is its body, None where it was destroyed.

    Raises:
        Refused: no program of this kind would have made it: out of order, or not allowed.
    """
    before = known.get(entry.comment)
    if before is None:
        standing = first(entry.kind, entry.act, entry.role)
        before = known[entry.comment] = Replayed(standing, _values(entry, said))
    else:
        standing = advance(before.standing, entry.act, entry.role)
        if (entry.kind, entry.release, entry.parent) != tuple(before.values[k] for k in ("kind", "release", "parent")):
            raise Refused("it names another release, parent or kind than the entries before it")
    if entry.number != standing.acts:
        raise Refused(f"it is number {entry.number} of its comment, not {standing.acts}")
    if said is None:
        before.missing.append(n)
    _follow(before, standing, entry, said or {})
    if entry.act is Act.REDACTED:
        before.destroyed = n


def _values(entry: Revision, said: Json | None) -> dict[str, Any]:
    said = said or {}
    return {
        "kind": Kind(entry.kind),
        "release": entry.release,
        "parent": entry.parent,
        "name": said.get("name", ""),
        "text": said.get("text", ""),
        "note": said.get("note"),
        "published": None,
        "edited": None,
        "edited_by": None,
        "decided": None,
        "acted": entry.at,
        **_left({"received": entry.at} | said),
    }


def _left(said: Json) -> dict[str, Any]:
    """What is known of a comment even when its words are redacted."""
    status = bytes.fromhex(said["status"]) if "status" in said else None
    return {"language": said.get("language"), "received": said.get("received"), "status": status}


def _follow(one: Replayed, after: Standing, entry: Revision, said: Json) -> None:
    values = one.values
    values["acted"] = entry.at
    if one.standing.state is State.QUEUED and after.state is not State.QUEUED:
        values["decided"] = entry.at
    if entry.act is Act.EDITED:
        values |= {"text": said.get("text", ""), "edited": entry.at, "edited_by": str(entry.role)}
    if entry.act is Act.APPROVED and values["published"] is None:
        values["published"] = entry.at
    if entry.act is Act.REDACTED:
        values |= {"text": "", "name": "", "note": None} | _left(said)
    one.standing = after
