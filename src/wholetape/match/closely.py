"""With the original's sound at hand, the edges that the print found are placed again, to about a millisecond.

On either side of an edge it is learnt how the release follows the original there. Then the edge is the sample at which
following the one gives way, most cheaply, to following the other, or to sound that follows neither.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TypeGuard

import numpy as np

from wholetape.match.original import Original
from wholetape.match.params import PRINT
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign, Piece
from wholetape.match.waveform import Array, Laid, Release, costs, lay
from wholetape.match.waveparams import WAVE

_PER_MS = PRINT.rate // 1000


@dataclass(frozen=True, slots=True)
class Sides:
    """How a held stretch follows the original near its start and near its end; None where that is not to be told."""

    start: Laid | None
    end: Laid | None


def closely(
    pieces: list[Piece], release: Release, original: Original, only: Collection[int] | None = None
) -> list[Piece]:
    """The pieces, their edges and offsets as the waveform tells them; where it cannot tell, as they were.

    ``only``: the foreign pieces whose edges are to be placed, when not all are.
    """
    beside = None if only is None else {k + step for k in only for step in (-1, 1)}
    sides = [
        _sides(piece, release, original) if beside is None or k in beside else Sides(None, None)
        for k, piece in enumerate(pieces)
    ]
    table = _Table(release, original, [*pieces])
    for k, piece in enumerate(pieces):
        before, behind = sides[k - 1].end if k else None, sides[k + 1].start if k + 1 < len(pieces) else None
        if isinstance(piece, Foreign):
            if only is None or k in only:
                table.apart(k, before, behind)
        elif only is None and k + 1 < len(pieces) and isinstance(pieces[k + 1], Held):
            table.meet(k, sides[k].end, behind)
    return [_with_offsets(piece, side) for piece, side in zip(table.pieces, sides, strict=True)]


def _sides(piece: Piece, release: Release, original: Original) -> Sides:
    if not isinstance(piece, Held) or piece.speed != 1.0:
        return Sides(None, None)
    start, end = round(piece.start_ms * _PER_MS), round(piece.end_ms * _PER_MS)
    guard = min(WAVE.guard, (end - start) // 8)
    room = end - start - 2 * guard
    if room < WAVE.least_fit:
        return Sides(None, None)
    ahead, behind = piece.ref_start_ms - piece.start_ms, piece.ref_end_ms - piece.end_ms

    def look(size: int) -> tuple[Laid | None, Laid | None]:
        first, last = start + guard, end - guard
        return (
            lay(release, original, first, first + size, ahead * _PER_MS, WAVE.reach),
            lay(release, original, last - size, last, behind * _PER_MS, WAVE.reach),
        )

    near = look(min(WAVE.fit, room))
    if None in near and room > WAVE.fit:  # too quiet: perhaps more of it tells
        wide = look(min(WAVE.more_fit, room))
        return Sides(near[0] or wide[0], near[1] or wide[1])
    return Sides(*near)


def _with_offsets(piece: Piece, sides: Sides) -> Piece:
    if not isinstance(piece, Held) or (sides.start is None and sides.end is None):
        return piece
    start = sides.start.lag / _PER_MS if sides.start else piece.ref_start_ms - piece.start_ms
    end = sides.end.lag / _PER_MS if sides.end else piece.ref_end_ms - piece.end_ms
    return replace(piece, offsets=(start, end))


class _Table:
    """The pieces while their edges are moved."""

    def __init__(self, release: Release, original: Original, pieces: list[Piece]) -> None:
        self.release, self.original, self.pieces = release, original, pieces

    def meet(self, k: int, before: Laid | None, behind: Laid | None) -> None:
        """Move the edge at which piece ``k`` and the next, both held, meet."""
        if not _faithful(before) or not _faithful(behind):
            return
        one, two = self.pieces[k], self.pieces[k + 1]
        at = round(two.start_ms * _PER_MS)
        first = max(at - WAVE.edge, round(one.start_ms * _PER_MS))
        last = min(at + WAVE.edge, round(two.end_ms * _PER_MS))
        if last - first < 2:
            return
        edge = change(self.release, self.original, before, behind, first, last, at)
        self.pieces[k] = replace(one, end_ms=edge / _PER_MS)
        self.pieces[k + 1] = replace(two, start_ms=edge / _PER_MS)

    def apart(self, k: int, before: Laid | None, behind: Laid | None) -> None:
        """Move the edges of the foreign piece ``k``; None for a side that nothing is known of."""
        piece = self.pieces[k]
        left, right = round(piece.start_ms * _PER_MS), round(piece.end_ms * _PER_MS)
        first, last = left - WAVE.edge, right + WAVE.edge
        if k > 0:
            first = max(first, round(self.pieces[k - 1].start_ms * _PER_MS))
        if k + 1 < len(self.pieces):
            last = min(last, round(self.pieces[k + 1].end_ms * _PER_MS))
        missing = self._missing(k)
        if _faithful(before) and _faithful(behind) and abs(missing) <= WAVE.same and before.lag > behind.lag:
            length = before.lag - behind.lag  # nothing is missing: one edge tells the other
            head, tail = self._follow(before, first, last), _rest(self._follow(behind, first, last))
            if last - first > length + 2:
                start = _least(head[: len(head) - length] + tail[length:], left - first)
                left, right = first + start, first + start + length
        elif _faithful(before) and _faithful(behind) and right - left <= WAVE.joint:
            head = self._follow(before, first, last) - self._foreign(before, first, last)
            best = np.minimum.accumulate(head)
            tail = self._foreign(before, first, last) + _rest(self._follow(behind, first, last))
            end = _least(best + tail, right - first)
            start = _least(head[: end + 1], min(left - first, end))
            if end - start >= WAVE.bare:
                left, right = first + start, first + end
        else:
            middle = (left + right) // 2
            if _faithful(before):
                stop = min(left + WAVE.edge, middle)
                gone = self._follow(before, first, stop) + _rest(self._foreign(before, first, stop))
                left = first + _least(gone, left - first)
            if _faithful(behind):
                begin = max(right - WAVE.edge, middle)
                back = self._foreign(behind, begin, last) + _rest(self._follow(behind, begin, last))
                right = begin + _least(back, right - begin)
        self._set(k, left, right)

    def _missing(self, k: int) -> float:
        """Samples of the original that are missing where the foreign piece ``k`` stands, as far as the print tells."""
        around = self.pieces[k - 1 : k + 2] if k else []
        if len(around) < 3 or not isinstance(around[0], Held) or not isinstance(around[2], Held):
            return float("inf")
        return (around[2].ref_start_ms - around[0].ref_end_ms) * _PER_MS

    def _set(self, k: int, left: int, right: int) -> None:
        start, end = left / _PER_MS, right / _PER_MS
        self.pieces[k] = replace(self.pieces[k], start_ms=start, end_ms=end)
        if k > 0:
            self.pieces[k - 1] = replace(self.pieces[k - 1], end_ms=start)
        if k + 1 < len(self.pieces):
            self.pieces[k + 1] = replace(self.pieces[k + 1], start_ms=end)

    def _follow(self, laid: Laid, first: int, last: int) -> Array:
        return _sum(costs(self.release, self.original, laid, first, last).follow)

    def _foreign(self, laid: Laid, first: int, last: int) -> Array:
        return _sum(costs(self.release, self.original, laid, first, last).foreign)


def change(
    release: Release,
    original: Original,
    before: Laid,
    behind: Laid,
    first: int,
    last: int,
    near: int | None = None,
) -> int:
    """The sample in [first, last] at which following ``before`` gives way to following ``behind``."""
    one, other = (_sum(costs(release, original, laid, first, last).follow) for laid in (before, behind))
    return first + _least(one + _rest(other), (first + last) // 2 - first if near is None else near - first)


def _faithful(laid: Laid | None) -> TypeGuard[Laid]:
    return laid is not None and laid.ratio <= WAVE.faithful


def _sum(values: Array) -> Array:
    """(n + 1,) sums of the first k values."""
    return np.concatenate(([0.0], np.cumsum(values)))


def _rest(total: Array) -> Array:
    """(n + 1,) what is left of a sum behind each place."""
    return np.asarray(total[-1] - total)


def _least(total: Array, near: int) -> int:
    """The index of the least value; of several about as small, the one nearest to ``near``."""
    low = np.flatnonzero(total <= total.min() + 1.0)
    return int(low[np.argmin(np.abs(low - near))])
