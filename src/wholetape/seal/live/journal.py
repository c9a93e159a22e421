"""The tree of a recording while it grows, on disk line by line; the view that a host serves to followers.

At any instant: the journal's leaves are a beginning of the tree; the sound of each is on disk before it; a head is
shown to nobody before all its leaves are on disk; a cosignature is acknowledged after its line is.
"""

from __future__ import annotations

import threading
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from wholetape.errors import MalformedFile, UsageError
from wholetape.log.checkpoint import parse_checkpoint
from wholetape.log.keys import PrivateKey
from wholetape.log.kinds import Close, Event, Header, Leaf, Segment, What
from wholetape.log.leaves import encode_leaf, parse_leaf
from wholetape.log.note import Note, parse_note
from wholetape.log.salts import Label, salt
from wholetape.seal.build import Builder
from wholetape.seal.live.lines import LeafLine, Line, Setup, SignedLine, StatementLine, parse_line
from wholetape.seal.live.params import COPY, JOURNAL
from wholetape.seal.live.rows import Rows, assemble, frame_at
from wholetape.seal.live.vault import decrypt, encrypt
from wholetape.store.folder import HeldFolder
from wholetape.store.lines import TwinLines
from wholetape.times import CLOCK_HZ


class LeafLines:
    """The leaves' bytes, read from disk when they are asked for: a list that takes no memory."""

    def __init__(self, log: TwinLines) -> None:
        self._log = log
        self._numbers = array("I")

    def placed(self, number: int) -> None:
        """The next leaf is in line ``number`` of the journal."""
        self._numbers.append(number)

    def append(self, line: bytes, /) -> None:
        """Nothing: a leaf is placed once it is on disk."""

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, number: int, /) -> bytes:
        return self.record(number).leaf

    def __iter__(self) -> Iterator[bytes]:
        for number in range(len(self)):
            yield self[number]

    def record(self, number: int) -> LeafLine:
        """The line of leaf ``number``."""
        line = parse_line(self._log.line(self._numbers[number]))
        assert isinstance(line, LeafLine)
        return line


class LiveJournal:
    """The journal in ``folder``; :meth:`create` and :meth:`open` make one. All methods may be called from any thread.

    ``rows_end`` is the frame up to which the print's rows are in it.
    """

    def __init__(self, log: TwinLines, setup: Setup, seed: bytes, header: Header, key: PrivateKey) -> None:
        self.setup, self.header = setup, header
        self._seed, self._key, self._log = seed, key, log
        self._lock = threading.RLock()
        self._leaves = LeafLines(log)
        self.builder = Builder(header, seed, lines=self._leaves)
        self._segments = array("I")
        self._asked: deque[Event] = deque(maxlen=10_000)
        self._kept: list[Rows] = []
        self.rows_end = 0
        self._head: Note | None = None

    @classmethod
    def create(cls, folder: HeldFolder, setup: Setup, seed: bytes, header: Header, key: PrivateKey) -> LiveJournal:
        """A new journal that holds the header; raises ``StorageFailed``."""
        log = TwinLines(folder.name(JOURNAL), folder.name(COPY))
        first = LeafLine(encode_leaf(header))
        log.append([setup.encode(), first.encode()])
        journal = cls(log, setup, seed, header, key)
        journal._replay(1, first, ())
        journal._sign()
        return journal

    @classmethod
    def open(cls, folder: HeldFolder, key: PrivateKey, identities: Sequence[Any] = ()) -> LiveJournal:
        """The journal that is in ``folder``, up to its last whole line.

        Raises:
            MalformedFile: it is damaged beyond what its copy makes good.
            UsageError: there is none, ``key`` is not the recorder's, or it is encrypted and ``identities`` are missing.
            VerificationFailed: the identities do not open it.
        """
        if not folder.exists(JOURNAL) and not folder.exists(COPY):
            raise UsageError(f"there is no recording in {folder.path!r}", "name the folder given to `record -o`")
        log = TwinLines(folder.name(JOURNAL), folder.name(COPY))
        if len(log) < 2:
            log.close()
            raise MalformedFile(
                f"the journal in {folder.path!r} holds nothing: recording had not begun, or both its copies are lost",
                "record into another folder; sound that is there can be sealed as a finished file, `wholetape seal`",
            )
        setup = Setup.parse(log.line(0))
        seed = setup.seed
        if seed is None:
            if not identities:
                log.close()
                raise UsageError("this recording is encrypted", "name an identity that opens it with --identity")
            seed = decrypt(setup.hidden, identities)
        first = parse_line(log.line(1))
        header = parse_leaf(first.leaf) if isinstance(first, LeafLine) else None
        if not isinstance(header, Header) or not isinstance(first, LeafLine):
            raise MalformedFile("the journal does not begin with a header")
        if header.parties[0] != key.public:
            log.close()
            raise UsageError(f"{key.name} did not make this recording", f"it needs the key of {header.parties[0].name}")
        journal = cls(log, setup, seed, header, key)
        journal._replay(1, first, identities)
        for number in range(2, len(log)):
            journal._replay(number, parse_line(log.line(number)), identities)
        journal._sign()
        return journal

    def _replay(self, number: int, line: Line, identities: Sequence[Any]) -> None:
        if not isinstance(line, LeafLine):
            return
        leaf = parse_leaf(line.leaf)
        if len(self._leaves):
            try:
                self.builder.add(leaf)
            except ValueError as problem:
                raise MalformedFile(f"the journal, leaf {len(self._leaves)}: {problem}") from problem
        self._place(number, leaf, line.rows)
        if line.rows is not None and line.hidden:
            self._kept.append(replace(line.rows, data=decrypt(line.rows.data, identities)))

    @property
    def hidden(self) -> bool:
        """Whether nothing of it may be on disk that is not encrypted."""
        return bool(self.setup.recipients)

    def commit(self, leaves: Sequence[tuple[Leaf, Rows | None]]) -> None:
        """Returns when ``leaves``, with the rows known by them, are in the tree, on disk, and under the head.

        Raises:
            StorageFailed: they are not on disk; nothing more may be committed.
        """
        with self._lock:
            lines = [self._line(self.builder.add(leaf), rows) for leaf, rows in leaves]
            start = len(self._log)
            self._log.append([line.encode() for line in lines])
            for number, (leaf, rows) in enumerate(leaves, start):
                self._place(number, leaf, rows)
            self._sign()

    def _line(self, leaf: bytes, rows: Rows | None) -> LeafLine:
        if rows is None or not self.hidden:
            return LeafLine(leaf, rows)
        self._kept.append(rows)
        return LeafLine(leaf, replace(rows, data=encrypt(rows.data, self.setup.recipients)), True)

    def _place(self, number: int, leaf: Leaf, rows: Rows | None) -> None:
        if isinstance(leaf, Segment):
            self._segments.append(len(self._leaves))
        self._leaves.placed(number)
        if rows is not None:
            self.rows_end = rows.end

    def _sign(self) -> None:
        self._head = self.builder.head(self._key)

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels."""
        assert self.header.sample_format is not None
        return self.header.channels * self.header.sample_format.width

    def segments(self) -> Iterator[Segment]:
        """The segment leaves, in order, from disk."""
        for number in range(len(self._segments)):
            leaf = parse_leaf(self._leaves[self._segments[number]])
            assert isinstance(leaf, Segment)
            yield leaf

    def events_so_far(self) -> Iterator[Event]:
        """The event leaves, in order, from disk."""
        for line in self._leaves:
            if b'"leaf":"event"' in line and isinstance(leaf := parse_leaf(line), Event):
                yield leaf

    def events(self, samples: int, at: int | None) -> list[Event]:
        """What hosts have asked for since, clipped to the sound so far."""
        found = []
        while self._asked:
            own = self._asked.popleft()
            first = samples if own.first < 0 else min(own.first, samples)
            found.append(replace(own, first=first, samples=min(own.samples, samples - first), at=at))
        return found

    def all_rows(self) -> Iterator[Rows]:
        """All rows, in order."""
        if self.hidden:
            yield from self._kept
            return
        for number in range(len(self._leaves)):
            if (rows := self._leaves.record(number).rows) is not None:
                yield rows

    def notes(self) -> tuple[list[Note], list[bytes]]:
        """All cosigned heads, in the order of their coming, and all statements."""
        signed, statements = [], []
        for payload in self._log:
            if payload.startswith((b'{"signed"', b'{"statement"')):
                line = parse_line(payload)
                if isinstance(line, SignedLine):
                    signed.append(parse_note(line.note, "a cosigned head"))
                elif isinstance(line, StatementLine):
                    statements.append(line.note)
        return signed, statements

    # What a host needs: seal/follow/view.py.

    def lines(self, first: int, end: int) -> Sequence[bytes]:
        """The leaves' bytes from ``first`` up to ``end``, all on disk."""
        with self._lock:
            return [self._leaves[n] for n in range(first, min(end, len(self._leaves)))]

    def head(self) -> Note:
        """The newest head, all of whose leaves are on disk, signed by the recorder."""
        with self._lock:
            assert self._head is not None
            return self._head

    def rows(self, n: int) -> tuple[bytes, bytes] | None:
        """Salt and rows of segment ``n``; None where they are not committed to, or the recording is encrypted."""
        with self._lock:
            if self.hidden or n >= len(self._segments):
                return None
            record = self._leaves.record(self._segments[n])
        leaf = parse_leaf(record.leaf)
        if not isinstance(leaf, Segment) or leaf.print is None or record.rows is None:
            return None
        mine = record.rows.since(frame_at(leaf.first, self.header.rate), len(self.header.print.tracks))
        return salt(self._seed, Label.PRINT, n), mine.data

    def whole_print(self) -> bytes | None:
        """The print of the recording, once it is closed; None before, and of an encrypted one."""
        last = parse_leaf(self.lines(len(self._leaves) - 1, len(self._leaves))[0])
        if self.hidden or not isinstance(last, Close) or last.file is None:
            return None
        heard = -(-last.samples * CLOCK_HZ // self.header.rate)
        return assemble(self.all_rows(), self.header.print.tracks, heard, last.file.sha256).encode()

    def cosigned(self, note: Note) -> None:
        """Returns when a head that a party has cosigned is on disk; raises ``StorageFailed``."""
        parse_checkpoint(note.text)
        with self._lock:
            self._log.append([SignedLine(note.encode()).encode()])

    def event(self, event: What, party: str, first: int, samples: int, detail: str) -> None:
        """Asks for an event leaf; returns at once."""
        self._asked.append(Event(event, first, samples, None, party, detail))

    def statement(self, data: bytes) -> None:
        """Returns when a party's statement is on disk; raises ``StorageFailed``."""
        with self._lock:
            self._log.append([StatementLine(data).encode()])

    def close(self) -> None:
        """Lets go of the files."""
        with self._lock:
            self._log.close()
