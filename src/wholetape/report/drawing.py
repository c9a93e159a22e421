"""Drawings of a report as SVG: release over reference with what went where, and each place by itself.

Positions are percentages, so that a drawing is as wide as the screen and its letters keep their shape; what may be
stretched stands in an inner drawing of its own. Colours come from classes, patterns from :func:`patterns`: each kind
has a colour, a pattern and a letter, any one of which is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from wholetape.findings import CheckResult, Edit, Kind, Stretch
from wholetape.report import words
from wholetape.report.markup import Markup, join, tag
from wholetape.report.outline import stretched, wave
from wholetape.report.places import Piece, edits_shown
from wholetape.report.sounds import Sounds
from wholetape.report.strip import LETTERS, STEPS, clock
from wholetape.times import CLOCK_HZ, Span

_PATTERNS = {
    Kind.CUT: "M-2 2l4 -4M0 8l8 -8M6 10l4 -4",
    Kind.INSERTED: "M4 0v8M0 4h8",
    Kind.REPLACED: "M-2 6l4 4M0 0l8 8M6 -2l4 4",
    Kind.REPEATED: "M2 0v8M6 0v8",
    Kind.MOVED: "M0 2h8M0 6h8",
    Kind.MUTED: "M-2 6l4 4M0 0l8 8M6 -2l4 4M-2 2l4 -4M0 8l8 -8M6 10l4 -4",
    Kind.SPEED: "M0 6l4 -4l4 4",
    Kind.UNVERIFIED: "M2 2h1M6 6h1",
}
_TOP, _BAND, _RULER, _GAP = 50, 84, 18, 44
"""Pixels above the release, of each band, of a ruler, and of what links the two."""
_LINKS = _TOP + _BAND + _RULER
_BELOW = _LINKS + _GAP
HEIGHT = _BELOW + _BAND + _RULER
_BADGE = 6.5
"""Percent of the width that a badge takes on a narrow screen."""
_ROWS = 2
_LEAST = 0.15
"""Percent below which a place would not be seen."""
_LABEL = "The release above, the reference below, and what of one is where in the other. Each edit is a link."


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a sample of the release, or of a reference, stands, in percent of the width."""

    length: int
    starts: tuple[int, ...]
    total: int

    @staticmethod
    def of(result: CheckResult) -> _Scale:
        lengths = [max(1, round(ref.duration * CLOCK_HZ)) for ref in result.references]
        pause = sum(lengths) // 60
        starts = tuple(sum(lengths[:k]) + k * pause for k in range(len(lengths)))
        length = result.spans[-1].release.end if result.spans else 1
        return _Scale(max(1, length), starts, max(1, sum(lengths) + pause * (len(lengths) - 1)))

    def release(self, sample: int) -> float:
        return 100.0 * min(sample, self.length) / self.length

    def reference(self, source: int, sample: int) -> float:
        return 100.0 * min(self.starts[source] + sample, self.total) / self.total


def patterns() -> Markup:
    """The patterns of all kinds, to stand once in a page before any drawing."""
    return tag(
        "svg",
        tag(
            "defs",
            *(
                tag(
                    "pattern",
                    tag("rect", width=8, height=8, class_="ground"),
                    tag("path", d=lines, class_="lines"),
                    id=f"p-{kind}",
                    class_=f"k-{kind}",
                    width=8,
                    height=8,
                    patternUnits="userSpaceOnUse",
                )
                for kind, lines in _PATTERNS.items()
            ),
        ),
        width=0,
        height=0,
        class_="patterns",
        aria_hidden="true",
    )


def _in_english(number: int, edit: Edit, result: CheckResult) -> str:
    return f"Edit {number}, {edit.kind}: {words.edit_sentence(edit, result)}"


def overview(
    result: CheckResult,
    sounds: Sounds,
    prefix: str,
    label: str = _LABEL,
    told: Callable[[int, Edit, CheckResult], str] = _in_english,
) -> Markup:
    """The release above, the references below, and between them which part went where; each edit links to its entry.

    ``label`` and ``told`` are what a screen reader says of the whole and of each edit.
    """
    scale = _Scale.of(result)
    return tag(
        "svg",
        wave(_TOP, _BAND, sounds.outlines.get(result.release.path, ())),
        *_references(result, sounds, scale),
        stretched(_LINKS, _GAP, *_ribbons(result, scale)),
        *_ruler(scale, result),
        *_places(result, scale),
        *_links(result, scale, prefix, told),
        class_="overview",
        width="100%",
        height=HEIGHT,
        role="group",
        aria_label=label,
    )


def close_up(piece: Piece, outline: Sequence[float], kind: Kind) -> Markup:
    """One piece with its mark; the line ``cursor`` is moved while it plays."""
    span, mark = piece.span, piece.mark
    a, b = (100.0 * (at - span.start) / max(1, len(span)) for at in (mark.start, mark.end))
    marked = (
        tag(
            "rect",
            class_="mark",
            x=f"{a:.2f}%",
            y=0,
            width=f"{max(b - a, _LEAST):.2f}%",
            height="100%",
            fill=fill_of(kind),
        )
        if len(mark)
        else tag("line", class_=f"join k-{kind}", x1=f"{a:.2f}%", x2=f"{a:.2f}%", y1=0, y2="100%")
    )
    return tag(
        "svg",
        marked,
        wave(0, "100%", outline),
        tag("line", class_="cursor", x1="0%", x2="0%", y1=0, y2="100%"),
        class_="close-up",
        width="100%",
        height=72,
        aria_hidden="true",
    )


def fill_of(kind: Kind) -> str:
    """The pattern of a kind, as a colour to fill with; :func:`patterns` must stand in the page."""
    return f"url(#p-{kind})"


def _references(result: CheckResult, sounds: Sounds, scale: _Scale) -> Iterator[Markup]:
    for source, ref in enumerate(result.references):
        a = scale.reference(source, 0)
        b = scale.reference(source, round(ref.duration * CLOCK_HZ))
        outline = sounds.outlines.get(ref.path, ())
        yield wave(_BELOW, _BAND, outline, mirrored=ref.path not in sounds.levels, x=a, width=max(_LEAST, b - a))
    for gap in result.missing:
        a, b = (scale.reference(gap.source, at) for at in (gap.reference.start, gap.reference.end))
        yield tag("rect", class_="left-out", x=f"{a:.3f}%", y=_BELOW, width=f"{b - a:.3f}%", height=_BAND)


def _ribbons(result: CheckResult, scale: _Scale) -> Iterator[Markup]:
    """For each tile a band from its place in the release to that in the reference; for each cut a wedge."""
    for tile in result.spans:
        if tile.reference is not None and tile.source is not None:
            yield _ribbon(tile, tile.source, tile.reference, scale)
    for edit in edits_shown(result):
        if edit.kind is Kind.CUT and edit.reference is not None and edit.source is not None:
            yield _ribbon(edit, edit.source, edit.reference, scale)


def _ribbon(entry: Edit | Stretch, source: int, reference: Span, scale: _Scale) -> Markup:
    a, b = (10.0 * scale.release(at) for at in (entry.release.start, entry.release.end))
    c, d = (10.0 * scale.reference(source, at) for at in (reference.start, reference.end))
    path = f"M{a:.1f} 0L{b:.1f} 0L{d:.1f} 100L{c:.1f} 100Z"
    return tag("path", d=path, class_=f"ribbon k-{entry.kind}")


def _places(result: CheckResult, scale: _Scale) -> Iterator[Markup]:
    """What is not as in the reference, on the release; what was cut, on the reference."""
    for tile in result.spans:
        if tile.kind is not Kind.KEPT:
            yield _place(tile.kind, _TOP, scale.release(tile.release.start), scale.release(tile.release.end))
    for edit in edits_shown(result):
        if edit.kind is Kind.SPEED:
            yield _place(edit.kind, _TOP, scale.release(edit.release.start), scale.release(edit.release.end))
        if edit.kind is Kind.CUT and edit.reference is not None and edit.source is not None:
            a, b = (scale.reference(edit.source, at) for at in (edit.reference.start, edit.reference.end))
            yield _place(edit.kind, _BELOW, a, b)


def _place(kind: Kind, y: float, a: float, b: float) -> Markup:
    width = max(_LEAST, b - a)
    return tag(
        "rect",
        class_="place",
        x=f"{min(a, 100 - width):.3f}%",
        y=y,
        width=f"{width:.3f}%",
        height=_BAND,
        fill=fill_of(kind),
    )


def _links(
    result: CheckResult, scale: _Scale, prefix: str, told: Callable[[int, Edit, CheckResult], str]
) -> Iterator[Markup]:
    """A line at each edit, and a badge above it in the first row that has room for one."""
    free = [-_BADGE] * _ROWS
    for number, edit in enumerate(edits_shown(result), start=1):
        at = scale.release((edit.release.start + edit.release.end) // 2)
        row = next((k for k, taken in enumerate(free) if abs(at - taken) >= _BADGE), None)
        left = min(max(at, _BADGE / 2), 100 - _BADGE / 2)
        badge: Markup | None = None
        if row is not None:
            free[row] = at
            y = _TOP - 28 - row * 20
            badge = join(
                tag("svg", _pill(f"{LETTERS[edit.kind]}{number}"), x=f"{left:.3f}%", y=y, overflow="visible"),
            )
        yield tag(
            "a",
            tag("line", class_="pin", x1=f"{at:.3f}%", x2=f"{at:.3f}%", y1=_TOP - 8, y2=_TOP + _BAND),
            badge,
            href=f"#{prefix}e{number}",
            class_=f"k-{edit.kind}",
            aria_label=told(number, edit, result),
        )


def _pill(letters: str) -> Markup:
    """A letter and number on the kind's colour, centred on the origin of its drawing."""
    width = 10 + 8 * len(letters)
    return join(
        tag("rect", x=-width / 2, y=0, width=width, height=18, rx=4, class_="pill"),
        tag("text", letters, x=0, y=13, text_anchor="middle", class_="pill-text"),
    )


def _ruler(scale: _Scale, result: CheckResult) -> Iterator[Markup]:
    """Round times below the release's head and below the references."""
    yield from ticks(scale.length / CLOCK_HZ, 0.0, 100.0, _TOP + _BAND + 13)
    for source, ref in enumerate(result.references):
        a = scale.reference(source, 0)
        b = scale.reference(source, round(ref.duration * CLOCK_HZ))
        yield from ticks(ref.duration, a, b, _BELOW + _BAND + 13)


def ticks(seconds: float, left: float, right: float, y: float) -> Iterator[Markup]:
    """Round times at ``y`` pixels, over ``seconds`` drawn from ``left`` to ``right`` percent."""
    room = max(1, int((right - left) / 16))
    step = next((s for s in STEPS if s * room >= seconds), STEPS[-1])
    for at in range(0, int(seconds) + 1, step):
        x = left + (right - left) * at / max(seconds, 1e-9)
        if at and x > right - 9:
            break
        yield tag("text", clock(at), x=f"{x:.3f}%", y=y, class_="tick")
