"""The lines of a recording's journal, as values and as bytes; ``docs/how-record-works.md`` defines them."""

from __future__ import annotations

from dataclasses import dataclass

from wholetape.errors import MalformedFile
from wholetape.log.encoding import Json, b64decode, b64encode, jcs, parse_jcs, unhex
from wholetape.log.fields import Fields
from wholetape.log.salts import SEED_BYTES
from wholetape.seal.live.rows import Rows

FORMAT = "wholetape.journal/v1"
_WHAT = "the journal"


@dataclass(frozen=True, slots=True)
class Setup:
    """The first line: the parties' ``.pub`` files, and the seed of the salts, plain or encrypted to ``recipients``."""

    keys: tuple[bytes, ...]
    seed: bytes | None
    hidden: bytes = b""
    recipients: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """The line's payload; :meth:`parse` is the inverse."""
        return jcs(
            {
                "format": FORMAT,
                "hidden": b64encode(self.hidden),
                "keys": [key.decode() for key in self.keys],
                "recipients": list(self.recipients),
                "seed": None if self.seed is None else self.seed.hex(),
            }
        )

    @staticmethod
    def parse(data: bytes) -> Setup:
        """The setup in ``data``; raises ``MalformedFile``."""
        f = Fields(parse_jcs(data, _WHAT), _WHAT)
        if f.text("format") != FORMAT:
            raise MalformedFile("the journal is of another version of this program")
        keys, recipients = f.items("keys", 1), f.texts("recipients")
        hidden, seed = b64decode(f.text("hidden", 1 << 17), _WHAT), f.take("seed")
        if not all(type(key) is str for key in keys) or not (seed is None or type(seed) is str):
            raise f.wrong("keys")
        f.done()
        plain = None if seed is None else unhex(seed, SEED_BYTES, _WHAT)
        return Setup(tuple(key.encode() for key in keys), plain, hidden, recipients)


@dataclass(frozen=True, slots=True)
class LeafLine:
    """A leaf's bytes, and the rows that became known with it; ``hidden`` where their data is encrypted."""

    leaf: bytes
    rows: Rows | None = None
    hidden: bool = False

    def encode(self) -> bytes:
        """The line's payload."""
        line: Json = {"leaf": parse_jcs(self.leaf, _WHAT)}
        if self.rows is not None:
            line["rows"] = {
                "data": b64encode(self.rows.data),
                "end": self.rows.end,
                "first": self.rows.first,
                "hidden": self.hidden,
            }
        return jcs(line)


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A head that a party has cosigned, as a note."""

    note: bytes

    def encode(self) -> bytes:
        """The line's payload."""
        return jcs({"signed": self.note.decode()})


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A party's statement, as a note."""

    note: bytes

    def encode(self) -> bytes:
        """The line's payload."""
        return jcs({"statement": self.note.decode()})


Line = LeafLine | SignedLine | StatementLine


def parse_line(data: bytes) -> Line:
    """Any line but the first; raises ``MalformedFile``."""
    tree = parse_jcs(data, _WHAT)
    for name, kind in (("signed", SignedLine), ("statement", StatementLine)):
        if set(tree) == {name} and type(tree[name]) is str:
            return kind(tree[name].encode())
    leaf, rows = tree.pop("leaf", None), tree.pop("rows", None)
    if type(leaf) is not dict or tree or not (rows is None or type(rows) is dict):
        raise MalformedFile("the journal has a line that means nothing")
    if rows is None:
        return LeafLine(jcs(leaf))
    f = Fields(rows, _WHAT)
    first, end, hidden = f.integer("first"), f.integer("end"), f.boolean("hidden")
    made = Rows(first, end, b64decode(f.text("data", 1 << 26), _WHAT))
    f.done()
    return LeafLine(jcs(leaf), made, hidden)
