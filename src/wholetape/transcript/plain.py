"""Plain text: one paragraph a segment, with speakers and times where a human transcriber noted them."""

from __future__ import annotations

import re
from collections import Counter

from wholetape.times import Span
from wholetape.transcript.model import MILLISECOND, Segment, Transcript
from wholetape.transcript.webvtt import clock

_LABEL = re.compile(r"([^\W\d_][^:.!?\n]{0,39}):\s+(?=\S)")
_TIME = re.compile(r"[\[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?[\])]?(?:\s+|(?=\Z))(?:[-–]\s+)?")


def parse(text: str) -> Transcript:
    """The transcript of a text. A label before a colon is a speaker where it is in capitals, or stands there twice.

    A time at the head of a paragraph, ``[1:02]`` or ``00:01:02``, is when it begins.
    """
    paragraphs = [" ".join(part.split()) for part in _split(text)]
    rows = [_time(part) for part in paragraphs if part]
    labels = Counter(found[1] for _, part in rows if (found := _LABEL.match(part)))
    starts = [start for start, _ in rows if start is not None]
    timed = len(starts) == len(rows) and starts == sorted(starts)
    segments = []
    for number, (start, part) in enumerate(rows, 1):
        found = _LABEL.match(part)
        speaker = found[1] if found and (found[1].isupper() or labels[found[1]] > 1) else ""
        words = part[found.end() :] if found and speaker else part
        span = None
        if timed and start is not None:
            last = start + 400 * MILLISECOND * max(1, len(words.split()))
            span = Span(start, starts[number] if number < len(starts) else last)
        segments.append(Segment(f"s{number}", words, span, speaker=speaker))
    return Transcript(tuple(segment for segment in segments if segment.text))


def _split(text: str) -> list[str]:
    """Paragraphs: between empty lines if there are any, else lines that a time or a speaker's label begins."""
    if re.search(r"\S[ \t]*\n[ \t]*\n", text):
        return re.split(r"\n[ \t]*\n", text)
    lines = text.split("\n")
    if sum(bool(_LABEL.match(line) or _TIME.match(line)) for line in lines) > len(lines) / 2:
        return lines
    return [text]


def _time(part: str) -> tuple[int | None, str]:
    found = _TIME.match(part)
    if not found:
        return None, part
    hours, minutes, seconds = (int(found[k] or 0) for k in (1, 2, 3))
    ms = int((found[4] or "0").ljust(3, "0"))
    return ((hours * 60 + minutes) * 60_000 + seconds * 1000 + ms) * MILLISECOND, part[found.end() :]


def write(transcript: Transcript) -> str:
    """The transcript as text: time, speaker, words; one paragraph a segment."""
    return "\n".join(_paragraph(segment) for segment in transcript.segments)


def _paragraph(segment: Segment) -> str:
    start = f"[{clock(segment.span.start)}] " if segment.span else ""
    speaker = f"{segment.speaker.upper()}: " if segment.speaker else ""
    return f"{start}{speaker}{segment.text}\n"
