"""A transcript as one run of words with their times: what a quote is looked up in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholetape.times import Span
from wholetape.transcript.model import Segment, Transcript
from wholetape.transcript.tokens import Token, tokens


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word of a transcript: ``norm`` is compared, ``text[start:end]`` of segment number ``segment`` is shown.

    ``span`` is None where the transcript has no times, and an estimate unless ``timed``.
    """

    norm: str
    segment: int
    start: int
    end: int
    span: Span | None
    timed: bool


def run_of(transcript: Transcript) -> tuple[Spoken, ...]:
    """All words of the transcript in their order."""
    return tuple(word for number, segment in enumerate(transcript.segments) for word in _words(number, segment))


def text_of(transcript: Transcript, words: Sequence[Spoken]) -> str:
    """What the transcript shows from the first to the last of ``words``, punctuation between them included."""
    if not words:
        return ""
    first, last = words[0], words[-1]
    texts = [segment.text for segment in transcript.segments[first.segment : last.segment + 1]]
    texts[-1] = texts[-1][: last.end]
    texts[0] = texts[0][first.start :]
    return " ".join(text for text in texts if text).strip()


def _words(number: int, segment: Segment) -> Iterator[Spoken]:
    found = tokens(segment.text)
    if segment.span is None:
        yield from (Spoken(t.norm, number, t.start, t.end, None, False) for t in found)
        return
    places = _places(segment)
    for token in found:
        span = _measured(token, places) if places else _estimated(token, segment, segment.span)
        yield Spoken(token.norm, number, token.start, token.end, span, bool(places))


Place = tuple[int, int, Span]


def _places(segment: Segment) -> list[Place]:
    """Where each timed word stands in the segment's text; empty when they are not its text."""
    places: list[Place] = []
    at = 0
    for word in segment.words:
        start = segment.text.find(word.text, at)
        if start < 0:
            return []
        at = start + len(word.text)
        places.append((start, at, word.span))
    return places


def _measured(token: Token, places: Sequence[Place]) -> Span:
    """From the first to the last timed word that a token touches; else the nearest one's before it."""
    from bisect import bisect_right

    first = max(0, bisect_right(places, token.start, key=lambda place: place[0]) - 1)
    last = first
    while last + 1 < len(places) and places[last + 1][0] < token.end:
        last += 1
    start, end = places[first][2].start, places[last][2].end
    return Span(start, max(start, end))


def _estimated(token: Token, segment: Segment, span: Span) -> Span:
    """In proportion to the letters."""
    length = max(1, len(segment.text))
    start, end = (span.start + len(span) * at // length for at in (token.start, token.end))
    return Span(start, end)
