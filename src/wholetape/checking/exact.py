"""Spans of a release that are the reference's own: its samples or, carried over without re-encoding, its packets.

Then likeness becomes proof, and an edge between two such spans is known to the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from math import ceil, floor

from wholetape.checking.carried import carried
from wholetape.checking.equal import EDGE_S, equal
from wholetape.checking.listen import Heard
from wholetape.checking.references import Reference
from wholetape.checking.runs import Interval, common
from wholetape.checking.tiles import parted
from wholetape.errors import UnreadableInput
from wholetape.findings import Edit, Kind, Stretch
from wholetape.media.decode import Decoder
from wholetape.media.facts import StreamFacts
from wholetape.media.payloads import payloads
from wholetape.media.pcm import LOSSLESS
from wholetape.times import CLOCK_HZ, Span, samples

_FINER = frozenset({"pcm_s32le", "pcm_s32be", "pcm_f64le", "pcm_f64be", "pcm_s64le", "pcm_s64be"})
"""Samples that are finer than those that are compared."""
DAMAGED_S = 0.5
"""Seconds around damage in which nothing is exact."""
_END = 2
"""Samples of the clock by which a run may end before the sound does: its last sample may lie between two of them."""

Tiled = tuple[tuple[Edit, ...], tuple[Stretch, ...]]


def marked(heard: Heard, references: Sequence[Reference], edits: tuple[Edit, ...], spans: tuple[Stretch, ...]) -> Tiled:
    """The edits and spans, with what is the reference's own marked exact, and edges put where it ends."""
    runs: dict[int, list[Interval]] = {}
    for source, reference in enumerate(references):
        tiles = [
            k
            for k, tile in enumerate(spans)
            if tile.kind is Kind.KEPT and tile.source == source and tile.speed == 1.0 and tile.reference is not None
        ]
        if tiles and reference.streams and len(reference.streams) == len(heard.facts.streams):
            found = _of_source(heard, reference, [replace(spans[k], source=0) for k in tiles])
            runs |= {k: _sound(intervals, heard) for k, intervals in zip(tiles, found, strict=True) if intervals}
    if not runs:
        return edits, spans
    edits, spans = _edged(edits, spans, runs)
    return edits, tuple(part for k, tile in enumerate(spans) for part in _split(tile, runs.get(k, [])))


def _of_source(heard: Heard, reference: Reference, tiles: list[Stretch]) -> list[list[Interval]]:
    """Of each tile, the intervals that every audio stream holds as the reference does."""
    whole: list[list[Interval]] | None = None
    for own, other in zip(heard.facts.streams, reference.streams, strict=True):
        found = _of_stream(heard.facts.path, own, reference.facts.path, other, tiles)
        whole = found if whole is None else [common(a, b) for a, b in zip(whole, found, strict=True)]
        if not any(whole):
            break
    return whole or [[] for _ in tiles]


def _of_stream(
    path: str, own: StreamFacts, other_path: str, other: StreamFacts, tiles: list[Stretch]
) -> list[list[Interval]]:
    nothing: list[list[Interval]] = [[] for _ in tiles]
    if (own.rate, own.channels) != (other.rate, other.channels):
        return nothing
    try:
        if _lossless(own) and _lossless(other):
            with ExitStack() as files:
                decoders = [files.enter_context(Decoder(p, own.index)) for p in (path, other_path)]
                return equal(decoders[0], decoders[1:], tiles)
        if own.codec == other.codec:
            return carried(payloads(path, own.index), payloads(other_path, own.index), tiles)
    except UnreadableInput:  # it could be read a moment ago
        return nothing
    return nothing


def _lossless(stream: StreamFacts) -> bool:
    return (stream.codec in LOSSLESS or stream.codec.startswith("pcm_")) and stream.codec not in _FINER


def _sound(intervals: list[Interval], heard: Heard) -> list[Interval]:
    """The intervals without what is near damage."""
    for damage in heard.damage:
        around = [(0.0, damage.at - DAMAGED_S), (damage.at + DAMAGED_S, float("inf"))]
        intervals = common(intervals, [(a, b) for a, b in around if b > a])
    return intervals


def _edged(edits: tuple[Edit, ...], spans: tuple[Stretch, ...], runs: dict[int, list[Interval]]) -> Tiled:
    """Edits and spans with the edges of exact runs where edges were found near them."""
    moved: dict[int, int] = {}
    for k, (one, two) in enumerate(pairwise(spans)):
        old = one.release.end
        before, behind = _last(runs.get(k), old), _first(runs.get(k + 1), old)
        if before is not None and behind is not None:
            moved[old] = min(max(old, min(before, behind)), max(before, behind))
        elif before is not None or behind is not None:
            moved[old] = before if before is not None else behind  # type: ignore[assignment]
        if old in moved and not one.release.start < moved[old] < two.release.end:
            del moved[old]
    out: list[Stretch] = []
    heard: dict[tuple[int | None, int], int] = {}
    for tile in spans:
        start, end = moved.get(tile.release.start, tile.release.start), moved.get(tile.release.end, tile.release.end)
        known = tile.reference
        if known is not None:
            ahead, behind = start - tile.release.start, end - tile.release.end
            known = Span(known.start + ahead, max(known.start + ahead, known.end + behind))
            heard |= {(tile.source, tile.reference.start): known.start, (tile.source, tile.reference.end): known.end}  # type: ignore[union-attr]
        out.append(replace(tile, release=Span(start, end), reference=known))
    return tuple(_shifted(edit, moved, heard) for edit in edits), tuple(out)


def _shifted(edit: Edit, moved: dict[int, int], heard: dict[tuple[int | None, int], int]) -> Edit:
    release = Span(*(moved.get(t, t) for t in (edit.release.start, edit.release.end)))
    known = edit.reference
    if known is not None and edit.kind in (Kind.CUT, Kind.REPLACED, Kind.MUTED):
        start, end = (heard.get((edit.source, t), t) for t in (known.start, known.end))
        known = Span(start, max(start, end))
    return replace(edit, release=release, reference=known)


def _last(intervals: list[Interval] | None, edge: int) -> int | None:
    """Where the last run ends, when that is near ``edge``."""
    end = floor(intervals[-1][1] * CLOCK_HZ + 1e-6) if intervals else None
    return end if end is not None and abs(end - edge) <= samples(EDGE_S) else None


def _first(intervals: list[Interval] | None, edge: int) -> int | None:
    start = ceil(intervals[0][0] * CLOCK_HZ - 1e-6) if intervals else None
    return start if start is not None and abs(start - edge) <= samples(EDGE_S) else None


def _split(tile: Stretch, intervals: list[Interval]) -> list[Stretch]:
    """The tile in parts: those in the intervals are exact."""
    out: list[Stretch] = []
    at = tile.release.start
    for a, b in intervals:
        start, end = ceil(a * CLOCK_HZ - 1e-6), floor(b * CLOCK_HZ + 1e-6)
        start = tile.release.start if start <= tile.release.start + _END else start
        end = tile.release.end if end >= tile.release.end - _END else end
        start = max(at, start)
        if end <= start:
            continue
        if start > at:
            out.append(parted(tile, at, start))
        out.append(replace(parted(tile, start, end), exact=True))
        at = end
    if at < tile.release.end:
        out.append(parted(tile, at, tile.release.end))
    return out
