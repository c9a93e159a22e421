"""A session: its sound with waveform, chapters, and, of an excerpt, where it lies in the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wholetape.findings import CheckResult, Edit, Kind
from wholetape.release.messages import Messages
from wholetape.release.model import Chapter, Excerpted, Session
from wholetape.release.page.moment import moment
from wholetape.release.page.words_said import transcript
from wholetape.report.drawing import fill_of, ticks
from wholetape.report.markup import Markup, join, prose, tag
from wholetape.report.outline import wave
from wholetape.report.places import edits_shown
from wholetape.times import timecode

_TALL, _RULER = 96, 20
SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "2")
_LEAST = 0.15
"""Percent of the width below which a mark would not be seen."""


def session(
    m: Messages, given: Session, number: int, count: int, results: Sequence[CheckResult], checks: bool
) -> Markup:
    """The section of one session; ``results`` are answered copies, whose cuts are marked on the waveform.

    ``checks`` tells whether the page has the check's worker, which makes proofs.
    """
    if count > 1:
        heading = m.say("session.of", number=number, count=count, name=given.title)
    else:
        heading = m.say("listen")
    return tag(
        "section",
        tag("h2", heading, id=f"s{number}-h"),
        player(m, given, number, results),
        withheld(m, given.excerpt) if given.excerpt else None,
        _chapters(m, given.chapters, number) if given.chapters else None,
        transcript(m, given, number, checks) if given.transcript else None,
        id=f"s{number}",
        class_="session",
        aria_labelledby=f"s{number}-h",
    )


def player(m: Messages, given: Session, number: int, results: Sequence[CheckResult] = ()) -> Markup:
    """The player; where no script runs, the browser's own controls."""
    length = given.sound.duration
    label = m.text("player.label", name=given.title)
    return tag(
        "figure",
        tag("div", waveform(given, number, results), class_="wave-of seekable"),
        tag(
            "input",
            type="range",
            min=0,
            max=round(length, 1),
            step=0.1,
            value=0,
            hidden=True,
            class_="seek",
            aria_label=m.text("player.seek"),
            aria_valuetext=timecode(0),
        ),
        tag(
            "div",
            tag("button", "▶ " + m.text("play"), type="button", class_="toggle"),
            tag("button", m.text("player.back"), type="button", class_="step", data_by=-10),
            tag("button", m.text("player.forward"), type="button", class_="step", data_by=10),
            tag("span", timecode(0)[:-4], class_="now-at"),
            tag("span", f"/ {timecode(length)[:-4]}", class_="small"),
            _speeds(m),
            tag("button", m.text("player.link"), type="button", class_="link-here"),
            tag("output", class_="link-shown", hidden=True),
            class_="controls",
            hidden=True,
        ),
        tag("audio", src=given.sound.path, controls=True, preload="none", aria_label=label),
        tag("figcaption", m.say("player.compressed"), class_="small"),
        class_="player",
        data_session=number,
        data_duration=round(length, 3),
        data_play="▶ " + m.text("play"),
        data_pause="❚❚ " + m.text("pause"),
        data_copied=m.text("player.copied"),
        role="group",
        aria_label=label,
    )


def waveform(given: Session, number: int, results: Sequence[CheckResult]) -> Markup:
    """The outline, on which cuts and chapters are marked; what a screen reader needs of it stands elsewhere."""
    return tag(
        "svg",
        *_cuts(given, number, results),
        wave(0, _TALL, given.sound.outline),
        *(
            tag("line", class_="chapter-mark", x1=_at(c.start, given), x2=_at(c.start, given), y1=0, y2=_TALL)
            for c in given.chapters
        ),
        *ticks(given.sound.duration, 0.0, 100.0, _TALL + 15),
        tag("line", class_="cursor", x1="0%", x2="0%", y1=0, y2=_TALL),
        class_="whole-wave",
        width="100%",
        height=_TALL + _RULER,
        aria_hidden="true",
    )


def withheld(m: Messages, part: Excerpted) -> Markup:
    """Where an excerpt lies in the sealed recording, and how much around it nobody here can hear."""
    a, b = (100 * at / part.total if part.total else 0 for at in (part.start, part.end))
    bar = tag(
        "svg",
        tag("rect", class_="left-out", x=0, y=2, width="100%", height=24),
        tag("rect", class_="held", x=f"{a:.3f}%", y=2, width=f"{max(b - a, _LEAST):.3f}%", height=24),
        class_="withheld",
        width="100%",
        height=28,
        aria_hidden="true",
    )
    return tag(
        "div",
        tag("h3", m.say("excerpt.title")),
        bar,
        tag(
            "p",
            m.say(
                "excerpt.told",
                start=timecode(part.start),
                end=timecode(part.end),
                total=m.seconds(part.total),
                before=m.seconds(part.start),
                after=m.seconds(part.total - part.end),
            ),
        ),
        class_="excerpt",
    )


def _cuts(given: Session, number: int, results: Sequence[CheckResult]) -> Iterator[Markup]:
    for edit in (edit for result in results for edit in edits_shown(result)):
        if edit.source == number - 1 and edit.reference is not None and edit.kind in (Kind.CUT, Kind.REPLACED):
            yield _mark(edit, given)


def _mark(edit: Edit, given: Session) -> Markup:
    assert edit.reference is not None
    a, b = (100 * at / max(given.sound.duration, 1e-9) for at in edit.reference.seconds)
    width = min(100.0, max(_LEAST, b - a))
    return tag(
        "rect", x=f"{min(a, 100 - width):.3f}%", y=0, width=f"{width:.3f}%", height=_TALL, fill=fill_of(edit.kind)
    )


def _at(seconds: float, given: Session) -> str:
    return f"{100 * seconds / max(given.sound.duration, 1e-9):.3f}%"


def _speeds(m: Messages) -> Markup:
    options = [tag("option", f"{speed}×", value=speed, selected=speed == "1") for speed in SPEEDS]
    return tag(
        "label", tag("span", m.say("player.speed"), class_="small"), " ", tag("select", *options, class_="speed")
    )


def _chapters(m: Messages, chapters: Sequence[Chapter], number: int) -> Markup:
    items = [
        tag(
            "li",
            moment(number, chapter.start),
            " ",
            tag("span", prose(chapter.title), dir="auto", class_="prose"),
        )
        for chapter in chapters
    ]
    return join(tag("h3", m.say("chapters")), tag("ol", *items, class_="chapters frame"))
