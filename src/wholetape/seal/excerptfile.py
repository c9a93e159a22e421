"""The ``.excerpt`` file: proof that some seconds lie at their place in a sealed recording, and nothing of the others.

``docs/spec/seal.md``, section Excerpt, is the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wholetape.errors import MalformedFile
from wholetape.log.encoding import Json, b64decode, b64encode, jcs, parse_jcs
from wholetape.log.fields import Fields
from wholetape.log.kinds import Close, Header, Segment
from wholetape.log.leaves import MAX_LEAF, parse_leaf
from wholetape.log.proof import Proof, encode_proof, parse_proof
from wholetape.seal.container import pack, unpack
from wholetape.seal.members import EXCERPT, EXCERPT_RULES, HEAD, LEAVES, OPENED
from wholetape.seal.sealfile import Head, Seal, parse_head

FORMAT = b"wholetape.excerpt/v1\n\n"
PROOFS = ("header", "first", "last", "close")
"""The leaves whose place is proven, in the order of their proofs: first and last are those of the excerpt."""
_MARK = b"PK\3\4"
_MOST_ROWS = 256 * 1000
"""Bytes of the rows of one segment at most: 825 for each of up to 256 tracks, and a little more in the last one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What opens the commitments of segment ``n``: salts, and its rows of the print; None where there is nothing."""

    n: int
    sound: bytes | None
    print: bytes | None
    rows: bytes | None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A proof of the right form, of which nothing is verified yet.

    ``seal`` has the leaves that are here: the header, those of the excerpt, the closing one. ``proofs`` are by the
    names of :data:`PROOFS`; ``opened`` has one entry for each segment, in order.
    """

    members: Mapping[str, bytes]
    seal: Seal
    proofs: Mapping[str, Proof]
    opened: tuple[Opened, ...]

    @property
    def segments(self) -> list[Segment]:
        """The excerpt's segments, at least one."""
        return self.seal.segments

    @property
    def close(self) -> Close:
        """The closing leaf."""
        last = self.seal.leaves[-1]
        assert isinstance(last, Close)
        return last

    @property
    def span(self) -> tuple[int, int]:
        """First sample of the excerpt, and the one after its last, on the recording's clock."""
        last = self.segments[-1]
        return self.segments[0].first, last.first + last.samples

    def encode(self) -> bytes:
        """The bytes of the ``.excerpt`` file."""
        return pack(self.members, EXCERPT_RULES)


def is_excerpt(data: bytes) -> bool:
    """True when a container's first member is that of an excerpt."""
    return data[:4] == _MARK and data[30:37] == EXCERPT.encode()


def encode_proofs(proofs: Mapping[str, Proof]) -> bytes:
    """The member ``excerpt``: its format, and the proofs of :data:`PROOFS`, which share most of their hashes."""
    return FORMAT + b"".join(encode_proof(proofs[place].index, proofs[place].path) for place in PROOFS)


def parse_proofs(data: bytes) -> dict[str, Proof]:
    """The proofs in the member ``excerpt``; :func:`encode_proofs` is the inverse.

    Raises:
        MalformedFile: anything that it would not have written.
    """
    if not data.startswith(FORMAT):
        raise MalformedFile("the excerpt is of a form that this version does not know", "a newer version may read it")
    blocks = data[len(FORMAT) :].split(b"\n\n")
    if len(blocks) != len(PROOFS) + 1 or blocks.pop():
        raise MalformedFile(
            "an excerpt has four proofs, of its header, its first and last segment, and its closing leaf"
        )
    return {
        place: parse_proof(block + b"\n\n", f"the proof of the excerpt's {place}")
        for place, block in zip(PROOFS, blocks, strict=True)
    }


def encode_opened(entry: Opened) -> bytes:
    """One line of the member ``opened``, without its newline."""

    def text(data: bytes | None) -> str | None:
        return None if data is None else b64encode(data)

    tree: Json = {"n": entry.n, "print": text(entry.print), "rows": text(entry.rows), "sound": text(entry.sound)}
    return jcs(tree)


def parse_excerpt(data: bytes) -> Excerpt:
    """The excerpt's proof in the bytes of a file; :meth:`Excerpt.encode` is the inverse.

    Raises:
        MalformedFile: it breaks its format.
        VerificationFailed: its header has a key of small order.
    """
    try:
        return excerpt_from(unpack(data, EXCERPT_RULES))
    except MalformedFile as problem:
        words = str(problem).replace("the seal", "the excerpt's proof").replace("not a seal", "not an excerpt's proof")
        raise MalformedFile(words, problem.hint.replace("wholetape seal", "wholetape excerpt")) from problem


def excerpt_from(members: Mapping[str, bytes]) -> Excerpt:
    """The excerpt with these members; raises as :func:`parse_excerpt` does."""
    for name in (EXCERPT, OPENED):
        if name not in members:
            raise MalformedFile(f"the seal has no member {name}")
    proofs = parse_proofs(members[EXCERPT])
    head = parse_head(members[HEAD], HEAD)
    raw = _lines(members[LEAVES], LEAVES, MAX_LEAF)
    leaves = tuple(parse_leaf(line) for line in raw)
    kinds = [type(leaf) for leaf in leaves]
    if len(leaves) < 3 or kinds.count(Header) != 1 or kinds.count(Close) != 1:
        raise MalformedFile("an excerpt has a header, segments, and a closing leaf, once each")
    header, between = leaves[0], kinds[1:-1]
    if not isinstance(header, Header) or kinds[-1] is not Close:
        raise MalformedFile("an excerpt begins with its header and ends with the closing leaf")
    if between[0] is not Segment or between[-1] is not Segment:
        raise MalformedFile("the leaves of an excerpt begin and end with a segment")
    if header.origin != head.checkpoint.origin:
        raise MalformedFile("the excerpt's header and head have different origins")
    opened = tuple(_opened(line) for line in _lines(members[OPENED], OPENED, 2 * _MOST_ROWS))
    segments = [leaf for leaf in leaves if isinstance(leaf, Segment)]
    if [entry.n for entry in opened] != [leaf.n for leaf in segments]:
        raise MalformedFile("an excerpt opens its own segments, each of them once, and no other")
    earlier: dict[int, Head] = {
        int(name[-4:]): parse_head(data, name) for name, data in members.items() if name.startswith("heads/")
    }
    return Excerpt(members, Seal(members, raw, leaves, header, head, earlier, None), proofs, opened)


def _lines(data: bytes, what: str, longest: int) -> tuple[bytes, ...]:
    if not data.endswith(b"\n"):
        raise MalformedFile(f"the excerpt's {what} do not end in a newline")
    lines = tuple(data[:-1].split(b"\n"))
    if any(len(line) > longest for line in lines):
        raise MalformedFile(f"the excerpt's {what} have a line that is too long")
    return lines


def _opened(line: bytes) -> Opened:
    fields = Fields(parse_jcs(line, "a line of opened"), "a line of opened")
    rows = fields.take("rows")
    if rows is not None:
        if type(rows) is not str or len(rows) > 2 * _MOST_ROWS:
            raise fields.wrong("rows")
        rows = b64decode(rows, "the rows of an excerpt")
    found = Opened(fields.integer("n"), fields.digest_or_none("sound"), fields.digest_or_none("print"), rows)
    fields.done()
    return found
