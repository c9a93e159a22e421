"""What a follower has been shown of one recording, every bit of it checked: a state machine without a network.

It accepts a head only when the recorder signed it, it continues the last one (RFC 9162 consistency proof), and the
leaves make its root; leaves only in the order that a seal demands; rows of the print only where the leaf commits to
them. What contradicts itself raises, and is evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.checkpoint import Checkpoint, parse_checkpoint, signature_by
from wholetape.log.keys import PublicKey
from wholetape.log.kinds import Close, Event, Header, Leaf, Segment, What
from wholetape.log.leaves import parse_leaf
from wholetape.log.merkle import Tree, verify_consistency
from wholetape.log.note import Note, parse_note
from wholetape.log.salts import commit
from wholetape.seal.build import Count
from wholetape.seal.follow.messages import News, Rows


class Contradiction(VerificationFailed):
    """The recorder or a party signed heads of one recording that do not go together; ``notes`` are those heads."""

    def __init__(self, message: str, notes: Sequence[bytes], hint: str = "") -> None:
        super().__init__(message, hint or "keep the folder: the two heads in it prove it to anybody")
        self.notes = tuple(notes)


@dataclass
class History:
    """The recording as far as it was shown: ``origin`` and ``recorder`` are those of the session.

    ``lines`` and ``leaves`` make the tree under ``head``, or under none yet where they were only just resumed.
    """

    origin: str
    recorder: PublicKey
    tree: Tree = field(default_factory=Tree)
    lines: list[bytes] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    rows: list[Rows | None] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    head: Note | None = None
    withheld: int = 0
    """Segments whose leaf commits to rows of the print that were not shown."""
    others: dict[str, Checkpoint] = field(default_factory=dict)
    """The newest head that each other party was shown to have cosigned, and that is one of this tree."""
    _count: Count = field(default_factory=Count)
    _pending: dict[str, Note] = field(default_factory=dict)
    _shown: Note | None = None
    _kept: tuple[int, int] = (0, 0)

    @property
    def header(self) -> Header:
        """Leaf 0; only once there is one."""
        header = self.leaves[0]
        assert isinstance(header, Header)
        return header

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The last head that was accepted."""
        return None if self.head is None else parse_checkpoint(self.head.text)

    @property
    def complete(self) -> bool:
        """True when every leaf under the newest head that was shown is there."""
        return self.head is not None and self.head is self._shown

    @property
    def closed(self) -> bool:
        """True when the recording has ended and its closing head was accepted."""
        return self.complete and isinstance(self.leaves[-1], Close)

    @property
    def paused(self) -> bool:
        """True while the recorder says that it pauses."""
        last = next((e.event for e in reversed(self.leaves) if isinstance(e, Event) and e.event in _RUNS), None)
        return last is What.PAUSE

    @property
    def since(self) -> int:
        """Size of the last accepted head, 0 for none."""
        return 0 if self.checkpoint is None else self.checkpoint.size

    def resume(self, lines: Iterable[bytes], rows: Sequence[Rows | None], heads: Sequence[Note]) -> None:
        """Takes what was kept in an earlier run.

        Raises:
            MalformedFile: it is damaged, or of another recording.
        """
        try:
            for line in lines:
                self._take(line)
            if self.leaves and (self.header.origin, self.header.parties[0]) != (self.origin, self.recorder):
                raise MalformedFile("the folder holds another recording", "follow into a new folder")
            self._take_rows(rows[: len(self.segments)])  # a crash may have cut off the leaves alone
            for note in heads:
                self._resume_head(note)
            self._kept = len(self.lines), len(self.rows)
        except VerificationFailed as problem:
            raise MalformedFile(f"the folder is damaged: {problem}", "follow into a new folder") from problem

    def _resume_head(self, note: Note) -> None:
        head = parse_checkpoint(note.text)
        if head.origin != self.origin:
            raise MalformedFile("the folder holds heads of another recording", "follow into a new folder")
        if not 1 <= head.size <= len(self.tree):
            return
        if self.tree.root(head.size) != head.root:
            raise MalformedFile("the folder's leaves do not make its head", "follow into a new folder")
        if signature_by(note, self.recorder.signer):
            self.head = note

    def take(self, news: News) -> tuple[list[bytes], list[Rows | None]]:
        """Takes an answer of the host; returns leaves and rows to be kept on disk, as soon as a head covers them.

        Raises:
            VerificationFailed: something does not hold; this history is of no more use, but what was kept is good.
            Contradiction: the recorder, or another party, signed what does not go together.
        """
        note = parse_note(news.head.encode(), "the head")
        head = parse_checkpoint(note.text)
        if not signature_by(note, self.recorder.signer) or head.origin != self.origin:
            raise VerificationFailed("the head is not signed by the recorder, or is of another recording")
        self._judge(head, note, news.proof)
        if len(self.tree) + len(news.leaves) > head.size:
            raise VerificationFailed("the host shows leaves that no head covers")
        self._shown = note
        for line in news.leaves:
            self._take(line)
        if len(self.tree) == head.size:
            if self.tree.root() != head.root:
                raise VerificationFailed("the leaves do not make the head that the recorder signed")
            self.head = note
        self._take_rows(news.rows)
        for other in news.others:
            self._take_other(other)
        self._settle_others()
        if not self.complete:
            return [], []
        lines, rows = self._kept
        self._kept = len(self.lines), len(self.rows)
        return self.lines[lines:], self.rows[rows:]

    def _judge(self, head: Checkpoint, note: Note, proof: Sequence[bytes]) -> None:
        last, mine = self.checkpoint, self.head
        if last is None or mine is None:
            if proof:
                raise VerificationFailed("the host proves what nobody asked for")
            return
        if head.size < last.size:
            raise VerificationFailed("the host shows an older head than before")
        if head.size == last.size and head.root != last.root:
            raise Contradiction("the recorder has signed two heads of one size: it forked", _pair(mine, note))
        try:
            verify_consistency(last.size, last.root, head.size, head.root, proof)
        except VerificationFailed as problem:
            raise Contradiction(
                f"the recorder signed a head that it cannot show to continue the last one: {problem}",
                _pair(mine, note),
                "keep the folder, and demand the proof between the two heads in it before witnesses",
            ) from problem

    def _take(self, line: bytes) -> None:
        leaf = parse_leaf(line)
        if not self.leaves:
            if not isinstance(leaf, Header) or leaf.origin != self.origin or leaf.parties[0] != self.recorder:
                raise VerificationFailed("the first leaf is not the header of this recording by this recorder")
        elif why := self._count.take(leaf, self.header.segment):
            raise VerificationFailed(f"leaf {len(self.leaves)}: {why}")
        self.tree.append(line)
        self.lines.append(line)
        self.leaves.append(leaf)
        if isinstance(leaf, Segment):
            self.segments.append(leaf)

    def _take_rows(self, rows: Sequence[Rows | None]) -> None:
        for pair in rows:
            n = len(self.rows)
            if n >= len(self.segments):
                raise VerificationFailed("the host shows rows of a segment that is not there")
            if pair is not None and commit(pair[0], pair[1]) != self.segments[n].print:
                raise VerificationFailed(f"the rows of segment {n} are not those that its leaf commits to")
            self.withheld += pair is None and self.segments[n].print is not None
            self.rows.append(pair)

    def _take_other(self, text: str) -> None:
        """A head that another party cosigned: proof of a fork where it is none of this tree."""
        note = parse_note(text.encode(), "another party's head")
        head = parse_checkpoint(note.text)
        if not self.leaves:
            return
        for party in self.header.parties[1:]:
            if signature_by(note, party.cosigner):
                if head.origin == self.origin:
                    self._pending[party.name] = note
                return
        raise VerificationFailed("the host shows a head as cosigned that no party cosigned")

    def _settle_others(self) -> None:
        for name, note in list(self._pending.items()):
            head = parse_checkpoint(note.text)
            if not 1 <= head.size <= len(self.tree):
                continue
            if self.tree.root(head.size) != head.root:
                mine = [] if self.head is None else [self.head.encode()]
                raise Contradiction(
                    f"{name} has cosigned another history of this recording than the one shown here",
                    [*mine, note.encode()],
                )
            self.others[name] = head
            del self._pending[name]


_RUNS = (What.PAUSE, What.RESUME)


def _pair(one: Note, other: Note) -> tuple[bytes, bytes]:
    return one.encode(), other.encode()
