"""When a seal existed at the latest, and by whose clock: step 17 of ``docs/spec/seal.md``.

Authorities are trusted because the caller pinned their roots, never because the seal holds their certificates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log import ots
from wholetape.log.kinds import Segment
from wholetape.log.stamp import parse_stamp, verify_stamp
from wholetape.properties import Failure, Name, Property, Reason
from wholetape.seal.sealfile import Head, Seal

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_STAMP = re.compile(r"stamps/([0-9]{4})-[0-9]\.(tsr|ots)\Z")


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """What the time-stamps establish: the property, and the failure where one is over other bytes than its head."""

    property: Property
    failure: Failure | None
    existed: int | None = None
    """When the closing head existed at the latest, in seconds since 1970, by the earliest that counts."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A head that existed by ``latest``, seconds since 1970, by the clock of ``authority``; a ``root`` is one clock."""

    head: Head
    latest: int
    authority: str
    root: str


def judge_times(seal: Seal, roots: Sequence[Certificate], blocks: Sequence[str] = ()) -> TimeFacts:
    """What the stamps of ``seal`` say under the pinned ``roots``, and the hashes of pinned ``blocks``. Raises nothing.

    A stamp over other bytes than its head, or one that is none, is a failure. One by an authority that nobody pinned
    is not: it proves nothing.
    """
    found: list[_Found] = []
    open_ends: list[str] = []
    unknown: list[str] = []
    for name, data in seal.members.items():
        matched = _STAMP.match(name)
        if not matched:
            continue
        head = seal.earlier.get(int(matched[1]))
        if head is None:
            return _failed(f"{name} is over a head that is not in the seal")
        try:
            if matched[2] == "ots":
                told = _anchored(head, data, seal.members.get(name.removesuffix(".ots") + ".block"), blocks)
                if isinstance(told, _Found):
                    found.append(told)
                else:
                    open_ends.append(told)
                continue
            authority = parse_stamp(data, head.data).authority
        except (MalformedFile, VerificationFailed) as problem:
            return _failed(f"{name}: {problem}")
        try:
            by = verify_stamp(data, head.data, roots)
            found.append(_Found(head, by.stamp.latest, by.stamp.authority, by.root))
        except VerificationFailed:
            unknown.append(authority)
    closing = [one for one in found if one.head.checkpoint == seal.head.checkpoint and seal.close is not None]
    early = [one for one in found if one.head.checkpoint.size < seal.head.checkpoint.size]
    why = "; ".join([*_closing(closing), *_early(seal, early), *_unknown(unknown, bool(roots)), *open_ends])
    if not why:
        why = "the seal holds no time-stamp; the parties' own clocks prove nothing to others"
    names = tuple(dict.fromkeys(one.authority for one in closing))
    existed = min((one.latest for one in closing), default=None)
    return TimeFacts(Property(Name.NOT_AFTER, bool(closing), names, why), None, existed)


def _anchored(head: Head, data: bytes, header: bytes | None, blocks: Sequence[str]) -> _Found | str:
    """What a proof of OpenTimestamps says: a block that was pinned, or why it does not count."""
    try:
        ends = list(ots.attestations(ots.parse(data, head.data)))
    except UsageError as problem:
        return f"a proof of OpenTimestamps was not checked: {problem}"
    if header is None:
        heights = [str(end.height) for end in ends if isinstance(end, ots.InBlock)]
        where = f"leads to block {heights[0]}, whose header is not here" if heights else "is still pending"
        return f"a proof of OpenTimestamps {where}"
    block = ots.parse_block(header)
    end = next((end for end in ends if isinstance(end, ots.InBlock) and end.root == block.root), None)
    if end is None:
        raise VerificationFailed("the block beside it is not the one that the proof of OpenTimestamps leads to")
    if block.hash not in blocks:
        return f"a proof of OpenTimestamps leads to block {block.hash}, which is not pinned: look it up, and name it"
    return _Found(head, block.time + ots.SLACK, f"Bitcoin's block {end.height}", "bitcoin")


def _closing(found: Sequence[_Found]) -> list[str]:
    """The earliest time by which the closing head existed, and how many independent clocks say so."""
    if not found:
        return []
    first = min(found, key=lambda one: one.latest)
    words = f"the head existed by {utc(first.latest)}, by the clock of {first.authority}"
    others = [one for one in found if one.root != first.root]
    if others:
        second = min(others, key=lambda one: one.latest)
        return [f"{words}; {second.authority} says {utc(second.latest)}", *_signers(first, others)]
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
    first = min(found, key=lambda one: one.latest)
    leaves = seal.leaves[: first.head.checkpoint.size]
    seconds = sum(leaf.samples for leaf in leaves if isinstance(leaf, Segment)) / seal.header.rate
    when, who = utc(first.latest), first.authority
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
