"""Likelihood ratios of a grid's break: fitted on one split by source, tested on another, and drawn.

The evidence is whether a break is told at all; its strength is not used, for a few dozen sources say nothing of tails.
Propositions: the file was cut or added to after an MP3 or AAC encoding, in one of the ways of ``eval.examining_cases``;
nobody edited it, though it may have been processed openly. A ratio holds for the encoding that the file is in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2, log10
from pathlib import Path
from typing import Any

Row = dict[str, Any]
DRAWING = Path(__file__).parent.parent / "docs" / "examine-tippett.svg"
_LEAST = 6
"""Edited and unedited cases of a form without which no ratio is fitted."""
_FORMS = {".wav": "pcm", ".flac": "pcm", ".mp3": "mp3", ".m4a": "aac", ".opus": "opus"}


@dataclass(frozen=True, slots=True)
class Ratio:
    """log10 likelihood ratios of a break that is told, and of none; ``edited`` and ``sources`` they rest on."""

    present: float
    absent: float
    edited: int
    sources: int


def ratios(fitted: Sequence[Row]) -> dict[str, Ratio]:
    """Of each form that a file may be in, the ratios; none where too little was measured.

    The share of false breaks is never taken below 3 in the number of independent sources, which caps the ratio.
    """
    out = {}
    for form in dict.fromkeys(_FORMS.values()):
        edited, unedited = _cases(fitted, form)
        sources = len({row["source"] for row in unedited})
        if len(edited) < _LEAST or sources < _LEAST:
            continue
        false = len({row["source"] for row in unedited if row["breaks"]})
        hit = (sum(bool(row["breaks"]) for row in edited) + 0.5) / (len(edited) + 1)
        wrong = min(0.99, max(3, false) / sources)
        if hit > wrong:
            out[form] = Ratio(log10(hit / wrong), min(0.0, log10((1 - hit) / (1 - wrong))), len(edited), sources)
    return out


def _cases(rows: Sequence[Row], form: str) -> tuple[list[Row], list[Row]]:
    """Edited and unedited cases whose file is in ``form``."""
    mine = [row for row in rows if _FORMS.get(Path(row.get("name", "")).suffix) == form]
    edited = [row for row in mine if row["part"] == "splice"]
    return edited, [row for row in mine if row["part"] in ("innocent", "grid") and row["seconds"] > 2]


def values(rows: Sequence[Row], told: Mapping[str, Ratio]) -> tuple[list[float], list[float]]:
    """log10 ratios that edited and that unedited cases would get."""
    edited: list[float] = []
    unedited: list[float] = []
    for form, ratio in told.items():
        for out, cases in zip((edited, unedited), _cases(rows, form), strict=True):
            out += [ratio.present if row["breaks"] else ratio.absent for row in cases]
    return edited, unedited


def cllr(edited: Sequence[float], unedited: Sequence[float]) -> float:
    """Bits that the ratios cost: 0 where right and sure, 1 where they say nothing (Brümmer and du Preez, 2006)."""
    one = sum(log2(1 + 10**-value) for value in edited) / len(edited)
    other = sum(log2(1 + 10**value) for value in unedited) / len(unedited)
    return (one + other) / 2


def ratios_text(told: Mapping[str, Ratio], fitted: Sequence[Row], tested: Sequence[Row]) -> str:
    """What was fitted and how it did on other sources, with the drawing, which it writes."""
    edited, unedited = values(tested, told)
    if not told or not edited or not unedited:
        return _none(fitted)
    DRAWING.write_text(tippett(edited, unedited))
    lines = [
        "| the file is in | log10 ratio of a break | of none | edited cases, unedited sources |",
        "| --- | --- | --- | --- |",
        *(f"| {f} | {r.present:.2f} | {r.absent:.2f} | {r.edited}, {r.sources} |" for f, r in told.items()),
        "",
        f"Fitted on `speech/dev`, tested on {len(edited)} edited and {len(unedited)} unedited cases of "
        f"`speech/heldout`: Cllr {cllr(edited, unedited):.2f} bits (0 is best, 1 says nothing); on the cases they were "
        f"fitted on {cllr(*values(fitted, told)):.2f}. Misleading: {sum(v > 0 for v in unedited)} of {len(unedited)} "
        f"unedited cases got a ratio above 1, {sum(v < 0 for v in edited)} of {len(edited)} edited ones below 1.",
        "",
        "![Tippett plot: shares of edited and of unedited cases whose ratio exceeds a value](examine-tippett.svg)",
    ]
    return "\n".join(lines)


def _none(fitted: Sequence[Row]) -> str:
    """Why no ratio is given."""
    edited = [row for row in fitted if row["part"] == "splice"]
    sources = len({row["source"] for row in fitted if row["part"] in ("innocent", "grid")})
    return (
        f"Likelihood ratios: none. On `speech/dev` {len(edited)} edited cases were measured, and unedited ones of "
        f"{sources} sources. A ratio takes {_LEAST} edited cases and {_LEAST} unedited sources for each form that a "
        f"file may be in; of n sources without a false break no ratio above n/3 can be had."
    )


def tippett(edited: Sequence[float], unedited: Sequence[float]) -> str:
    """An SVG: the share of cases whose log10 ratio is at least x, for both propositions."""
    low, high = min([*edited, *unedited, -1.0]) - 0.1, max([*edited, *unedited, 1.0]) + 0.1

    def x(value: float) -> float:
        return 60 + 520 * (value - low) / (high - low)

    def steps(values: Sequence[float]) -> str:
        points, share = [f"{x(low):.1f},{260 - 220:.1f}"], 1.0
        for value in sorted(set(values)):
            points.append(f"{x(value):.1f},{260 - 220 * share:.1f}")
            share = sum(v > value for v in values) / len(values)
            points.append(f"{x(value):.1f},{260 - 220 * share:.1f}")
        return " ".join([*points, f"{x(high):.1f},{260 - 220 * share:.1f}"])

    ticks = "".join(
        f'<text x="{x(k / 2):.0f}" y="280" text-anchor="middle">{k / 2:g}</text>'
        for k in range(int(low * 2), int(high * 2) + 1)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 310" font-family="sans-serif" font-size="13">'
        '<rect width="620" height="310" fill="#fff"/><path d="M60 40V260H580" fill="none" stroke="#333"/>'
        f'<path d="M{x(0):.0f} 40V260" stroke="#bbb"/>{ticks}'
        '<text x="52" y="45" text-anchor="end">100%</text><text x="52" y="264" text-anchor="end">0</text>'
        f'<polyline points="{steps(edited)}" fill="none" stroke="#b3261e" stroke-width="2"/>'
        f'<polyline points="{steps(unedited)}" fill="none" stroke="#1b5e9b" stroke-width="2" stroke-dasharray="6 3"/>'
        '<text x="320" y="302" text-anchor="middle">log10 likelihood ratio at least</text>'
        f'<text x="70" y="22" fill="#b3261e">edited (n = {len(edited)})</text>'
        f'<text x="220" y="22" fill="#1b5e9b">unedited, dashed (n = {len(unedited)})</text></svg>\n'
    )
