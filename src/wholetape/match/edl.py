"""From pieces to the edit decision list: one entry for what was done at each place, and tiles of the whole release."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

from wholetape.findings import Kind
from wholetape.match.chain import main_chain, split_overlap
from wholetape.match.gaps import Content
from wholetape.match.params import EDITS
from wholetape.match.score import Axis
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign, Piece
from wholetape.match.waveparams import STEPS

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
    """How sure a finding with so many nats of evidence is; a curve chosen by hand, not calibrated yet."""
    return 1.0 / (1.0 + math.exp(-(evidence - 16.0) / 7.0))


class _List:
    """Builds a ``Listing`` from pieces."""

    def __init__(self, pieces: list[Piece], axis: Axis) -> None:
        self.axis = axis
        pieces = _within_sources(pieces, axis)
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
        if before is None or after is None or self.source(before) != self.source(after):
            return None
        return before.ref_end_ms, after.ref_start_ms

    def source(self, piece: Held) -> int:
        """The source that a stretch is from, by its middle: refined edges may lie a little beyond its ends."""
        return self.axis.source_of(int((piece.ref_start_ms + piece.ref_end_ms) / 20))

    def session_ends(self, before: Held | None, after: Held | None) -> None:
        """Enter the end of one source and the beginning of a later one when they are left out where the two join."""
        if before is None or after is None or self.source(before) == self.source(after):
            return
        one, other = self.source(before), self.source(after)
        end = (self.axis.starts[one] + self.axis.lengths[one]) * 10.0
        begin = self.axis.starts[other] * 10.0
        for at, gone in ((before.end_ms, (before.ref_end_ms, end)), (after.start_ms, (begin, after.ref_start_ms))):
            if gone[1] - gone[0] >= EDITS.head_ms:
                self.entries.append(Entry(Kind.CUT, (at, at), gone, confidence(after.evidence)))

    def build(self) -> Listing:
        """The listing."""
        in_chain = set(map(id, self.chain))
        block: list[Piece] = []
        before: Held | None = None
        for piece in self.row:
            if isinstance(piece, Held) and id(piece) in in_chain:
                self.settle(before, block, piece)
                self.tiles += _tiles(piece)
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
        self.session_ends(before, after)
        spare = 120.0 if (before.speed if before else 1.0) != 1.0 or (after.speed if after else 1.0) != 1.0 else 0.0
        slight = _slight(block, spare)
        if slight != block:
            slight = _slight(block, EDITS.least_passage_ms)
        self.tiles += [tile for p in slight for tile in _tiles(p)]
        block = [p for p in block if p not in slight]
        block = _without_slivers(block)
        if not block:
            if missing and before is not None and after is not None and gone > _least_cut(before, after) + spare:
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
        over_it = gone > max(EDITS.same_ms, min(100.0, 0.3 * length)) or _is_masked_moment(block, gone)
        stand_in = self.stand_in(block) if over_it else None
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
        """What of the references a foreign head or tail stands over.

        That is when it is as long as what is missing there; where nothing shows other content, also of an excerpt.
        """
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
        whole = room <= length + EDITS.head_ms or piece.content is Content.MASKED
        return span if whole and room >= length - EDITS.head_ms else None

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


def _least_cut(before: Held, after: Held) -> float:
    """ms that must be missing between two stretches for a cut: less where the original's sound told both offsets."""
    return 12.0 if before.offsets is None or after.offsets is None else STEPS.told_ms


def _is_masked_moment(block: list[Piece], gone: float) -> bool:
    """True for masked sound as long as what is missing: it stands over that, however short."""
    (piece, *others) = block
    masked = isinstance(piece, Foreign) and piece.content is Content.MASKED and not others
    return masked and abs(gone - (piece.end_ms - piece.start_ms)) <= EDITS.same_place_ms


def _slight(block: list[Piece], longest_ms: float) -> list[Held]:
    """The passages of the block that are no longer than this."""
    return [p for p in _held(block) if p.end_ms - p.start_ms <= longest_ms]


def _held(pieces: list[Piece]) -> list[Held]:
    return [p for p in pieces if isinstance(p, Held)]


def _within_sources(pieces: list[Piece], axis: Axis) -> list[Piece]:
    """The pieces, with sound between two sources that neither holds standing apart: a pause put in where they join."""
    out: list[Piece] = []
    for piece in pieces:
        before = next((p for p in reversed(out) if isinstance(p, Held)), None)
        if before is not None and isinstance(piece, Held):
            end, begin = _bounds(before, axis)[1], _bounds(piece, axis)[0]
            over, under = max(0.0, before.ref_end_ms - end), max(0.0, begin - piece.ref_start_ms)
            if over + under >= EDITS.head_ms:
                start, stop = before.end_ms - over, piece.start_ms + under
                out = [p for p in out if p.start_ms < start and p is not before]
                out += [replace(before, end_ms=start), Foreign(start, stop, Content.OTHER, EDITS.clear)]
                piece = replace(piece, start_ms=stop)
        out.append(piece)
    return out


def _bounds(piece: Held, axis: Axis) -> Interval:
    """The ends of the source that most of the stretch is from, on the axis in ms."""
    source = axis.source_of(int((piece.ref_start_ms + piece.ref_end_ms) / 20))
    start = axis.starts[source] * 10.0
    return start, start + axis.lengths[source] * 10.0


def _without_slivers(block: list[Piece]) -> list[Piece]:
    """The block, with foreign sound taking in the slivers of reference behind it: its edge was not found better."""
    out: list[Piece] = []
    for piece in block:
        last = out[-1] if out else None
        if isinstance(last, Foreign) and isinstance(piece, Held) and piece.end_ms - piece.start_ms < EDITS.seam_ms:
            out[-1] = replace(last, end_ms=piece.end_ms)
        else:
            out.append(piece)
    return out


def _tiles(piece: Held) -> list[Tile]:
    """A member of the chain as tiles: kept, but for what nothing ties to its place."""
    edges = [piece.start_ms, *(t for doubt in piece.doubts for t in doubt), piece.end_ms]
    tiles = []
    for k, (start, end) in enumerate(pairwise(edges)):
        if end > start:
            ahead = (start - piece.start_ms) * piece.speed
            reference = (piece.ref_start_ms + ahead, piece.ref_start_ms + ahead + (end - start) * piece.speed)
            if end == piece.end_ms:
                reference = (reference[0], piece.ref_end_ms)
            tiles.append(Tile(Kind.UNVERIFIED if k % 2 else Kind.KEPT, (start, end), reference, piece.speed))
    return tiles


def listing(pieces: list[Piece], axis: Axis) -> Listing:
    """Edits and tiles for ``pieces``, which lie on ``axis``."""
    return _List(pieces, axis).build()
