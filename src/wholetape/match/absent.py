"""Stretches that the print took for the reference, and in which the original's sound is not heard: short words, mutes.

Signs need some 100 ms to tell other sound; the wave tells it from a window. Where the signs do not agree that anything
is wrong, they may have been forged, or the copy is a strange one: such a stretch is doubtful, and no edit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from wholetape.match.gaps import Content, content, inner, pause, steady
from wholetape.match.original import Original
from wholetape.match.params import EDITS, PRINT
from wholetape.match.presence import Usual, laid, missed, present
from wholetape.match.score import Scorer
from wholetape.match.segments import Held, part
from wholetape.match.timeline import Foreign, Piece
from wholetape.match.waveform import Release, lay
from wholetape.match.waveparams import ABSENT, WAVE

_Chunk = tuple[int, int, int]
"""Start and end frame, and the lag in samples."""


@dataclass(frozen=True, slots=True)
class _Hole:
    """Frames [start, end) of absence: how present the original is at least, and the nats a frame by which signs fit.

    ``alone``: it is well heard just before and behind.
    """

    start: int
    end: int
    presence: float
    signs: float
    alone: bool


def absent(pieces: list[Piece], scorer: Scorer, release: Release, original: Original) -> list[Piece]:
    """The pieces, with what stands in place of the original apart from the stretches that were held."""
    chunks = {k: list(_chunks(piece, release, original)) for k, piece in enumerate(pieces) if isinstance(piece, Held)}
    every = [chunk for some in chunks.values() for chunk in some]
    if not every:
        return pieces
    chosen = every[:: max(1, len(every) // ABSENT.sample)]
    usual = Usual.of([laid(release, original, *chunk) for chunk in chosen])
    if usual.median < ABSENT.faithful:
        return pieces
    limit = min(ABSENT.most, ABSENT.share * usual.median)
    out: list[Piece] = []
    for k, piece in enumerate(pieces):
        holes = [h for chunk in chunks.get(k, []) for h in _holes(scorer, release, original, chunk, usual, limit)]
        if isinstance(piece, Held):
            out += _parted(scorer, piece, _joined(holes), limit)
        else:
            before = pieces[k - 1] if k else None
            out.append(_unmasked(piece, before, scorer, release, original, usual, limit))
    return out


def _unmasked(
    piece: Foreign,
    before: Piece | None,
    scorer: Scorer,
    release: Release,
    original: Original,
    usual: Usual,
    limit: float,
) -> Foreign:
    """A stretch that the print could not judge for noise: silence where the original is missed, for nothing lies over
    it, and other sound where the original is not under it."""
    if piece.content is not Content.MASKED or not isinstance(before, Held) or before.offsets is None:
        return piece
    a, b = inner(piece.start_ms, piece.end_ms)
    start, end = max(0, a - ABSENT.beside), min(len(scorer), b + ABSENT.beside)
    near = laid(release, original, start, end, round(before.offsets[1] * PRINT.rate / 1000))
    if piece.end_ms - piece.start_ms >= ABSENT.sure_ms and missed(near, a - start, b - start, usual):
        return replace(piece, content=Content.SILENT, evidence=max(piece.evidence, EDITS.clear))
    if steady(scorer, a, b):
        return piece
    presence, heard = present(near, usual)
    first = max(0, a - start - 1)
    inside = slice(first, max(first + 1, b - start - ABSENT.window + 2))
    gone = heard[inside] & (presence[inside] < limit)
    return replace(piece, content=Content.OTHER) if len(gone) and gone.all() else piece


def _chunks(held: Held, release: Release, original: Original) -> Iterator[_Chunk]:
    """Pieces of a held stretch over which it follows one filter, its edges left out."""
    if held.speed != 1.0 or held.offsets is None:
        return
    first, last = int(np.ceil(held.start_ms / 10)) + ABSENT.edge, int(held.end_ms / 10) - ABSENT.edge
    count = max(1, round((last - first) / ABSENT.chunk))
    cuts = np.linspace(first, last, count + 1).astype(int).tolist()
    for a, b in pairwise(cuts):
        if b - a >= ABSENT.least:
            along = ((a + b) / 2 - first) / max(1, last - first)
            lag = round((held.offsets[0] * (1 - along) + held.offsets[1] * along) * PRINT.rate / 1000)
            if abs(held.offsets[1] - held.offsets[0]) > ABSENT.drift_ms:
                found = lay(release, original, a * PRINT.hop, b * PRINT.hop, lag, WAVE.reach)
                lag = found.lag if found is not None else lag
            yield a, b, lag


def _holes(
    scorer: Scorer, release: Release, original: Original, chunk: _Chunk, usual: Usual, limit: float
) -> Iterator[_Hole]:
    """Stretches of a chunk in which the original is absent."""
    start, end, lag = chunk
    end = min(end, len(scorer))
    presence, heard = present(laid(release, original, start, end, lag), usual)
    if heard.any() and float(np.median(presence[heard])) < ABSENT.share * usual.median:
        found = lay(release, original, start * PRINT.hop, end * PRINT.hop, lag, WAVE.reach)
        if found is None:
            return
        presence, heard = present(laid(release, original, start, end, found.lag), usual)
    low = heard & (presence < limit)
    at = np.flatnonzero(low)
    if not len(at):
        return
    signs = scorer.llr(start, end, round(lag / PRINT.hop))
    for group in np.split(at, np.flatnonzero(np.diff(at) > ABSENT.window) + 1):
        a, b = int(group[0]), int(group[-1]) + ABSENT.window
        near = np.r_[max(0, a - ABSENT.beside) : a, b : min(len(low), b + ABSENT.beside)]
        near = near[heard[near] & ~low[near]]
        alone = len(near) > 0 and float(np.median(presence[near])) >= ABSENT.clear * usual.median
        yield _Hole(start + a, start + b, float(presence[group].min()), float(signs[a:b].mean()), alone)


def _joined(holes: list[_Hole]) -> list[_Hole]:
    out: list[_Hole] = []
    for hole in holes:
        if out and hole.start <= out[-1].end + ABSENT.window:
            last = out[-1]
            deepest, signs = min(last.presence, hole.presence), max(last.signs, hole.signs)
            out[-1] = _Hole(last.start, hole.end, deepest, signs, last.alone and hole.alone)
        else:
            out.append(hole)
    return out


def _parted(scorer: Scorer, held: Held, holes: list[_Hole], limit: float) -> list[Piece]:
    """The held stretch with foreign pieces for its holes, and doubts where its signs contradict."""
    out: list[Piece] = []
    rest = held
    for hole in holes:
        start, end = hole.start * 10.0, hole.end * 10.0
        diagonal = next((d for a, b, d in held.runs if a <= hole.start < b), held.first)
        if pause(scorer, start, end, diagonal):
            continue
        what = content(scorer, start, end, (diagonal, diagonal), True)
        buried = not hole.alone or steady(scorer, hole.start, min(hole.end, len(scorer)))
        if what is Content.OTHER and (buried or hole.signs > ABSENT.held):
            if hole.end - hole.start >= ABSENT.doubt:
                rest = replace(rest, doubts=(*rest.doubts, (start, end)))
            continue
        out.append(part(rest, rest.start_ms, start))
        out.append(Foreign(start, end, what, EDITS.clear * (1.5 - hole.presence / limit)))
        rest = part(rest, end, held.end_ms)
    return [*out, rest]
