"""A transcript beside its sound: each line a link to its moment. It is somebody's claim, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wholetape.release.messages import Messages
from wholetape.release.model import Session
from wholetape.release.page.moment import moment
from wholetape.release.page.quoting import finder, quote
from wholetape.report.escape import readable
from wholetape.report.markup import Markup, prose, tag
from wholetape.times import timecode
from wholetape.transcript.model import Segment, Transcript

INLINE = 12_000
"""Characters of a transcript that stand in the page itself; more come with a script when they are wanted."""
LONGEST = 2_000
"""Characters of one line: captions have some eighty."""


def transcript(m: Messages, given: Session, number: int, checks: bool) -> Markup:
    """The transcript of a session, in a frame of its own; with ``checks`` the page can prove where words lie."""
    words = given.transcript
    assert words is not None
    here, rest = split(words.segments)
    more = given.transcript_rest
    follow = tag("input", type="checkbox", checked=True, class_="follow")
    return tag(
        "div",
        tag("h3", m.say("transcript"), id=f"s{number}-t"),
        tag("p", m.say(f"transcript.{words.making.origin}", engine=words.making.engine or "?"), class_="small"),
        finder(m, number),
        tag("p", tag("label", follow, " ", m.say("transcript.follow")), class_="only-scripted"),
        tag(
            "ol",
            *_lines(here, number),
            class_="cues frame",
            tabindex=0,
            role="list",
            aria_labelledby=f"s{number}-t",
            lang=words.language or None,
            data_session=number,
            data_more=more or None,
        ),
        *_more(m, len(rest)) if rest and more else (),
        quote(m, given, number, checks),
        class_="transcript",
    )


def _more(m: Messages, count: int) -> tuple[Markup, Markup]:
    """How to come by the lines that do not stand in the page."""
    return (
        tag("button", m.text("transcript.more", count=count), type="button", class_="more-cues", hidden=True),
        tag("noscript", tag("p", m.say("transcript.more.file", count=count), class_="small")),
    )


def split(segments: Sequence[Segment]) -> tuple[Sequence[Segment], Sequence[Segment]]:
    """The segments that stand in the page, and those that are loaded."""
    total = 0
    for number, segment in enumerate(segments):
        total += len(segment.text)
        if total > INLINE and number:
            return segments[:number], segments[number:]
    return segments, ()


def loaded(words: Transcript) -> list[list[float | str | None]]:
    """What is loaded later: start, end, time as shown, speaker and text of each line, safe to show as text."""
    _, rest = split(words.segments)
    out: list[list[float | str | None]] = []
    for segment in rest:
        start, end = segment.span.seconds if segment.span else (None, None)
        at = timecode(start)[:-4] if start is not None else ""
        out.append([start, end, at, readable(segment.speaker), readable(segment.text[:LONGEST])])
    return out


def _lines(segments: Sequence[Segment], number: int) -> Iterator[Markup]:
    speaker = ""
    for segment in segments:
        who = segment.speaker if segment.speaker != speaker else ""
        speaker = segment.speaker
        start, end = segment.span.seconds if segment.span else (None, None)
        yield tag(
            "li",
            moment(number, start) if start is not None else None,
            " ",
            tag("b", tag("bdi", prose(who[:100])), " ") if who else None,
            tag("span", prose(segment.text[:LONGEST]), dir="auto"),
            data_t=start,
            data_e=end,
        )
