"""A transcript linked to the one that it translates: each segment to the segments of the source that it renders."""

from __future__ import annotations

from dataclasses import replace

from wholetape.errors import UnreadableInput
from wholetape.times import Span
from wholetape.transcript.model import Segment, Transcript, Translation


def link(translated: Transcript, source: Transcript, by: str, time: str, name: str, sha256: str) -> Transcript:
    """``translated`` with its segments linked to those of ``source`` that are said at the same time.

    Without times, or where both have as many segments and no times, they are taken to go one by one. Links that are
    there already are kept.

    Raises:
        UnreadableInput: neither times nor the number of segments tell which renders which, or a link leads nowhere.
    """
    translation = Translation(by, time, name, sha256, source.language)
    ids = {segment.id for segment in source.segments}
    if any(segment.source for segment in translated.segments):
        if lost := next((i for segment in translated.segments for i in segment.source if i not in ids), None):
            raise UnreadableInput(f"the translation links to a segment {lost!r}, which {name!r} does not have", "")
        return replace(translated, translation=translation)
    timed = all(segment.span for segment in (*translated.segments, *source.segments))
    if timed:
        segments = tuple(replace(s, source=_while(s.span, source)) for s in translated.segments if s.span)
    elif len(translated.segments) == len(source.segments):
        pairs = zip(translated.segments, source.segments, strict=True)
        segments = tuple(_beside(segment, of) for segment, of in pairs)
    else:
        raise UnreadableInput(
            f"{len(translated.segments)} segments without times cannot be linked to {len(source.segments)} of {name!r}",
            "give the translation times, or one paragraph for each of the source",
        )
    sound = translated.sound if translated.sound.sha256 else source.sound
    return replace(translated, segments=segments, translation=translation, sound=sound)


def _beside(segment: Segment, of: Segment) -> Segment:
    return replace(segment, source=(of.id,), span=segment.span or of.span)


def _while(span: Span, source: Transcript) -> tuple[str, ...]:
    """The source's segments of which half lies within ``span``, or that hold half of it; else the one most shared."""
    shared: list[tuple[int, int, str]] = []
    for segment in source.segments:
        if segment.span and (both := min(span.end, segment.span.end) - max(span.start, segment.span.start)) > 0:
            shared.append((both, min(len(span), len(segment.span)), segment.id))
    chosen = tuple(name for both, whole, name in shared if 2 * both >= whole)
    return chosen or tuple(name for _, _, name in sorted(shared)[-1:])
