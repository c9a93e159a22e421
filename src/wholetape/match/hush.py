"""Where the release falls silent although its signs still follow the reference: words turned down until nobody hears.

Signs know no loudness, so a word played at a hundredth of its level keeps them. No compressor, gate or denoiser takes
that much from sound which stands out in the reference.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wholetape.match.gaps import Content, gated
from wholetape.match.params import EDITS, PRINT
from wholetape.match.score import LEVELS, Scorer
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign, Piece

_DEEP = 40
"""Level steps of 0.75 dB by which the release must lie below the reference: 30 dB."""
_EDGE = 12
"""Level steps up to which a hush is followed to its edges."""
_AUDIBLE = 5
"""Loudness classes (6 dB) from the reference's loud part down to what is sure to be missed."""
_AUDIBLE_GATED = 3
"""The same where a gate, or a codec that does not transmit pauses, silences what is faint."""
_SOMETIMES = 0.01
"""Share of what is quiet in the references from which a copy's digital silence is its codec's, not an editor's."""
_SHORTEST = 4
"""Frames: one level byte of the reference, which tells the loudest of so many."""
_MARGIN = 1
"""Frames on either side of those in which the release must be hushed as well."""
_SMEAR = 2
"""Frames that a window reaches beyond its own."""
_FULL = 127
"""The highest level."""
_BRIDGE = 30
"""Frames between two parts of one hush, where the reference itself is quiet."""
_NATS = 4.0
"""Evidence of a frame."""


def hushed(scorer: Scorer, pieces: list[Piece]) -> list[Piece]:
    """The pieces, with what was turned down beyond hearing standing apart from the stretches that were held."""
    out: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Held) or piece.speed != 1.0:
            out.append(piece)
            continue
        rest = piece
        for start, end in _spans(scorer, piece):
            if start - rest.start_ms < 20.0:
                start = rest.start_ms
            else:
                out.append(_part(rest, rest.start_ms, start))
            out.append(Foreign(start, end, Content.SILENT, _NATS * (end - start) / 10))
            rest = _part(rest, end, rest.end_ms)
        out.append(rest)
    return _joined(out)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with two silences as one where hardly anything is held between them."""
    out: list[Piece] = []
    for piece in pieces:
        out.append(piece)
        if len(out) < 3:
            continue
        one, between, other = out[-3:]
        if (
            isinstance(one, Foreign)
            and isinstance(between, Held)
            and isinstance(other, Foreign)
            and one.content is other.content is Content.SILENT
            and between.end_ms - between.start_ms < EDITS.seam_ms
        ):
            out[-3:] = [replace(one, end_ms=other.end_ms, evidence=one.evidence + other.evidence)]
    return out


def _part(held: Held, start: float, end: float) -> Held:
    """``held`` between two of its milliseconds."""
    first, last = round(start / 10), round(end / 10)
    runs = tuple((max(a, first), min(b, last), d) for a, b, d in held.runs if max(a, first) < min(b, last))
    nearest = min(held.runs, key=lambda run: abs(run[0] - first))
    return replace(held, runs=runs or ((first, max(first + 1, last), nearest[2]),), start_ms=start, end_ms=end)


def _spans(scorer: Scorer, held: Held) -> list[tuple[float, float]]:
    """Milliseconds of the hushed spans of a stretch."""
    first, last = max(0, round(held.start_ms / 10)), min(len(scorer), round(held.end_ms / 10))
    if last - first < _SHORTEST:
        return []
    quiet = scorer.frames.level[first:last].astype(np.int64)
    below = np.zeros(last - first, np.int64)
    sometimes = gated(scorer, _SOMETIMES)
    missed = _AUDIBLE_GATED if gated(scorer) else _AUDIBLE
    audible, deep = np.zeros(len(below), np.bool_), np.zeros(len(below), np.bool_)
    for a, b, d in held.runs:
        a, b = max(a, first, -d), min(b, last, len(scorer.axis) - d)
        if a < b:
            here = slice(a - first, b - first)
            there = scorer.axis.level[a + d : b + d].astype(np.int64) - scorer.gain
            below[here] = there - quiet[here]
            loudest = _loudest(scorer, (a, b), (first, last), d)
            deep[here] = there - loudest >= _DEEP
            audible[here] = scorer.axis.loudness[a + d : b + d] >= LEVELS - missed
            if not sometimes:
                audible[here] |= loudest <= EDITS.digital_silence
    deep &= audible
    if deep.sum() < _SHORTEST:
        return []
    found: list[tuple[int, int]] = []
    for start, end in _runs(deep):
        limit = int(quiet[start:end].max()) + 3
        while start > 0 and below[start - 1] >= _EDGE and quiet[start - 1] <= limit:
            start -= 1
        while end < len(below) and below[end] >= _EDGE and quiet[end] <= limit:
            end += 1
        if found and start - found[-1][1] <= _BRIDGE and bool((quiet[found[-1][1] : start] <= limit).all()):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    long = [(a, b) for a, b in found if deep[a:b].sum() >= _SHORTEST]
    return [
        (max(held.start_ms, (first + a) * 10.0 - 20.0), min(held.end_ms, (first + b) * 10.0 + 10.0)) for a, b in long
    ]


def _loudest(scorer: Scorer, run: tuple[int, int], held: tuple[int, int], diagonal: int) -> NDArray[np.int64]:
    """(n,) loudest level of the release where one level byte of the reference stands, and just around, for a ``run``.

    A byte that reaches beyond the stretch that is ``held`` tells of sound that was not released: there it is as loud
    as can be.
    """
    size = PRINT.level_frames
    origin = scorer.axis.starts[scorer.axis.source_of(run[0] + diagonal)] - diagonal
    place = np.arange(*run)
    first = place - (place - origin) % size
    around = first[:, None] + np.arange(-_MARGIN, size + _MARGIN)
    level = scorer.frames.level
    loudest = level[np.clip(around, 0, len(level) - 1)].max(axis=1).astype(np.int64)
    within = (first - _SMEAR >= held[0]) & (first + size + _SMEAR <= held[1])
    return np.where(within, loudest, _FULL)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
