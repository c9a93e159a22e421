"""SubRip (SRT), read by pysubs2: captions without words' times, speakers or a language."""

from __future__ import annotations

import warnings

from wholetape.errors import UnreadableInput
from wholetape.times import Span
from wholetape.transcript.model import MILLISECOND, Segment, Transcript
from wholetape.transcript.webvtt import clock

_NOT_CARRIED = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")", "\\": "/"})
"""SRT has no escapes: readers take these for formatting."""


def parse(text: str, what: str) -> Transcript:
    """The transcript of an SRT file.

    Raises:
        UnreadableInput: no caption with times is in it.
    """
    import pysubs2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            events = pysubs2.SSAFile.from_string(text, format_="srt").events
        except (ValueError, pysubs2.exceptions.Pysubs2Error) as problem:
            raise UnreadableInput(f"{what} cannot be read as SRT: {problem}", "export it again") from problem
    found = [(event, " ".join(event.plaintext.split())) for event in events]
    if not events:
        raise UnreadableInput(f"{what} has no caption that can be read", "its times read 00:00:01,000 --> 00:00:02,000")
    return Transcript(
        tuple(
            Segment(f"s{number}", words, _span(event.start, event.end))
            for number, (event, words) in enumerate(((e, w) for e, w in found if w), 1)
        )
    )


def _span(start: int, end: int) -> Span:
    first = max(0, start)
    return Span(first * MILLISECOND, max(first, end) * MILLISECOND)


def write(transcript: Transcript) -> str:
    """The transcript as SRT; what SRT takes for formatting is replaced by letters that look alike."""
    segments = [segment for segment in transcript.segments if segment.span]
    return "".join(_caption(number, segment) for number, segment in enumerate(segments, 1))


def _caption(number: int, segment: Segment) -> str:
    assert segment.span is not None
    start, end = (clock(at).replace(".", ",") for at in (segment.span.start, segment.span.end))
    text = " ".join(segment.text.translate(_NOT_CARRIED).split())
    return f"{number}\n{start} --> {end}\n{text}\n\n"
