"""The codec history of a file: the grids that it carries, where they break, and the chain of encodings in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import gcd

import numpy as np

from wholetape.examining.codec.breaks import Break, block_switched, breaks, encodings, restless
from wholetape.examining.codec.coincident import coincident
from wholetape.examining.codec.grid import MONO, PAIRS, Grid, Transform, Views, transforms
from wholetape.examining.codec.lattice import LEAST_Z, best_near
from wholetape.examining.codec.params import CODEC, RATES
from wholetape.examining.codec.search import Evidence, faint_grids, gather, grids, windows_of
from wholetape.examining.codec.shadows import Seen, shadows
from wholetape.examining.codec.track import Run, Track, follow, runs
from wholetape.examining.sound import Take

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Layer:
    """One encoding: its transform, and the runs of its grids in order of time, with their breaks.

    ``faint``: it was told by its lattice, somewhere in the sound, and not followed.
    """

    transform: Transform
    views: Views
    runs: tuple[Run, ...]
    breaks: tuple[Break, ...]
    faint: bool = False

    @property
    def codec(self) -> str:
        """Its name: that of the transform, or ``vorbis`` where blocks of changing length moved its grid."""
        return "vorbis" if block_switched(self.runs) else self.transform.codec

    @property
    def z(self) -> float:
        """Evidence of its clearest run."""
        return max((run.z for run in self.runs), default=0.0)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Its grids' tracks, each once."""
        return tuple({id(run.track): run.track for run in self.runs}.values())


def layers(
    take: Take, codec: str, active: Callable[[float], float], pool: ThreadPoolExecutor, progress: Progress
) -> list[Layer]:
    """Every encoding whose grid was found, clearest first; ``codec`` is the file's own."""
    found: list[Layer] = []
    searched: list[Evidence] = []
    rates = [take.rate, *(rate for rate in RATES if rate != take.rate)]
    for number, rate in enumerate(rates):
        progress(number / len(rates))
        candidates = _candidates(take, rate, active, pool)
        searched += [evidence for evidence, _ in candidates]
        for evidence, offsets in _best_window(candidates):
            found += _layers(take, codec if rate == take.rate else "", evidence, offsets, active, pool)
    starts = windows_of(take.seconds, CODEC.faint_windows, active)
    found.sort(key=lambda layer: -layer.z)
    clear = _without_shadows(_unmuddled(_without_ghosts(found, lambda layer: _on_lattice(take, layer, starts))))
    return [*clear, *_faint(take, clear, searched, starts, pool)]


def _unmuddled(found: list[Layer]) -> list[Layer]:
    """``found``, without breaks where it holds too many encodings about as clear as the clearest."""
    if sum(layer.z >= CODEC.comparable * found[0].z for layer in found) < CODEC.layers:
        return found
    return [Layer(layer.transform, layer.views, layer.runs, ()) for layer in found]


def _without_shadows(found: Sequence[Layer]) -> list[Layer]:
    """``found``, clearest first, without what clearer grids show of themselves at other offsets."""
    seen = [Seen(one.transform, tuple(track.grid.offset for track in one.tracks), one.z) for one in found]
    return [layer for layer, dark in zip(found, shadows(seen), strict=True) if not dark]


def _faint(
    take: Take,
    clear: Sequence[Layer],
    searched: Sequence[Evidence],
    starts: Sequence[float],
    pool: ThreadPoolExecutor,
) -> list[Layer]:
    """One encoding of each codec whose grid zeros show too faintly to follow, and whose lattice tells it."""
    seen = [Seen(one.transform, tuple(track.grid.offset for track in one.tracks), one.z) for one in clear]
    best: dict[str, tuple[float, Grid]] = {}
    for evidence in searched:
        transform = evidence.transform
        same = [layer.transform.rate for layer in clear if layer.transform.codec == transform.codec]
        if any(_share_ticks(transform.rate, rate) for rate in same):
            continue
        around = CODEC.faint_around if transform.rate == take.rate else 0
        for faint in faint_grids(evidence, CODEC.faint_grids):
            if shadows([*seen, Seen(transform, (faint.offset,), faint.z)])[-1] or _known(faint, clear):
                continue
            grid, z = best_near(take, faint, starts, around)
            if z >= LEAST_Z and z > best.get(transform.codec, (0.0,))[0] and not _known(grid, clear):
                best[transform.codec] = z, grid
    out = []
    for z, grid in best.values():
        (track,) = follow(take, [grid], 0.0, take.seconds, pool)
        out.append(Layer(grid.transform, grid.views, (Run(track, 0.0, take.seconds, z),), (), faint=True))
    return out


def _known(grid: Grid, clear: Sequence[Layer]) -> bool:
    """True where ``grid`` lies beside one that was followed."""
    tracks = [track for layer in clear for track in layer.tracks if layer.transform.codec == grid.transform.codec]
    return any(
        grid.near(track.grid, CODEC.beside) for track in tracks if track.grid.transform.rate == grid.transform.rate
    )


def _share_ticks(rate: int, other: int) -> bool:
    """True for two rates whose clocks meet so often that each may show the other's grid."""
    return rate != other and max(rate, other) <= 4 * gcd(rate, other)


def _without_ghosts(found: Sequence[Layer], on_lattice: Callable[[Layer], bool]) -> list[Layer]:
    """Without what a grid of the same codec shows of itself at another rate, where both clocks meet often.

    That is the fainter one, but where it lies on a lattice: no ghost does.
    """
    kept: list[Layer] = []
    for layer in found:
        mine = layer.transform
        others = [
            other
            for other in kept
            if other.transform.codec == mine.codec and _often(mine.rate, other.transform.rate, layer.z / other.z)
        ]
        if not others:
            kept.append(layer)
        elif on_lattice(layer):
            kept = [*(one for one in kept if one not in others or on_lattice(one)), layer]
    return kept


def _on_lattice(take: Take, layer: Layer, starts: Sequence[float]) -> bool:
    """True where the grid of the clearest run is told by its lattice, too."""
    return best_near(take, max(layer.runs, key=lambda run: run.z).track.grid, starts)[1] >= LEAST_Z


def _often(rate: int, other: int, clear: float) -> bool:
    """True where clocks at ``rate`` and ``other`` meet so often that one shows the other's grid, if less clearly."""
    whole = min(rate, other) == gcd(rate, other)
    return _share_ticks(rate, other) and (whole or clear < CODEC.comparable)


def _candidates(
    take: Take, rate: int, active: Callable[[float], float], pool: ThreadPoolExecutor
) -> list[tuple[Evidence, list[Grid]]]:
    """Evidence at ``rate``, and what stands out; at others than the file's own, few windows decide whether more are
    searched."""
    own = rate == take.rate
    few = windows_of(take.seconds, CODEC.other_windows, active)
    many = windows_of(take.seconds, CODEC.windows, active)
    out: list[tuple[Evidence, list[Grid]]] = []
    for transform in transforms(rate):
        if not own and transform.window == "sine" and not any(o for e, o in out if e.transform.codec == "aac"):
            continue  # the other window shows such a grid, too, if less clearly
        for views in PAIRS if take.stereo else (MONO,):
            evidence = gather(take, transform, views, many if own else few, pool)
            offsets = grids(evidence)
            if offsets and not own and len(many) > len(few):
                evidence = gather(take, transform, views, many, pool)
                offsets = grids(evidence)
            out.append((evidence, offsets))
    return out


def _best_window(candidates: Sequence[tuple[Evidence, list[Grid]]]) -> list[tuple[Evidence, list[Grid]]]:
    """Of the windows and views of one codec at one rate, those that show its grid most clearly."""
    best: dict[str, tuple[Evidence, list[Grid]]] = {}
    for evidence, offsets in candidates:
        codec = evidence.transform.codec
        if offsets and (codec not in best or offsets[0].z > best[codec][1][0].z):
            best[codec] = (evidence, offsets)
    return list(best.values())


def _layers(
    take: Take,
    codec: str,
    evidence: Evidence,
    offsets: list[Grid],
    active: Callable[[float], float],
    pool: ThreadPoolExecutor,
) -> list[Layer]:
    tracks = follow(take, offsets, 0.0, take.seconds, pool)
    found = [run for track in tracks for run in runs(track)]
    if found:
        more = _unexplained(take, evidence, found, active, pool)
        if more:
            known = [track.grid for track in tracks]
            tracks += (others := follow(take, more, 0.0, take.seconds, pool, known=known))
            found += [run for track in others for run in runs(track)]
    beside = coincident(found, tracks, codec, take.seconds) if codec == evidence.transform.codec else []
    out = []
    for one in encodings(found):
        one.sort(key=lambda run: run.start)
        mine = [found for found in beside if found.before in one or found.after in one]
        told = () if restless(one) else (*breaks(one), *mine)
        out.append(Layer(evidence.transform, evidence.views, tuple(one), told))
    return out


def _unexplained(
    take: Take,
    evidence: Evidence,
    found: Sequence[Run],
    active: Callable[[float], float],
    pool: ThreadPoolExecutor,
) -> list[Grid]:
    """Further grids, in stretches that no run covers: what was pasted in may lie between the windows searched."""
    known = {run.track.grid for run in found}
    searched = set(evidence.starts)
    starts = [
        float(start)
        for start in np.arange(0.0, max(0.0, take.seconds - CODEC.window_s - 0.15), CODEC.window_s)
        if start not in searched and not any(run.start < start + CODEC.window_s and run.end > start for run in found)
    ]
    if not starts:
        return []
    if len(starts) > CODEC.windows:
        starts = sorted(sorted(starts, key=active, reverse=True)[: CODEC.windows])
    more = grids(gather(take, evidence.transform, evidence.views, starts, pool))
    return [grid for grid in more if not any(grid.near(other) for other in known)]
