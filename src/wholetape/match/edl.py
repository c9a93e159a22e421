"""From pieces to the edit decision list: one entry for what was done at each place, and tiles of the whole release."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wholetape.findings import Kind
from wholetape.match.chain import main_chain, split_overlap
from wholetape.match.gaps import Content
from wholetape.match.params import EDITS
from wholetape.match.score import Axis
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign, Piece

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """An edit, on ms clocks: ``release`` of the release's frames, ``reference`` of the axis (None for an insertion)."""

    kind: Kind
    release: Interval
    reference: Interval | None
    confidence: float
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Tile:
    """A stretch of the release, on ms clocks; ``reference`` as in ``Entry``."""

    kind: Kind
    release: Interval
    reference: Interval | None
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything said of one alignment; ``covered``: intervals of the axis that are heard in their own order."""

    entries: tuple[Entry, ...]
    tiles: tuple[Tile, ...]
    covered: tuple[Interval, ...]


def confidence(evidence: float) -> float:
    """Share of findings with so many nats of evidence that were real on the evaluation's recordings."""
    return 1.0 / (1.0 + math.exp(-(evidence - 16.0) / 7.0))


class _List:
    """Builds a ``Listing`` from pieces."""

    def __init__(self, pieces: list[Piece], axis: Axis) -> None:
        self.axis = axis
        held, members = split_overlap([p for p in pieces if isinstance(p, Held)], main_chain(_held(pieces)))
        self.chain = [h for k, h in enumerate(held) if k in members]
        self.astray = [h for k, h in enumerate(held) if k not in members]
        foreign: list[Piece] = [p for p in pieces if isinstance(p, Foreign)]
        self.row: list[Piece] = sorted([*held, *foreign], key=lambda p: (p.start_ms, p.end_ms))
        self.entries: list[Entry] = []
        self.tiles: list[Tile] = []
        self.moved: list[Interval] = []

    def missing_between(self, before: Held | None, after: Held | None) -> Interval | None:
        """What the axis holds between two members of the chain, when both are in one source."""
        if before is None or after is None:
            return None
        if self.axis.source_of(int(before.ref_end_ms / 10) - 1) != self.axis.source_of(int(after.ref_start_ms / 10)):
            return None
        return before.ref_end_ms, after.ref_start_ms

    def build(self) -> Listing:
        """The listing."""
        in_chain = set(map(id, self.chain))
        block: list[Piece] = []
        before: Held | None = None
        for piece in self.row:
            if isinstance(piece, Held) and id(piece) in in_chain:
                self.settle(before, block, piece)
                self.tiles.append(_tile(Kind.KEPT, piece))
                if piece.speed != 1.0:
                    release, reference = (piece.start_ms, piece.end_ms), (piece.ref_start_ms, piece.ref_end_ms)
                    sure = confidence(piece.evidence)
                    self.entries.append(Entry(Kind.SPEED, release, reference, sure, piece.speed))
                before, block = piece, []
            else:
                block.append(piece)
        self.settle(before, block, None)
        entries = [e for entry in self.entries for e in self.without_moved(entry)]
        covered = tuple((h.ref_start_ms, h.ref_end_ms) for h in self.chain) + tuple(self.moved)
        return Listing(tuple(sorted(entries, key=lambda e: e.release)), tuple(self.tiles), covered)

    def settle(self, before: Held | None, block: list[Piece], after: Held | None) -> None:
        """Enter what stands between two members of the chain (or at the head or tail)."""
        missing = self.missing_between(before, after)
        gone = missing[1] - missing[0] if missing else 0.0
        if not block:
            spare = 60.0 if (before.speed if before else 1.0) != 1.0 or (after.speed if after else 1.0) != 1.0 else 0.0
            if missing and after is not None and gone > 12.0 + spare:
                at = after.start_ms
                self.entries.append(Entry(Kind.CUT, (at, at), missing, confidence(after.evidence)))
            return
        length = sum(p.end_ms - p.start_ms for p in block)
        seam = length < max(EDITS.same_ms, min(EDITS.seam_ms, 0.3 * gone)) and gone > length
        if seam and missing and after is not None and all(isinstance(p, Foreign) for p in block):
            middle = (block[0].start_ms + block[-1].end_ms) / 2
            self.entries.append(Entry(Kind.CUT, (middle, middle), missing, confidence(after.evidence)))
            self.tiles += [Tile(Kind.KEPT, (p.start_ms, p.end_ms), None) for p in block]
            return
        stand_in = self.stand_in(block) if gone > max(EDITS.same_ms, min(100.0, 0.3 * length)) else None
        for piece in block:
            over = missing if piece is stand_in else None
            if isinstance(piece, Held):
                self.passage(piece, over)
            else:
                self.foreign(piece, over, before, after)
        if missing and gone > 2 * EDITS.same_ms and stand_in is None and after is not None:
            at = after.start_ms
            self.entries.append(Entry(Kind.CUT, (at, at), missing, confidence(after.evidence)))

    def stand_in(self, block: list[Piece]) -> Piece | None:
        """The piece that stands over what is missing: the longest foreign one, else the longest passage."""
        foreign = [p for p in block if isinstance(p, Foreign)]
        return max(foreign or block, key=lambda p: p.end_ms - p.start_ms)

    def passage(self, piece: Held, over: Interval | None) -> None:
        """Reference material out of place: replaced, moved, or repeated."""
        source = (piece.ref_start_ms, piece.ref_end_ms)
        kind = Kind.REPEATED
        if over is not None:
            kind = Kind.REPLACED
        elif self.share_kept(source) < 0.3:
            kind = Kind.MOVED
            self.moved.append(source)
        self.entries.append(Entry(kind, (piece.start_ms, piece.end_ms), source, confidence(piece.evidence)))
        self.tiles.append(Tile(kind, (piece.start_ms, piece.end_ms), source))

    def foreign(self, piece: Foreign, over: Interval | None, before: Held | None, after: Held | None) -> None:
        """Sound that is not the reference's."""
        release = (piece.start_ms, piece.end_ms)
        at_edge = before is None or after is None
        if at_edge:
            over = self.beside_edge(piece, before, after)
        length = piece.end_ms - piece.start_ms
        kind = Kind.INSERTED
        if piece.content is Content.NONE:
            self.tiles.append(Tile(Kind.UNVERIFIED, release, None))
            return
        if over is not None:
            even = abs(over[1] - over[0] - length) <= max(100.0, 0.1 * length)
            kind = Kind.REPLACED
            if piece.content is Content.MASKED and even:
                self.tiles.append(Tile(Kind.UNVERIFIED, release, over))
                return
            if piece.content in (Content.SILENT, Content.TONE) and even:
                kind = Kind.MUTED
        self.entries.append(Entry(kind, release, over, confidence(piece.evidence)))
        self.tiles.append(Tile(kind, release, over))

    def beside_edge(self, piece: Foreign, before: Held | None, after: Held | None) -> Interval | None:
        """What of the references a foreign head or tail stands over, when it is as long as what is missing there."""
        length = piece.end_ms - piece.start_ms
        if after is not None:
            source = self.axis.source_of(int(after.ref_start_ms / 10))
            room = after.ref_start_ms - self.axis.starts[source] * 10.0
            span = (after.ref_start_ms - length, after.ref_start_ms)
        elif before is not None:
            source = self.axis.source_of(int(before.ref_end_ms / 10) - 1)
            room = (self.axis.starts[source] + self.axis.lengths[source]) * 10.0 - before.ref_end_ms
            span = (before.ref_end_ms, before.ref_end_ms + length)
        else:
            return None
        return span if abs(room - length) <= EDITS.head_ms else None

    def share_kept(self, span: Interval) -> float:
        """Share of an interval of the axis that the chain holds."""
        kept = sum(max(0.0, min(span[1], h.ref_end_ms) - max(span[0], h.ref_start_ms)) for h in self.chain)
        return kept / max(1.0, span[1] - span[0])

    def without_moved(self, entry: Entry) -> list[Entry]:
        """A cut less what was moved elsewhere: nothing where all of it was."""
        if entry.kind is not Kind.CUT or entry.reference is None:
            return [entry]
        parts = [entry.reference]
        for a, b in self.moved:
            parts = [q for s, e in parts for q in ((s, min(e, a)), (max(s, b), e)) if q[1] - q[0] > 0]
        if parts == [entry.reference]:
            return [entry]
        return [
            Entry(Kind.CUT, entry.release, part, entry.confidence)
            for part in parts
            if part[1] - part[0] > 4 * EDITS.same_ms
        ]


def _held(pieces: list[Piece]) -> list[Held]:
    return [p for p in pieces if isinstance(p, Held)]


def _tile(kind: Kind, piece: Held) -> Tile:
    return Tile(kind, (piece.start_ms, piece.end_ms), (piece.ref_start_ms, piece.ref_end_ms), piece.speed)


def listing(pieces: list[Piece], axis: Axis) -> Listing:
    """Edits and tiles for ``pieces``, which lie on ``axis``."""
    return _List(pieces, axis).build()
