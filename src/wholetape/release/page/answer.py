"""A copy that the release answers: the outcome, both waveforms, and each edit with what was removed to listen to."""

from __future__ import annotations

from collections.abc import Iterator

from wholetape.findings import CheckResult, Edit, Kind, Outcome, Stretch
from wholetape.release import words
from wholetape.release.messages import Messages
from wholetape.release.model import Answered, Release
from wholetape.release.page.frame import section
from wholetape.report.drawing import close_up, overview
from wholetape.report.markup import Markup, join, prose, tag
from wholetape.report.places import Piece, edits_shown, pieces_of, unverified_shown
from wholetape.report.strip import LETTERS
from wholetape.report.words import PLAIN, SURE
from wholetape.times import timecode


def answer(m: Messages, release: Release, number: int) -> Markup:
    """The section about one copy."""
    answered = release.answers[number - 1]
    result = answered.result
    prefix = f"a{number}"
    name = words.base(result.release.path)
    return section(
        prefix,
        m.say("answer.title", name=name),
        outcome_box(m, result),
        *_drawing(m, answered, prefix),
        *_edits(m, answered, release, prefix) if result.outcome is not Outcome.UNRELATED else (),
        *_open(m, answered, release),
        _limits(m, result),
    )


def outcome_box(m: Messages, result: CheckResult) -> Markup:
    """The outcome in large letters, with the sentence that says what it means."""
    return tag(
        "div",
        tag("p", m.text(f"outcome.{result.outcome}"), class_="outcome"),
        tag("p", words.outcome_sentence(m, result), class_="lead"),
        tag("p", m.say("answer.basis"), class_="small"),
        class_=f"answer o-{result.outcome}",
    )


def _drawing(m: Messages, answered: Answered, prefix: str) -> Iterator[Markup]:
    result = answered.result
    if not result.spans or not result.spans[-1].release.end:
        return
    drawn = overview(
        result,
        answered.sounds,
        prefix,
        m.text("drawing.label"),
        lambda number, edit, found: words.edit_label(m, number, edit, found),
    )
    caption = m.say("drawing.caption", name=words.base(result.release.path))
    yield tag("figure", drawn, _legend(m, result), tag("figcaption", caption, class_="small"), class_="picture")


def _legend(m: Messages, result: CheckResult) -> Markup:
    kinds = {edit.kind for edit in result.edits} | {tile.kind for tile in result.spans if tile.kind is not Kind.KEPT}
    items = [
        tag("li", tag("span", LETTERS[kind], class_="badge"), " ", m.text(f"kind.{kind}"), class_=f"k-{kind}")
        for kind in LETTERS
        if kind in kinds
    ]
    if any(tile.kind is Kind.KEPT for tile in result.spans):
        items.insert(0, tag("li", tag("span", class_="swatch"), " ", m.text("kind.kept")))
    if result.missing:
        items.append(tag("li", tag("span", class_="swatch out"), " ", m.text("kind.left-out")))
    return tag("ul", *items, class_="legend")


def _edits(m: Messages, answered: Answered, release: Release, prefix: str) -> Iterator[Markup]:
    result = answered.result
    shown = edits_shown(result)
    yield tag("h3", m.say("edits" if shown else "edits.none"))
    if shown:
        entries = [_edit(m, n, edit, answered, release, prefix) for n, edit in enumerate(shown, 1)]
        yield tag("ol", *entries, class_="edits")
    if len(result.edits) > len(shown):
        yield tag("p", m.say("edits.more", count=len(result.edits) - len(shown)))


def _edit(m: Messages, number: int, edit: Edit, answered: Answered, release: Release, prefix: str) -> Markup:
    result = answered.result
    doubt = tag("span", m.text("edit.possible"), " ", class_="possible") if edit.confidence < SURE else None
    sure = "99" if edit.confidence >= PLAIN else f"{edit.confidence * 100:.0f}"
    return tag(
        "li",
        tag(
            "h4",
            tag("span", f"{LETTERS[edit.kind]}{number}", class_="badge"),
            " ",
            doubt,
            m.text(f"kind.{edit.kind}"),
            " ",
            tag("span", timecode(edit.release.seconds[0]), class_="when"),
        ),
        tag("p", words.edit_sentence(m, edit, result)),
        tag("p", m.say("edit.confidence", percent=sure), class_="small"),
        *_figures(m, edit, answered, release),
        id=f"{prefix}e{number}",
        class_=f"entry k-{edit.kind}",
        tabindex=-1,
    )


def _open(m: Messages, answered: Answered, release: Release) -> Iterator[Markup]:
    shown = unverified_shown(answered.result)
    if not shown:
        return
    yield tag("h3", m.say("unverified"))
    yield tag("p", m.say("unverified.told"))
    items = [
        tag(
            "li",
            tag("h4", tag("span", "?", class_="badge"), " ", words.stretch(tile.release)),
            *_figures(m, tile, answered, release),
            class_="entry k-unverified",
        )
        for tile in shown
    ]
    yield tag("ol", *items, class_="edits")


def _figures(m: Messages, entry: Edit | Stretch, answered: Answered, release: Release) -> Iterator[Markup]:
    """The place in the copy, as a clip of its own; the place in the recording, out of the recording itself."""
    figures = []
    for piece in pieces_of(entry, answered.result):
        if piece.source is None:
            clip = answered.sounds.clips.get(piece)
            if clip is not None and piece in answered.clips:
                figures.append(_figure(m, piece, entry.kind, clip.outline, answered.clips[piece]))
        else:
            sound = release.sessions[piece.source].sound
            step = max(sound.duration, 1e-9) / max(1, len(sound.outline))
            start, end = piece.span.seconds
            clip = answered.sounds.clips.get(piece)
            outline = clip.outline if clip else sound.outline[int(start / step) : int(end / step) + 1]
            figures.append(_figure(m, piece, entry.kind, outline, f"{sound.path}#t={start:.3f},{end:.3f}"))
    if figures:
        yield tag("div", *figures, class_="places")


def _figure(m: Messages, piece: Piece, kind: Kind, outline: tuple[float, ...], source: str) -> Markup:
    start, end = piece.span.seconds
    whose = "copy" if piece.source is None else "recording"
    role = m.text(f"place.{whose}.{kind}") if m.has(f"place.{whose}.{kind}") else m.text(f"place.{whose}")
    label = m.text("place.label", role=role, place=words.stretch(piece.span))
    removed = whose == "recording" and kind is Kind.CUT
    return tag(
        "figure",
        tag("figcaption", tag("b", role)),
        tag("div", close_up(piece, outline, kind), class_="wave-of seekable"),
        tag("div", tag("span", timecode(start)), tag("span", timecode(end)), class_="ends"),
        tag(
            "button",
            "▶ " + m.text("play.removed" if removed else "play"),
            type="button",
            hidden=True,
            aria_label=f"{m.text('play')}: {label}",
        ),
        tag("audio", src=source, controls=True, preload="none", aria_label=label),
        class_="place-of" + ("" if piece.source is None else " of-reference"),
        data_from=start if piece.source is not None else 0.0,
        data_until=end if piece.source is not None else end - start,
        data_play="▶ " + m.text("play.removed" if removed else "play"),
        data_pause="❚❚ " + m.text("pause"),
    )


def _limits(m: Messages, result: CheckResult) -> Markup:
    """How short an edit may be to escape, what was not looked at, and the program's own notes."""
    seen = ", ".join(f"{m.text(f'kind.{kind}')} ≥ {m.seconds(least)}" for kind, least in result.detects.items())
    items = [
        m.say("limits.detects", seen=seen) if seen else m.say("limits.unknown"),
        m.say("limits.covered", share=", ".join(words.percent(share) for share in result.coverage.references)),
        m.say("limits.sound"),
        m.say("limits.intent"),
        *(tag("span", prose(note), ".", lang="en", dir="ltr") for note in (*result.notes, *result.release.damage)),
    ]
    return join(tag("h3", m.say("limits")), tag("ul", *(tag("li", item) for item in items)))
