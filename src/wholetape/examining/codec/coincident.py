"""Breaks beside a grid that coincides with the file's own: a cut whose first part was never shifted.

A recording that was decoded, cut and encoded again by the same codec keeps its old grid up to the first cut, and the
new one stands on it. Both together are clearer than the new one alone: where the sum falls off and another grid begins
at once, the old one ends.
"""

from __future__ import annotations

from collections.abc import Sequence

from wholetape.examining.codec.breaks import Break, place
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.track import Run, Track

OWN = {"aac": (0, 1, 1023, 960, 448), "mp3": (0, 1, 575, 46, 47, 48)}
"""Offsets of a file's own grid: nothing, or one of the usual encoder delays (1024, 2112, 1600; 1105), taken off."""
_SIDE_S = 5.0
"""Seconds on either side that are compared."""
_LEAST_S = 1.0
_RATIO = 2.5
"""Times by which the coinciding grid must be clearer, per coefficient, where the old one is said to be."""
_EXPECTED = 15.0
"""Deviations that the other grid would show beyond its edge, were it there as clearly as before it."""
_LIKE = 3.0
"""Times by which both sides may differ in coefficients judged a second: silence on one side explains too much."""


def coincident(found: Sequence[Run], tracks: Sequence[Track], codec: str, seconds: float) -> list[Break]:
    """Breaks between a grid of ``found`` and one of ``tracks`` that stands where the file's own does."""
    out: list[Break] = []
    own = [track for track in tracks if track.grid.offset in OWN.get(codec, ())]
    for run in found:
        if run.track.grid.offset in OWN.get(codec, ()):
            continue
        for track in own:
            inside, outside = (run.start, min(run.end, run.start + _SIDE_S)), (max(0.0, run.start - _SIDE_S), run.start)
            if (side := _ends(run, track, inside, outside, found)) is not None:
                out.append(place(side, run))
            inside, outside = (max(run.start, run.end - _SIDE_S), run.end), (run.end, min(seconds, run.end + _SIDE_S))
            if (side := _ends(run, track, inside, outside, found)) is not None:
                out.append(place(run, side))
    return out


def _ends(
    run: Run, own: Track, inside: tuple[float, float], outside: tuple[float, float], found: Sequence[Run]
) -> Run | None:
    """The stretch ``outside`` as a run of the coinciding grid where the old one stands there and not ``inside``."""
    if min(inside[1] - inside[0], outside[1] - outside[0]) < _LEAST_S:
        return None
    others = (r for r in found if r.track is not own and r.track is not run.track)
    if any(r.start < outside[1] - 0.3 and r.end > outside[0] + 0.3 for r in others):
        return None
    (own_in, count_in), (own_out, count_out) = _strength(own, inside), _strength(own, outside)
    mine, _ = _strength(run.track, inside)
    rates = sorted((count_in / (inside[1] - inside[0]), count_out / (outside[1] - outside[0])))
    expected = mine * (count_out / CODEC.dispersion) ** 0.5
    z = own.z(*outside)
    clear = z >= CODEC.run_z and own_out >= _RATIO * max(own_in, 0.0) and expected >= _EXPECTED
    absent = run.track.z(outside[0], outside[1] - 0.2) < min(CODEC.other_z, 0.25 * expected)
    if clear and absent and rates[0] > 0 and rates[1] <= _LIKE * rates[0]:
        return Run(own, *outside, z)
    return None


def _strength(track: Track, span: tuple[float, float]) -> tuple[float, float]:
    """Deviations of one coefficient on average, and how many were judged, by zeros: both grids lie on a lattice."""
    part = track.between(*span)
    count = float(track.zeros.counts[part].sum())
    return (float(track.zeros.sums[part].sum()) / count if count else 0.0), count
