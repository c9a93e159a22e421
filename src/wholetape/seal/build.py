"""From a stream of segments to leaves, tree and seal: the same for a finished file and while recording.

A :class:`Builder` holds the tree and what the next leaf must be; it writes nothing. Live recording appends each line it
returns to disk before it adds the next; after a crash :meth:`Builder.resume` continues from the lines on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from wholetape.errors import MalformedFile
from wholetape.log.checkpoint import Checkpoint, sign
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Cipher, Close, Document, Event, FileFacts, Header, Leaf, Segment, What
from wholetape.log.leaves import encode_leaf, parse_leaf
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.log.salts import Label, commit, salt
from wholetape.seal.members import HEAD, LEAVES, SEED
from wholetape.seal.sealfile import Seal, from_members


@dataclass
class Count:
    """How many leaves of each kind there are, and how many samples: what order and closing are judged by."""

    segments: int = 0
    samples: int = 0
    documents: int = 0
    events: int = 0
    ciphers: int = 0
    covered: int = 0
    """Segments whose ciphertext is committed to."""
    closed: bool = False
    short: bool = False
    """The last segment has less than a second, and neither gap nor pause has followed it yet."""

    def take(self, leaf: Leaf, segment: int) -> str:
        """Counts ``leaf`` in; returns why it must not come here, or nothing. ``segment`` is a second's samples."""
        if self.closed:
            return "a leaf follows the closing one"
        match leaf:
            case Segment():
                if (leaf.n, leaf.first) != (self.segments, self.samples):
                    return f"segment {leaf.n} does not follow segment {self.segments - 1}"
                if leaf.samples > segment:
                    return f"segment {leaf.n} is longer than a segment"
                if self.short:
                    return f"segment {self.segments - 1} has less than a second, and neither gap nor pause follows"
                self.short = leaf.samples < segment
                self.segments, self.samples = self.segments + 1, self.samples + leaf.samples
            case Document():
                if leaf.n != self.documents:
                    return f"document {leaf.n} does not follow document {self.documents - 1}"
                self.documents += 1
            case Cipher():
                if leaf.first != self.covered or leaf.first + leaf.count > self.segments:
                    return "a ciphertext does not follow the one before, or is of segments that are not there yet"
                self.covered += leaf.count
                self.ciphers += 1
            case Event():
                if leaf.first + leaf.samples > self.samples:
                    return "an event lies beyond the sound so far"
                self.events += 1
                self.short = self.short and leaf.event not in (What.GAP, What.PAUSE)
            case Close():
                self.closed = True
                due = (self.segments, self.samples, self.documents, self.events, self.ciphers)
                if (leaf.segments, leaf.samples, leaf.documents, leaf.events, leaf.ciphers) != due:
                    return "the closing leaf does not count the leaves as they are"
            case Header():
                return "a second header"
        return ""


class Lines(Protocol):
    """The leaves' bytes: a list, or what reads them from disk."""

    def append(self, line: bytes, /) -> None:
        """One more."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> bytes: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass
class Builder:
    """A seal in the making. ``seed`` is the secret of its salts; ``lines`` are the leaves' bytes so far."""

    header: Header
    seed: bytes
    tree: Tree = field(default_factory=Tree)
    lines: Lines = field(default_factory=list[bytes])
    count: Count = field(default_factory=Count)

    def __post_init__(self) -> None:
        if not len(self.tree):
            self._append(encode_leaf(self.header))

    @classmethod
    def resume(cls, lines: Sequence[bytes], seed: bytes) -> Self:
        """The builder that had written ``lines``.

        Raises:
            MalformedFile: they are no leaves, or not in order.
        """
        header = parse_leaf(lines[0]) if lines else None
        if not isinstance(header, Header):
            raise MalformedFile("the first leaf of a seal is its header")
        builder = cls(header, seed)
        if lines[0] != builder.lines[0]:
            raise MalformedFile("the header is not in canonical form")
        for number, line in enumerate(lines[1:], 1):
            if why := builder.count.take(parse_leaf(line), header.segment):
                raise MalformedFile(f"leaf {number}: {why}")
            builder._append(line)
        return builder

    def segment(
        self, samples: int, sound: bytes | memoryview | None, rows: bytes | None, at: int | None = None
    ) -> bytes:
        """Adds a segment; returns its line.

        Args:
            samples: how many, at most ``header.segment``.
            sound: its canonical PCM, or None where the header has no sample format.
            rows: its rows of the print (``seal.rows``), or None.
            at: wall clock of its end, milliseconds since 1970.
        """
        n = self.count.segments
        committed = None if sound is None else commit(salt(self.seed, Label.SOUND, n), sound)
        printed = None if rows is None else commit(salt(self.seed, Label.PRINT, n), rows)
        return self.add(Segment(n, self.count.samples, samples, committed, printed, at))

    def document(self, name: str, content: bytes) -> bytes:
        """Adds something handed over; returns its line."""
        n = self.count.documents
        return self.add(document_leaf(self.seed, n, name, content))

    def close(
        self, reason: str, print_: FileFacts, *, file: FileFacts | None = None, pcm: bytes | None = None
    ) -> bytes:
        """Adds the last leaf; returns its line. ``print_`` and ``file`` are facts of whole files, ``pcm`` 32 bytes."""
        c = self.count
        return self.add(Close(reason, c.segments, c.samples, print_, file, pcm, c.documents, c.events, c.ciphers))

    def add(self, leaf: Leaf) -> bytes:
        """Adds any leaf but the header; returns its line, without a newline.

        Raises:
            ValueError: it must not come here.
        """
        if why := self.count.take(leaf, self.header.segment):
            raise ValueError(why)
        line = encode_leaf(leaf)
        self._append(line)
        return line

    @property
    def checkpoint(self) -> Checkpoint:
        """The head over the leaves so far."""
        return Checkpoint(self.header.origin, len(self.tree), self.tree.root())

    def head(self, key: PrivateKey) -> Note:
        """The head over the leaves so far, signed by the recorder."""
        return sign(Note(self.checkpoint.text, ()), key)

    def seal(self, head: Note, others: Mapping[str, bytes] | None = None) -> Seal:
        """The seal with this head, and other members by name (``keys/0000``, ``heads/0000``, …)."""
        members = {
            **(others or {}),
            HEAD: head.encode(),
            LEAVES: b"".join(line + b"\n" for line in self.lines),
            SEED: self.seed.hex().encode() + b"\n",
        }
        return from_members(members)

    def _append(self, line: bytes) -> None:
        self.tree.append(line)
        self.lines.append(line)


def document_leaf(seed: bytes, n: int, name: str, content: bytes) -> Document:
    """The leaf for document ``n``."""
    return Document(
        n,
        commit(salt(seed, Label.DOCUMENT_NAME, n), name.encode()),
        commit(salt(seed, Label.DOCUMENT, n), content),
    )


def key_members(files: Iterable[bytes]) -> dict[str, bytes]:
    """The members ``keys/…`` for the parties' ``.pub`` files, in the order of the header."""
    return {f"keys/{number:04}": data for number, data in enumerate(files)}
