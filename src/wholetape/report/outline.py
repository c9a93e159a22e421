"""How loud a recording is, drawn as one shape that is stretched over its place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wholetape.report.markup import Markup, tag

WIDE = 1000.0
"""Units of an inner drawing from left to right."""


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
    middle, reach = (50.0, 47.0) if mirrored else (97.0, 94.0)
    tall = [max(0.6, reach * (value / top) ** 0.6) for value in outline]
    upper, lower = ([(k, round(middle + way * h)) for k, h in enumerate(tall)] for way in (-1, 1))
    back = lower[::-1] if mirrored else [(len(outline) - 1, round(middle)), (0, round(middle))]
    drawn = tag("path", d=_shape([*upper, *back]), class_="wave" if mirrored else "wave level")
    return stretched(y, height, drawn, x=x, width=width, box=f"-.5 0 {len(outline)}")


def _shape(points: Sequence[tuple[int, int]]) -> str:
    """The closed path through ``points``, each told from the one before: small numbers, which pack well."""
    x, y = points[0]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    told = "".join(f"{'' if dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}" for dx, dy in steps)
    return f"M{x} {y}l{told.lstrip()}z" if steps else f"M{x} {y}z"
