"""What the parties' own microphones heard, by statements over their signatures that travel with the seal.

A cosignature covers hashes; only these say that the sound under them is the one that somebody else heard, too. They
are beside the tree: whoever has the seal can take some out, and what is left then says less. The tree's own events
tell, too, of sound that did not match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wholetape.errors import WholetapeError
from wholetape.log.keys import PublicKey
from wholetape.log.kinds import Event, What
from wholetape.log.statement import SoundStatement, Verdict, verify_statement
from wholetape.properties import Name, Property
from wholetape.seal.sealfile import Seal

Span = tuple[int, int]
_NAMED = 3
"""Stretches that are named in words; of more, how many there are."""


@dataclass
class _Heard:
    """What one party said, as half-open spans of samples."""

    matched: list[Span] = field(default_factory=list)
    other: list[Span] = field(default_factory=list)


def judge_heard(seal: Seal, pinned: Sequence[PublicKey], holds: bool) -> Property:
    """Whether parties with ``pinned`` keys, other than the recorder, heard the same with microphones of their own.

    Established when the seal ``holds``, one said so of some stretch, and none of them said the contrary of any. It is
    likeness to a robust print, second by second; ``why`` tells of how much.
    """
    total = sum(leaf.samples for leaf in seal.segments)
    parties = {party.name.encode(): party for party in seal.header.parties[1:]}
    found: dict[PublicKey, _Heard] = {}
    unknown: list[str] = []
    for name, data in seal.members.items():
        if not name.startswith("statements/"):
            continue
        party = parties.get(b"".join(data.split(b"\n", 6)[5:6]))
        statement = None if party is None else _statement(seal, data, party)
        if party is not None and statement is not None and party in pinned:
            _take(found.setdefault(party, _Heard()), statement, total)
        elif party is not None and statement is not None:
            unknown.append(party.name)
    for leaf in seal.leaves:
        if isinstance(leaf, Event) and leaf.event is What.NOT_MATCHED and (own := parties.get(leaf.party.encode())):
            if own in pinned:
                found.setdefault(own, _Heard()).other.append((leaf.first, leaf.first + leaf.samples))
            else:
                unknown.append(own.name)
    rate = seal.header.rate
    told = [_words(party.name, heard, total, rate) for party, heard in found.items()]
    if unknown:
        told.append(f"what {', '.join(dict.fromkeys(unknown))} said of it is not looked at: the key is not pinned")
    good = (
        holds and any(_length(heard.matched) for heard in found.values()) and not any(h.other for h in found.values())
    )
    names = tuple(party.name for party in found) if good else ()
    return Property(Name.HEARD, good, names, "; ".join(told) or "no party compared it with a microphone of its own")


def _statement(seal: Seal, data: bytes, party: PublicKey) -> SoundStatement | None:
    """The statement in ``data`` by ``party`` about a head of this seal; None for everything else."""
    try:
        statement = verify_statement(data, party)
    except WholetapeError:
        return None
    head = statement.head
    known = head.origin == seal.header.origin and 1 <= head.size <= len(seal.leaves)
    return statement if known and seal.tree.root(head.size) == head.root else None


def _take(heard: _Heard, statement: SoundStatement, total: int) -> None:
    for stretch in statement.stretches:
        span = (min(stretch.first, total), min(stretch.end, total))
        if span[0] < span[1] and stretch.verdict is Verdict.MATCHED:
            heard.matched.append(span)
        elif stretch.verdict is Verdict.NOT_MATCHED:
            heard.other.append(span)


def _words(name: str, heard: _Heard, total: int, rate: int) -> str:
    matched, other = _length(heard.matched), _length(heard.other)
    rest = total - _length([*heard.matched, *heard.other])
    parts = [f"{name}'s own microphone heard the same in {matched / rate:.1f} s of {total / rate:.1f} s"]
    if heard.other:
        spans = _joined(heard.other)
        where = ", ".join(f"{a / rate:.1f} s to {b / rate:.1f} s" for a, b in spans[:_NAMED])
        more = f" and {len(spans) - _NAMED} more" if len(spans) > _NAMED else ""
        parts.append(f"something else in {other / rate:.1f} s ({where}{more})")
    if rest:
        parts.append(f"{rest / rate:.1f} s were not compared")
    return ", ".join(parts)


def _joined(spans: Iterable[Span]) -> list[Span]:
    out: list[Span] = []
    for first, end in sorted(spans):
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((first, end))
    return out


def _length(spans: Iterable[Span]) -> int:
    return sum(end - first for first, end in _joined(spans))
