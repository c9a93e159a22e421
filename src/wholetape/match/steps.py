"""Cuts too short for the print: within a stretch that it held, the original jumps ahead by some milliseconds.

Clocks that run apart move gradually; an edit does not. Where a stretch ends at another offset than it began, it is
halved until the step is cornered, or found to be none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from wholetape.match.closely import change
from wholetape.match.original import Original
from wholetape.match.params import EDITS, PRINT
from wholetape.match.segments import Held, part
from wholetape.match.timeline import Piece
from wholetape.match.waveform import Laid, Release, lay
from wholetape.match.waveparams import STEPS

_PER_MS = PRINT.rate // 1000


@dataclass(frozen=True, slots=True)
class _At:
    """How the release follows the original in the samples [start, end)."""

    start: int
    end: int
    laid: Laid


def stepped(pieces: list[Piece], release: Release, original: Original) -> list[Piece]:
    """The pieces, with held stretches parted where they step."""
    out: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Held) or piece.offsets is None or piece.speed != 1.0:
            out.append(piece)
            continue
        rest = piece
        for before, behind in _steps(piece, release, original):
            first, last = before.start, behind.end
            at = change(release, original, before.laid, behind.laid, first, last) / _PER_MS
            ahead = before.laid.lag / _PER_MS, behind.laid.lag / _PER_MS
            if not rest.start_ms < at < rest.end_ms:
                continue
            assert rest.offsets is not None
            out.append(replace(part(rest, rest.start_ms, at), offsets=(rest.offsets[0], ahead[0])))
            end = rest.offsets[1]
            rest = replace(part(rest, at, rest.end_ms), offsets=(ahead[1], end), evidence=EDITS.clear)
        out.append(rest)
    return out


def _steps(held: Held, release: Release, original: Original) -> Iterator[tuple[_At, _At]]:
    """Neighbouring windows of a stretch between which its offset steps."""
    assert held.offsets is not None
    moved = abs(held.offsets[1] - held.offsets[0])
    if moved < STEPS.least_ms:
        return
    start, end = round(held.start_ms * _PER_MS) + STEPS.margin, round(held.end_ms * _PER_MS) - STEPS.margin
    ahead = round((held.offsets[0] + held.offsets[1]) / 2 * _PER_MS)
    reach = round(moved * _PER_MS) + STEPS.reach

    def look(first: int) -> _At | None:
        laid = lay(release, original, first, first + STEPS.window, ahead, reach)
        return _At(first, first + STEPS.window, laid) if laid is not None and laid.ratio <= STEPS.faithful else None

    one, other = look(start), look(end - STEPS.window)
    if one is not None and other is not None:
        yield from _between(one, other, look)


def _between(one: _At, other: _At, look: Callable[[int], _At | None]) -> Iterator[tuple[_At, _At]]:
    if abs(other.laid.lag - one.laid.lag) < STEPS.least_ms * _PER_MS or other.start <= one.start:
        return
    if other.start - one.start <= STEPS.window:
        yield one, other
        return
    middle = look((one.start + other.start) // 2)
    if middle is None:
        if other.start - one.start <= 4 * STEPS.window:
            yield one, other
        return
    yield from _between(one, middle, look)
    yield from _between(middle, other, look)
