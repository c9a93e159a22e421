"""The list of edits of a page: each in plain words, with its places to look at and listen to."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from wholetape.findings import CheckResult, Edit, Kind, Stretch
from wholetape.report import words
from wholetape.report.drawing import close_up
from wholetape.report.markup import Markup, join, tag
from wholetape.report.places import Piece, edits_shown, pieces_of, unverified_shown
from wholetape.report.sounds import Sounds
from wholetape.report.strip import LETTERS
from wholetape.times import timecode


def edit_list(result: CheckResult, sounds: Sounds, prefix: str) -> Iterator[Markup]:
    """The section of the edits; a sentence where there are none."""
    shown = edits_shown(result)
    yield tag("h3", "The edits" if shown else "No edit was found")
    if not shown:
        yield tag(
            "p", "No edit of the lengths that this run could have seen; see below how short one may be to escape."
        )
    entries = [_edit(number, edit, result, sounds, prefix) for number, edit in enumerate(shown, start=1)]
    if entries:
        yield tag("ol", *entries, class_="edits")
    if len(result.edits) > len(shown):
        rest = len(result.edits) - len(shown)
        yield tag("p", f"And {rest} more, which are not shown here: --json lists all {len(result.edits)}.")


def unverified_list(result: CheckResult, sounds: Sounds) -> Iterator[Markup]:
    """The section of what could not be verified; nothing where all could."""
    shown = unverified_shown(result)
    if not shown:
        return
    yield tag("h3", "What could not be verified")
    yield tag(
        "p",
        "Here the release could not be followed in the reference, and nothing says what else it holds. Noise, damage, "
        "or sound laid over it may be the cause; an edit may be hidden.",
    )
    yield tag("ol", *(_unverified(tile, result, sounds) for tile in shown), class_="edits")
    total = sum(tile.kind is Kind.UNVERIFIED for tile in result.spans)
    if total > len(shown):
        yield tag("p", f"And {total - len(shown)} more or shorter ones: --json lists all {total}.")


def _edit(number: int, edit: Edit, result: CheckResult, sounds: Sounds, prefix: str) -> Markup:
    possible = None if edit.confidence >= words.SURE else tag("span", "possible", class_="possible")
    told = words.edit_sentence(edit, result)
    return tag(
        "li",
        tag(
            "h4",
            tag("span", f"{LETTERS[edit.kind]}{number}", class_="badge"),
            " ",
            possible,
            " " if possible else None,
            str(edit.kind),
            tag("span", f" at {timecode(edit.release.seconds[0])}", class_="when"),
        ),
        tag("p", told[:1].upper() + told[1:] + "."),
        tag("p", f"Confidence {confidence(edit.confidence)}.", class_="small"),
        *_figures(edit, result, sounds),
        id=f"{prefix}e{number}",
        class_=f"entry k-{edit.kind}",
        tabindex=-1,
    )


def confidence(share: float) -> str:
    """As a share in percent, never more than what measuring allows to say."""
    return "99% or more" if share >= words.PLAIN else f"{share:.0%}"


def _unverified(tile: Stretch, result: CheckResult, sounds: Sounds) -> Markup:
    return tag(
        "li",
        tag("h4", tag("span", "?", class_="badge"), " ", words.stretch(tile.release)),
        *_figures(tile, result, sounds),
        class_="entry k-unverified",
    )


def _figures(entry: Edit | Stretch, result: CheckResult, sounds: Sounds) -> Iterator[Markup]:
    pieces = pieces_of(entry, result)
    figures = [_figure(piece, entry.kind, result, sounds) for piece in pieces if piece in sounds.clips]
    if figures:
        yield tag("div", *figures, class_="places")
    absent = sum(piece not in sounds.clips for piece in pieces)
    if absent and sounds.clips:
        yield tag("p", "Not all of its sound is in this page, which holds only so much of each file.", class_="small")


def _figure(piece: Piece, kind: Kind, result: CheckResult, sounds: Sounds) -> Markup:
    clip = sounds.clips[piece]
    whose = "release" if piece.source is None else "reference"
    if piece.source is not None and len(result.references) > 1:
        whose = words.name(piece.path)
    start, end = piece.span.seconds
    name = f"{whose}, {piece.role}, {words.stretch(piece.span)}"
    return tag(
        "figure",
        tag("figcaption", tag("b", whose), f" – {piece.role}"),
        tag("div", close_up(piece, clip.outline, kind), class_="wave-of"),
        tag("div", tag("span", timecode(start)), tag("span", timecode(end)), class_="ends"),
        tag("button", "▶ Play", type="button", hidden=True, aria_label=f"Play {name}"),
        tag(
            "audio",
            controls=True,
            preload="none",
            aria_label=name,
            src="data:audio/mpeg;base64," + base64.b64encode(clip.mp3).decode(),
        ),
        class_="of-release" if piece.source is None else "of-reference",
    )


def legend(result: CheckResult) -> Markup:
    """What the letters and patterns that occur mean."""
    kinds = {edit.kind for edit in result.edits} | {tile.kind for tile in result.spans if tile.kind is not Kind.KEPT}
    items = [
        tag("li", tag("span", LETTERS[kind], class_="badge"), f" {kind}", class_=f"k-{kind}")
        for kind in LETTERS
        if kind in kinds
    ]
    if any(tile.kind is Kind.KEPT for tile in result.spans):
        items.insert(0, tag("li", tag("span", class_="swatch"), " as in the reference"))
    if result.missing:
        items.append(tag("li", tag("span", class_="swatch out"), " left out"))
    return tag("ul", join(*items), class_="legend")
