"""Which pieces of sound a reader of a report wants to hear, and how many of them one page may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholetape.findings import CheckResult, Edit, Kind, ReferenceFacts, ReleaseFacts, Stretch
from wholetape.report.words import heard_in_place
from wholetape.times import CLOCK_HZ, Span, samples


@dataclass(frozen=True, slots=True)
class PageParams:
    """How much sound a page holds."""

    context: float = 2.0
    """Seconds before and after a place, to hear what it stands in."""
    longest: float = 20.0
    """Seconds of a place that are one piece; of a longer one, its beginning and its end are two."""
    part: float = 8.0
    """Seconds of the place in each of the two."""
    most_seconds: float = 900.0
    """Seconds of all pieces of a page: 6 MB of MP3 in base64."""
    least_share: float = 30.0
    """Seconds of one file that may always be there; of longer files no more than ``share``."""
    share: float = 0.5
    """Share of a file: a report shows places and is no copy of a recording that may not be public."""
    least_unverified: float = 0.25
    """Seconds from which a stretch that could not be verified counts, as in the outcome."""
    most_entries: int = 200
    """Edits shown one by one."""
    most_unverified: int = 20
    """Unverified stretches shown one by one."""


PAGE = PageParams()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one file: ``span`` is played, of which ``mark`` is what was found; both on the file's own clock.

    ``source`` is the index of a reference, None for the release. ``channels`` is empty for the mean of all.
    """

    path: str
    source: int | None
    stream: int
    channels: tuple[int, ...]
    span: Span
    mark: Span
    role: str

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.span) / CLOCK_HZ


def edits_shown(result: CheckResult) -> Sequence[Edit]:
    """The edits that a page shows one by one."""
    return result.edits[: PAGE.most_entries]


def unverified_shown(result: CheckResult) -> Sequence[Stretch]:
    """The unverified stretches that a page shows one by one; none of a release in which nothing was found."""
    if not any(tile.kind is not Kind.UNVERIFIED for tile in result.spans):
        return ()
    long = samples(PAGE.least_unverified)
    return [s for s in result.spans if s.kind is Kind.UNVERIFIED and len(s.release) >= long][: PAGE.most_unverified]


def pieces_of(entry: Edit | Stretch, result: CheckResult) -> tuple[Piece, ...]:
    """What belongs to one edit or unverified stretch: the place in the release, then that in the reference."""
    where = entry.where if isinstance(entry, Edit) else ""
    stream, channels = _voice(where)
    own: list[Piece] = []
    for span, mark, part in _cut(entry.release, result.release):
        role = ("the join" if entry.kind is Kind.CUT else "this place") + part
        own.append(Piece(result.release.path, None, stream, channels, span, mark, role))
    if entry.reference is not None and entry.source is not None:
        ref = result.references[entry.source]
        if ref.kind == "audio":
            role = _role(entry, result)
            for span, mark, part in _cut(entry.reference, ref):
                own.append(Piece(ref.path, entry.source, stream, channels, span, mark, role + part))
    return tuple(own)


def chosen(results: Sequence[CheckResult]) -> tuple[Piece, ...]:
    """The pieces that a page about ``results`` holds: first come, until the page or the share of a file is full."""
    total = 0.0
    used: dict[str, float] = {}
    out: dict[Piece, None] = {}
    for result in results:
        lengths = {result.release.path: result.release.duration}
        lengths |= {ref.path: ref.duration for ref in result.references}
        entries: list[Edit | Stretch] = [*edits_shown(result), *unverified_shown(result)]
        for entry in entries:
            for piece in pieces_of(entry, result):
                room = max(PAGE.least_share, PAGE.share * lengths[piece.path])
                after = used.get(piece.path, 0.0) + piece.seconds
                if piece in out or not len(piece.span) or after > room or total + piece.seconds > PAGE.most_seconds:
                    continue
                used[piece.path], total = after, total + piece.seconds
                out[piece] = None
    return tuple(out)


def _role(entry: Edit | Stretch, result: CheckResult) -> str:
    match entry.kind:
        case Kind.CUT:
            return "what was cut"
        case Kind.REPLACED if isinstance(entry, Edit) and not heard_in_place(entry, result):
            return "what it has here"
        case Kind.REPEATED | Kind.MOVED | Kind.REPLACED:
            return "where this is from"
        case Kind.MUTED:
            return "what is covered"
        case _:
            return "the same place"


def _cut(place: Span, facts: ReleaseFacts | ReferenceFacts) -> Iterator[tuple[Span, Span, str]]:
    """Span to play, span to mark and words for each piece of one place."""
    end = samples(facts.duration)
    context, part = samples(PAGE.context), samples(PAGE.part)
    before, after = max(0, min(end, place.start - context)), min(end, place.end + context)
    if len(place) <= samples(PAGE.longest):
        yield Span(before, max(before, after)), place, ""
        return
    yield Span(before, place.start + part), Span(place.start, place.start + part), ", its beginning"
    yield Span(place.end - part, max(place.end - part, after)), Span(place.end - part, place.end), ", its end"


def _voice(where: str) -> tuple[int, tuple[int, ...]]:
    """Stream and channels, from 0, that ``Edit.where`` names; the first stream and all channels where it names none."""
    streams = [int(number) - 1 for number in re.findall(r"\bstream (\d{1,4})\b", where, re.ASCII)]
    channels = tuple(sorted({int(number) - 1 for number in re.findall(r"\bchannel (\d{1,4})\b", where, re.ASCII)}))
    return max(0, streams[0]) if streams else 0, tuple(c for c in channels if c >= 0)
