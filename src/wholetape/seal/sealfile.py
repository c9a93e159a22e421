"""A seal that was read: its leaves, head and members, whose form is right and of which nothing is verified yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wholetape.errors import MalformedFile, UsageError
from wholetape.log.checkpoint import Checkpoint, parse_checkpoint
from wholetape.log.encoding import unhex
from wholetape.log.keys import PublicKey, parse_public
from wholetape.log.kinds import Close, Header, Leaf, Segment
from wholetape.log.leaves import MAX_LEAF, SHORTEST_LEAF, parse_leaf
from wholetape.log.merkle import Tree
from wholetape.log.note import Note, parse_note
from wholetape.log.salts import SEED_BYTES
from wholetape.seal.container import pack, unpack
from wholetape.seal.members import HEAD, LEAVES, SEED

_NUMBERED = re.compile(r"(\w+)/(\d{4})\Z")


@dataclass(frozen=True, slots=True)
class Head:
    """A head as it was signed: the bytes of its note, parsed, and its checkpoint. Signatures unchecked."""

    data: bytes
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal of the right form: steps 1 to 6 of the specification hold, and no more. Not verified by existing.

    ``raw`` are the leaves' bytes, ``leaves`` what they say; ``earlier`` the members ``heads/…`` by their number;
    ``seed`` is None in a public seal; ``members`` all members by name.
    """

    members: Mapping[str, bytes]
    raw: tuple[bytes, ...]
    leaves: tuple[Leaf, ...]
    header: Header
    head: Head
    earlier: Mapping[int, Head]
    seed: bytes | None

    @property
    def tree(self) -> Tree:
        """The tree over the leaves; computed anew at each call."""
        return Tree(self.raw)

    @property
    def segments(self) -> list[Segment]:
        """The segment leaves, in order."""
        return [leaf for leaf in self.leaves if type(leaf) is Segment]

    @property
    def close(self) -> Close | None:
        """The closing leaf, or None of an unfinished seal."""
        last = self.leaves[-1]
        return last if isinstance(last, Close) else None

    def encode(self) -> bytes:
        """The bytes of the ``.seal`` file."""
        return pack(self.members)

    def with_(self, changes: Mapping[str, bytes | None]) -> Seal:
        """This seal with some members added, replaced, or (None) taken out.

        Raises:
            MalformedFile: the result would break the format.
        """
        members = {**self.members, **changes}
        return from_members({name: data for name, data in members.items() if data is not None})

    def public(self) -> Seal:
        """This seal without what must not be published: the seed of the salts."""
        return self.with_({SEED: None})


def parse_seal(data: bytes) -> Seal:
    """The seal in the bytes of a ``.seal`` file; :meth:`Seal.encode` is the inverse.

    Raises:
        MalformedFile: steps 1 to 6 of the specification do not hold.
        VerificationFailed: a key of small order, or one whose possession is not proved.
    """
    return from_members(unpack(data))


def from_members(members: Mapping[str, bytes]) -> Seal:
    """The seal with these members; raises as :func:`parse_seal` does."""
    head = parse_head(members[HEAD], "head")
    raw = tuple(_lines(members[LEAVES]))
    leaves = tuple(_parsed(raw))
    header = leaves[0]
    if not isinstance(header, Header) or any(isinstance(leaf, Header) for leaf in leaves[1:]):
        raise MalformedFile("the first leaf of a seal, and no other, is its header")
    if header.origin != head.checkpoint.origin:
        raise MalformedFile("the seal's header and head have different origins")
    _check_keys(members, header.parties)
    earlier = {int(m[2]): parse_head(members[n], n) for n in members if (m := _NUMBERED.match(n)) and m[1] == "heads"}
    seed = None
    if SEED in members:
        text = members[SEED].decode("ascii", "replace")
        if not text.endswith("\n"):
            raise MalformedFile("the seal's private/seed does not end in a newline")
        seed = unhex(text[:-1], SEED_BYTES, "the seal's private/seed")
    return Seal(members, raw, leaves, header, head, earlier, seed)


def parse_head(data: bytes, what: str) -> Head:
    """The head in a signed note; raises ``MalformedFile``."""
    note = parse_note(data, f"the seal's {what}")
    return Head(data, note, parse_checkpoint(note.text))


def _lines(data: bytes) -> Iterator[bytes]:
    if not data.endswith(b"\n"):
        raise MalformedFile("the seal's leaves do not end in a newline")
    if data.count(b"\n") > len(data) // SHORTEST_LEAF + 1:
        raise MalformedFile("the seal's leaves are too short to be any")  # before each takes memory of its own
    yield from data[:-1].split(b"\n")


def _parsed(raw: tuple[bytes, ...]) -> Iterator[Leaf]:
    for number, line in enumerate(raw):
        if len(line) > MAX_LEAF:
            raise MalformedFile(f"leaf {number} is too long")
        try:
            yield parse_leaf(line)
        except MalformedFile as problem:
            raise MalformedFile(f"leaf {number}: {problem}", problem.hint) from problem


def _check_keys(members: Mapping[str, bytes], parties: tuple[PublicKey, ...]) -> None:
    for name, data in members.items():
        found = _NUMBERED.match(name)
        if found and found[1] == "keys":
            number = int(found[2])
            try:
                key = parse_public(data, f"the seal's {name}")
            except UsageError as problem:  # a private key, or whatever else a person would be told about
                raise MalformedFile(f"{problem}", problem.hint) from problem
            if number >= len(parties) or parties[number] != key:
                raise MalformedFile(f"the seal's {name} is not the key of the party of that number")
