"""Shadows: what clear grids show at further offsets, where no encoder's frames began.

Encoding again folds each frame about the middles of its two halves (time-domain aliasing: Princen and Bradley, 1986).
So a later grid g shows an earlier one o at its mirror 2 g - o, too, itself close beside g and half a hop away, and
something midway between both. The polyphase filters of MP3 step by 32 samples, and AAC's transform sees those steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholetape.examining.codec.grid import HOPS, Transform, distance

_SLACK = 1
"""Samples by which an offset may miss the place of a shadow."""
_BESIDE = 20
"""Samples beside a grid within which it shows itself."""
_LATER = 0.15
"""Share of the later grid's deviations from which a grid is one of its own right."""
_EARLIER = 0.5
"""The same for the earlier grid, whose mirror it may be."""
_LOST = 0.05
"""The same, up to which a grid beside it is a shadow, and a mirror may be as clear as what it mirrors."""
_STEP, _STEPS = 64, 3
"""Samples: so many grids of one transform that lie multiples of it apart are steps of filters, not encodings."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of one encoding: the offsets at which its frames begin, and the deviations of the clearest."""

    transform: Transform
    offsets: tuple[int, ...]
    z: float


def shadows(found: Sequence[Seen]) -> list[bool]:
    """For each of ``found``, clearest first: whether clearer ones by far explain every offset of it."""
    kept: list[Seen] = []
    out: list[bool] = []
    for one in found:
        cast = list(_cast(one, kept))
        hop = HOPS[one.transform.codec]
        dark = _is_step(one, found) or all(
            any(distance(offset, place, hop) <= _SLACK for place in cast) for offset in one.offsets
        )
        out.append(dark)
        if not dark:
            kept.append(one)
    return out


def _is_step(one: Seen, found: Sequence[Seen]) -> bool:
    """True for one of several faint grids that lie at the steps of a clear encoding's filters."""
    if one.z > _LATER * found[0].z or len(one.offsets) > 1:
        return False
    others = [other for other in found if other.transform == one.transform and len(other.offsets) == 1]
    return sum(distance(one.offsets[0], other.offsets[0], _STEP) <= _SLACK for other in others) >= _STEPS


def _cast(one: Seen, kept: Sequence[Seen]) -> Iterator[int]:
    """Offsets at which the grids of ``kept`` may show as little as ``one``."""
    hop = HOPS[one.transform.codec]
    same = [(offset, k.z) for k in kept if k.transform == one.transform for offset in k.offsets]
    for later, clear in same:
        if one.z > _LATER * clear:
            continue
        lost = one.z <= _LOST * clear
        yield later + hop // 2
        if lost:
            yield from range(later - _BESIDE, later + _BESIDE + 1)
        for earlier, less in same:
            if earlier != later and one.z <= (less if lost else _EARLIER * less):
                yield 2 * later - earlier
                half = (earlier - later) % hop // 2
                yield from (later + half, later + half + hop // 2)
