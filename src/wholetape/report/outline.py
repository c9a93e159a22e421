"""How loud a recording is, drawn as one shape that is stretched over its place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wholetape.report.markup import Markup, join, tag

WIDE = 1000.0
"""Units of an inner drawing from left to right."""
_MIDDLE = 50.0
"""Units from the top of an inner drawing to the line that a wave is mirrored at."""


def stretched(
    y: float, height: float | str, *children: Markup, x: float = 0.0, width: float = 100.0, box: str = f"0 0 {WIDE:.0f}"
) -> Markup:
    """An inner drawing, 100 units high and ``WIDE`` wide if ``box`` says nothing else, stretched over its place."""
    return tag(
        "svg",
        *children,
        x=f"{x:.3f}%",
        y=y,
        width=f"{width:.3f}%",
        height=height,
        viewBox=f"{box} 100",
        preserveAspectRatio="none",
    )


def wave(
    y: float,
    height: float | str,
    outline: Sequence[float],
    *,
    mirrored: bool = True,
    x: float = 0.0,
    width: float = 100.0,
) -> Markup:
    """The outline as one shape; the loudest part as high as there is room, quiet ones raised so that they are seen."""
    top = max(outline, default=0.0)
    if not top:
        return stretched(y, height, tag("path", d=f"M0 50H{WIDE:.0f}", class_="silence"), x=x, width=width)
    foot, reach = (_MIDDLE, 47.0) if mirrored else (97.0, 94.0)
    tops = [round(foot - max(0.6, reach * (value / top) ** 0.6)) for value in outline]
    if mirrored:  # the half below is the half above once more, packed to nothing; they overlap, so that no seam shows
        half = _shape(tops, _MIDDLE + 1)
        flipped = tag("path", d=half, class_="wave", transform=f"matrix(1 0 0 -1 0 {2 * _MIDDLE:.0f})")
        drawn = join(tag("path", d=half, class_="wave"), flipped)
    else:
        drawn = tag("path", d=_shape(tops, foot), class_="wave level")
    return stretched(y, height, drawn, x=x, width=width, box=f"-.5 0 {len(outline)}")


def _shape(tops: Sequence[int], foot: float) -> str:
    """The closed path over ``tops``, one a unit, down to ``foot``; each told from the one before: small numbers."""
    told = "".join(f" 1{'' if b < a else ' '}{b - a}" for a, b in pairwise(tops))
    return f"M0 {tops[0]}{'l' if told else ''}{told.lstrip()}V{foot:.0f}H0z"
