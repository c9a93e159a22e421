"""The picture of a release for social networks: waveform and edits, as SVG and, with fewer words, as PNG."""

from __future__ import annotations

import io
from collections.abc import Iterator

from wholetape.findings import Kind
from wholetape.release.messages import Messages
from wholetape.release.model import Release, Site
from wholetape.report.escape import readable
from wholetape.report.markup import Markup, prose, tag
from wholetape.times import timecode

WIDE, HIGH = 1200, 630
"""Pixels that networks ask for."""
_LEFT, _RIGHT, _MIDDLE, _REACH = 70, 1130, 350, 110
_GROUND, _INK, _SOFT, _WAVE = "#14161a", "#e8e9ec", "#a9afba", "#a3adbc"
_COLOURS = {
    Kind.CUT: "#ff9466",
    Kind.INSERTED: "#ef92cf",
    Kind.REPLACED: "#7fbcff",
    Kind.REPEATED: "#5fd0de",
    Kind.MOVED: "#58cf98",
    Kind.MUTED: "#c3c7cf",
    Kind.SPEED: "#efb95a",
    Kind.UNVERIFIED: "#6b6f78",
}
_OUTCOMES = {"whole": "#58cf98", "edited": "#ff9466"}
_OPEN = "#efb95a"
_LETTERS = 46
"""Letters of a title in one line."""


def as_svg(m: Messages, site: Site, release: Release) -> bytes:
    """The card as SVG, with the title in its own script."""
    title = readable(release.title).replace("\n", " ")
    if len(title) > _LETTERS:
        title = title[: _LETTERS - 1] + "…"
    drawn = tag(
        "svg",
        tag("title", prose(f"{title} – {m.text('card.alt')}")),
        tag("rect", width=WIDE, height=HIGH, fill=_GROUND),
        _text(prose(title), 70, 110, 44, _INK, bold=True),
        _text(prose(_line(m, release)), 70, 165, 28, _SOFT),
        *(
            tag("rect", x=a, y=_MIDDLE - _REACH, width=w, height=2 * _REACH, fill=c, opacity=0.55)
            for a, w, c in marks(release)
        ),
        tag("path", d=_outline(release), fill=_WAVE),
        *_outcome(m, release),
        _text(prose(readable(site.name or release.supplier)[:_LETTERS]), 70, 595, 26, _SOFT),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDE} {HIGH}",
        width=WIDE,
        height=HIGH,
        direction=m.dir if m.dir == "rtl" else None,
        role="img",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'.encode()


def as_png(m: Messages, release: Release) -> bytes:
    """The card as PNG. Words only in letters that the font at hand has; networks show the title beside it."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (WIDE, HIGH), _GROUND)
    draw = ImageDraw.Draw(image)
    title = readable(release.title).replace("\n", " ")[:_LETTERS]
    if title.isascii():
        draw.text((70, 70), title, fill=_INK, font=ImageFont.load_default(46))
    draw.text((70, 135), timecode(release.duration)[:-4], fill=_SOFT, font=ImageFont.load_default(30))
    for left, width, colour in marks(release):
        draw.rectangle((left, _MIDDLE - _REACH, left + width, _MIDDLE + _REACH), fill=_dimmed(colour))
    for left, width, height in bars(release):
        draw.rectangle((left, _MIDDLE - height, left + width, _MIDDLE + height), fill=_WAVE)
    word = m.text(f"outcome.{release.answers[0].result.outcome}") if release.answers else ""
    if word and not word.isascii():
        word = str(release.answers[0].result.outcome)
    if word:
        colour = _OUTCOMES.get(release.answers[0].result.outcome, _OPEN)
        draw.text((70, 510), word, fill=colour, font=ImageFont.load_default(64))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def marks(release: Release) -> Iterator[tuple[float, float, str]]:
    """Left, width and colour of each edit of the first answered copy, on the recordings one after the other."""
    if not release.answers:
        return
    total, starts = max(release.duration, 1e-9), _starts(release)
    for edit in release.answers[0].result.edits[:200]:
        if edit.reference is None or edit.source is None or edit.source >= len(starts):
            continue
        a, b = (starts[edit.source] + at for at in edit.reference.seconds)
        left = _LEFT + (_RIGHT - _LEFT) * min(1.0, a / total)
        yield left, min(max(3.0, (_RIGHT - _LEFT) * (b - a) / total), _RIGHT - left + 3), _COLOURS[edit.kind]


def bars(release: Release) -> Iterator[tuple[float, float, float]]:
    """Left, width and half height of each part of the outlines, one session after the other."""
    total, at = max(release.duration, 1e-9), 0.0
    for session in release.sessions:
        outline, share = session.sound.outline, session.sound.duration / total
        top = max(outline, default=0.0) or 1.0
        step = (_RIGHT - _LEFT) * share / max(1, len(outline))
        for number, value in enumerate(outline):
            left = _LEFT + (_RIGHT - _LEFT) * at / total + number * step
            yield left, max(1.0, step * 0.6), max(1.0, _REACH * (value / top) ** 0.6)
        at += session.sound.duration


def _starts(release: Release) -> list[float]:
    starts = [0.0]
    for session in release.sessions:
        starts.append(starts[-1] + session.sound.duration)
    return starts[:-1]


def _outline(release: Release) -> str:
    return "".join(f"M{a:.1f} {_MIDDLE - h:.1f}h{w:.1f}v{2 * h:.1f}h-{w:.1f}z" for a, w, h in bars(release))


def _outcome(m: Messages, release: Release) -> Iterator[Markup]:
    if release.answers:
        outcome = release.answers[0].result.outcome
        colour = _OUTCOMES.get(outcome, _OPEN)
        yield _text(prose(m.text(f"outcome.{outcome}")), 70, 545, 60, colour, bold=True)


def _line(m: Messages, release: Release) -> str:
    length = timecode(release.duration)[:-4]
    sealed = "card.sealed" if all(session.seal for session in release.sessions) else "card.unsealed"
    return f"{length} · {m.text(sealed)}"


def _text(words: Markup, x: int, y: int, size: int, colour: str, *, bold: bool = False) -> Markup:
    return tag(
        "text",
        words,
        x=x,
        y=y,
        font_size=size,
        fill=colour,
        font_weight=700 if bold else None,
        font_family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Khmer', 'Khmer OS', sans-serif",
    )


def _dimmed(colour: str) -> tuple[int, int, int]:
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    ground = [int(_GROUND[k : k + 2], 16) for k in (1, 3, 5)]
    r, g, b = (round(0.55 * p + 0.45 * q) for p, q in zip(parts, ground, strict=True))
    return r, g, b
