"""The tiles of a release: laid over each other, put in order, and summed up as coverage. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wholetape.findings import Coverage, Edit, Kind, Missing, Stretch
from wholetape.match.params import EDITS
from wholetape.times import Span, samples


def tidy(spans: list[Stretch], lengths: list[int]) -> tuple[Stretch, ...]:
    """Slivers at the very head and tail, encoder delay, belong to what stands beside them."""
    limit = samples(EDITS.head_ms / 1000)
    if len(spans) > 1 and spans[0].kind is Kind.UNVERIFIED and len(spans[0].release) < limit:
        sliver, first = len(spans[0].release), spans[1]
        known = first.reference
        if known is not None:
            known = Span(max(0, known.start - round(sliver * first.speed)), known.end)
        spans[1:2] = [replace(first, release=Span(0, first.release.end), reference=known)]
        spans = spans[1:]
    if len(spans) > 1 and spans[-1].kind is Kind.UNVERIFIED and len(spans[-1].release) < limit:
        sliver, last = len(spans[-1].release), spans[-2]
        known = last.reference
        if known is not None and last.source is not None:
            known = Span(known.start, max(known.end, min(lengths[last.source], known.end + round(sliver * last.speed))))
        spans[-2] = replace(last, release=Span(last.release.start, spans[-1].release.end), reference=known)
        spans = spans[:-1]
    return tuple(spans)


def overlay(base: tuple[Stretch, ...], over: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """``base`` with the stretches of ``over`` that are not kept laid on top, where base was kept."""
    out = list(base)
    for top in over:
        if top.kind is Kind.KEPT or not len(top.release):
            continue
        parts: list[Stretch] = []
        for tile in out:
            if tile.kind is not Kind.KEPT or not tile.release.overlaps(top.release):
                parts.append(tile)
                continue
            a, b = max(tile.release.start, top.release.start), min(tile.release.end, top.release.end)
            if a > tile.release.start:
                parts.append(parted(tile, tile.release.start, a))
            source, reference = (top.source, top.reference) if top.reference else reference_at((tile,), Span(a, b))
            parts.append(Stretch(top.kind, Span(a, b), source, reference, top.speed))
            if b < tile.release.end:
                parts.append(parted(tile, b, tile.release.end))
        out = parts
    return tuple(out)


def parted(tile: Stretch, start: int, end: int) -> Stretch:
    """The part of a tile that lies at [start, end) of the release."""
    source, reference = reference_at((tile,), Span(start, end))
    return replace(tile, release=Span(start, end), source=source, reference=reference)


def reference_at(spans: tuple[Stretch, ...], release: Span) -> tuple[int | None, Span | None]:
    """Where in the references a span of the release lies, by the tile that holds its start."""
    for tile in spans:
        if tile.reference is not None and tile.release.start <= release.start < max(tile.release.end, 1):
            share = len(tile.reference) / max(1, len(tile.release))
            start = tile.reference.start + round((release.start - tile.release.start) * share)
            return tile.source, Span(start, max(start, start + round(len(release) * share)))
    return None, None


def offset(tile: Stretch) -> float:
    """Seconds by which the tile's reference is ahead of it; from its end, where its start may be cut off at 0."""
    assert tile.reference is not None
    if tile.reference.start == 0:
        return tile.reference.seconds[1] - tile.release.seconds[1]
    return tile.reference.seconds[0] - tile.release.seconds[0]


def coverage(
    edits: Iterable[Edit],
    spans: Sequence[Stretch],
    covered: Iterable[tuple[int, Span]],
    lengths: Sequence[int],
    total: int,
) -> tuple[Coverage, tuple[Missing, ...]]:
    """What is heard of each source of ``lengths``, and of the release, ``total`` long; and which ends are missing.

    ``covered``: sources and spans of them that are heard in their own order.
    """
    covered, edits = list(covered), list(edits)
    shares, missing = [], []
    limit = samples(EDITS.head_ms / 1000)
    for source, length in enumerate(lengths):
        heard = _union([s for k, s in covered if k == source])
        shares.append(min(1.0, sum(map(len, heard)) / length) if length else 1.0)
        used = [s.reference for s in spans if s.source == source and s.reference is not None]
        used += [e.reference for e in edits if e.source == source and e.reference is not None]
        if not used:
            missing.append(Missing(source, Span(0, length)))
            continue
        first, last = min(s.start for s in used), max(s.end for s in used)
        if first >= limit:
            missing.append(Missing(source, Span(0, first)))
        if length - last >= limit:
            missing.append(Missing(source, Span(last, length)))
    unverified = sum(len(s.release) for s in spans if s.kind is Kind.UNVERIFIED)
    share = unverified / total if total else 0.0
    return Coverage(tuple(shares), 1.0 - share, share), tuple(missing)


def _union(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out
