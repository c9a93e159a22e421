"""When a seal existed at the latest, and by whose clock: step 17 of ``docs/spec/seal.md``.

Authorities are trusted because the caller pinned their roots, never because the seal holds their certificates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.kinds import Segment
from wholetape.log.stamp import VerifiedStamp, parse_stamp, verify_stamp
from wholetape.properties import Failure, Name, Property, Reason
from wholetape.seal.sealfile import Head, Seal

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_STAMP = re.compile(r"stamps/([0-9]{4})-[0-9]\.tsr\Z")


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """What the time-stamps establish: the property, and the failure where one is over other bytes than its head."""

    property: Property
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A verified stamp and the head that it is over."""

    head: Head
    by: VerifiedStamp


def judge_times(seal: Seal, roots: Sequence[Certificate]) -> TimeFacts:
    """What the RFC 3161 stamps of ``seal`` say under the pinned ``roots``. Raises nothing.

    A stamp over other bytes than its head, or one that is none, is a failure. One by an authority that nobody pinned
    is not: it proves nothing.
    """
    found: list[_Found] = []
    unknown: list[str] = []
    for name, data in seal.members.items():
        matched = _STAMP.match(name)
        if not matched:
            continue
        head = seal.earlier.get(int(matched[1]))
        if head is None:
            return _failed(f"{name} is over a head that is not in the seal")
        try:
            authority = parse_stamp(data, head.data).authority
        except (MalformedFile, VerificationFailed) as problem:
            return _failed(f"{name}: {problem}")
        try:
            found.append(_Found(head, verify_stamp(data, head.data, roots)))
        except VerificationFailed:
            unknown.append(authority)
    closing = [one for one in found if one.head.checkpoint == seal.head.checkpoint and seal.close is not None]
    early = [one for one in found if one.head.checkpoint.size < seal.head.checkpoint.size]
    why = "; ".join([*_closing(closing), *_early(seal, early), *_unknown(unknown, bool(roots))])
    if not why:
        why = "the seal holds no time-stamp; the parties' own clocks prove nothing to others"
    names = tuple(dict.fromkeys(one.by.stamp.authority for one in closing))
    return TimeFacts(Property(Name.NOT_AFTER, bool(closing), names, why), None)


def _closing(found: Sequence[_Found]) -> list[str]:
    """The earliest time by which the closing head existed, and how many independent clocks say so."""
    if not found:
        return []
    first = min(found, key=lambda one: one.by.stamp.latest)
    words = f"the head existed by {utc(first.by.stamp.latest)}, by the clock of {first.by.stamp.authority}"
    others = [one for one in found if one.by.root != first.by.root]
    if others:
        second = min(others, key=lambda one: one.by.stamp.latest)
        return [f"{words}; {second.by.stamp.authority} says {utc(second.by.stamp.latest)}", *_signers(first, others)]
    return [f"{words}, and no second authority's", *_signers(first, others)]


def _signers(first: _Found, others: Sequence[_Found]) -> list[str]:
    """Whose signatures every one of these stamps covers."""
    notes = [first.head.note, *(one.head.note for one in others)]
    names = [line.name for line in notes[0].signatures if all(line in note.signatures for note in notes)]
    return [f"stamped with the signatures of {', '.join(dict.fromkeys(names))}"] if names else []


def _early(seal: Seal, found: Sequence[_Found]) -> list[str]:
    """How much of the sound existed when the first early head was stamped."""
    if not found:
        return []
    first = min(found, key=lambda one: one.by.stamp.latest)
    leaves = seal.leaves[: first.head.checkpoint.size]
    seconds = sum(leaf.samples for leaf in leaves if isinstance(leaf, Segment)) / seal.header.rate
    when, who = utc(first.by.stamp.latest), first.by.stamp.authority
    return [f"its first {seconds:.0f} s existed by {when}, by the clock of {who}"]


def _unknown(names: Sequence[str], pinned: bool) -> list[str]:
    if not names:
        return []
    count = f"{len(names)} time-stamp{'s' if len(names) > 1 else ''}"
    if pinned:
        return [f"{count} by authorities that are not pinned ({', '.join(dict.fromkeys(names))}) prove nothing"]
    return [f"{count} not verified: pin the authorities' root certificates with --tsa-roots"]


def utc(seconds: int) -> str:
    """The moment so many seconds after 1970 as people write it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _failed(words: str) -> TimeFacts:
    return TimeFacts(Property(Name.NOT_AFTER, False, (), words), Failure(Reason.TIME, words))
