"""The codec history of a file: the grids that it carries, where they break, and the chain of encodings in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from wholetape.examining.codec.breaks import Break, block_switched, breaks, encodings, restless
from wholetape.examining.codec.coincident import coincident
from wholetape.examining.codec.grid import MONO, PAIRS, Grid, Transform, Views, transforms
from wholetape.examining.codec.lattice import LEAST_Z, Lattice
from wholetape.examining.codec.params import CODEC, RATES
from wholetape.examining.codec.search import Evidence, faint_grids, gather, grids, windows_of
from wholetape.examining.codec.shadows import Seen, shadows
from wholetape.examining.codec.track import Run, Track, follow, runs
from wholetape.examining.sound import Take

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Layer:
    """One encoding: its transform, and the runs of its grids in order of time, with their breaks."""

    transform: Transform
    views: Views
    runs: tuple[Run, ...]
    breaks: tuple[Break, ...]

    @property
    def codec(self) -> str:
        """Its name: that of the transform, or ``vorbis`` where blocks of changing length moved its grid."""
        return "vorbis" if block_switched(self.runs) else self.transform.codec

    @property
    def clearest(self) -> Run:
        """The run with most evidence."""
        return max(self.runs, key=lambda run: run.z)

    @property
    def z(self) -> float:
        """Evidence of its clearest run."""
        return self.clearest.z

    @property
    def lattice_z(self) -> float:
        """Evidence of its clearest run by lattices alone."""
        return self.clearest.track.lattice_z(self.clearest.start, self.clearest.end)

    @property
    def zeros_z(self) -> float:
        """The same by zeros alone."""
        return self.clearest.track.zeros_z(self.clearest.start, self.clearest.end)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Its grids' tracks, each once."""
        return tuple({id(run.track): run.track for run in self.runs}.values())


def layers(
    take: Take, codec: str, active: Callable[[float], float], pool: ThreadPoolExecutor, progress: Progress
) -> list[Layer]:
    """Every encoding whose grid was found, clearest first; ``codec`` is the file's own."""
    search = _Search(take, active, pool)
    found: list[Layer] = []
    rates = [take.rate, *(rate for rate in RATES if rate != take.rate)]
    for number, rate in enumerate(rates):
        progress(number / len(rates))
        for evidence, offsets in _best_window(search.candidates(rate)):
            found += search.layers(codec if rate == take.rate else "", evidence, offsets)
    return _without_shadows(_unmuddled(_without_ghosts(sorted(found, key=lambda layer: -layer.z))))


def _unmuddled(found: list[Layer]) -> list[Layer]:
    """``found``, without breaks where it holds too many encodings about as clear as the clearest."""
    if sum(layer.z >= CODEC.comparable * found[0].z for layer in found) < CODEC.layers:
        return found
    return [Layer(layer.transform, layer.views, layer.runs, ()) for layer in found]


def _without_shadows(found: Sequence[Layer]) -> list[Layer]:
    """``found`` without what clearer grids show of themselves at other offsets."""
    order = sorted(found, key=lambda layer: -layer.zeros_z)
    seen = [Seen(one.transform, tuple(track.grid.offset for track in one.tracks), one.zeros_z) for one in order]
    dark = [layer for layer, hidden in zip(order, shadows(seen), strict=True) if hidden]
    return [layer for layer in found if not any(layer is one for one in dark)]


def _share_ticks(rate: int, other: int) -> bool:
    """True for two rates whose clocks meet so often that each may show the other's grid."""
    return rate != other and max(rate, other) <= 4 * gcd(rate, other)


def _without_ghosts(found: Sequence[Layer]) -> list[Layer]:
    """``found``, clearest first, without what a grid shows of itself at another rate, where both clocks meet often.

    That is the fainter one, but where it lies on a lattice about as clearly: a ghost does far less so.
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
        elif all(_real_beside(layer, other) for other in others):
            kept = [*(one for one in kept if one not in others or _real_beside(one, layer)), layer]
    return kept


def _real_beside(layer: Layer, other: Layer) -> bool:
    """True where ``layer`` lies on lattices, and not so much less clearly than ``other`` that it may be its ghost."""
    return layer.lattice_z >= max(LEAST_Z, CODEC.real * other.lattice_z)


def _often(rate: int, other: int, clear: float) -> bool:
    """True where clocks at ``rate`` and ``other`` meet so often that one shows the other's grid, if less clearly."""
    whole = min(rate, other) == gcd(rate, other)
    return _share_ticks(rate, other) and (whole or clear < CODEC.comparable)


class _Search:
    """Looks for grids in one sound, and follows them. ``active``: how loud a second of it is, by its start."""

    def __init__(self, take: Take, active: Callable[[float], float], pool: ThreadPoolExecutor) -> None:
        self._take, self._active, self._pool = take, active, pool
        self._lattices: dict[tuple[Transform, Views], Lattice | None] = {}

    def candidates(self, rate: int) -> list[tuple[Evidence, list[Grid]]]:
        """Evidence at ``rate``, and what stands out; at others than the sound's own, few windows decide whether more
        are searched."""
        take = self._take
        own = rate == take.rate
        self._lattices.clear()  # those of another rate are needed no more
        few = windows_of(take.seconds, CODEC.other_windows, self._active)
        many = windows_of(take.seconds, CODEC.windows, self._active)
        out: list[tuple[Evidence, list[Grid]]] = []
        for transform in transforms(rate):
            if not own and transform.window == "sine" and not any(o for e, o in out if e.transform.codec == "aac"):
                continue  # the other window shows such a grid, too, if less clearly
            for views in PAIRS if take.stereo else (MONO,):
                evidence = gather(take, transform, views, many if own else few, self._pool)
                offsets = self._offsets(evidence)
                if offsets and not own and len(many) > len(few):
                    evidence = gather(take, transform, views, many, self._pool)
                    offsets = self._offsets(evidence)
                out.append((evidence, offsets))
        return out

    def layers(self, codec: str, evidence: Evidence, offsets: list[Grid]) -> list[Layer]:
        """The encodings to which the grids at ``offsets`` belong, followed through the whole sound."""
        tracks = self._follow(offsets)
        found = [run for track in tracks for run in runs(track)]
        for turn in range(CODEC.rounds if found else 0):
            known = [track.grid for track in tracks]
            more = self._more(evidence, found, first=turn == 0)
            more = [grid for grid in more if not any(grid.near(other) for other in known)]
            if not more:
                break
            tracks += (others := self._follow(more, known))
            found += [run for track in others for run in runs(track)]
        seconds = self._take.seconds
        beside = coincident(found, tracks, codec, seconds) if codec == evidence.transform.codec else []
        out = []
        for one in encodings(found):
            one.sort(key=lambda run: run.start)
            mine = [found for found in beside if found.before in one or found.after in one]
            told = () if restless(one) else (*breaks(one), *mine)
            out.append(Layer(evidence.transform, evidence.views, tuple(one), told))
        return out

    def _offsets(self, evidence: Evidence) -> list[Grid]:
        """The offsets whose zeros stand out, and those whose lattice does."""
        found = self._by_zeros(evidence)
        if evidence.transform.rate == self._take.rate:
            found += self._by_lattice(evidence, evidence.starts)
        return _apart(found)

    def _by_zeros(self, evidence: Evidence) -> list[Grid]:
        """The offsets whose zeros stand out, and at another rate those whose lattice does, as far as zeros hint."""
        lattice = self._lattice(evidence.transform, evidence.views)
        clear = grids(evidence)
        if lattice is None:
            return clear
        own = evidence.transform.rate == self._take.rate
        around = CODEC.faint_around if own else 0
        faint = [] if own else faint_grids(evidence, CODEC.faint_grids)

        def settled(grid: Grid) -> Grid | None:
            better, z = lattice.best_near(grid, evidence.starts, around)
            if z >= LEAST_Z:
                return replace(better, z=max(z, grid.z))
            return grid if grid in clear else None

        return [grid for grid in self._pool.map(settled, [*clear, *faint]) if grid is not None]

    def _by_lattice(self, evidence: Evidence, starts: Sequence[float]) -> list[Grid]:
        """The offsets whose lattice stands out in the windows at ``starts``."""
        lattice = self._lattice(evidence.transform, evidence.views)
        if lattice is None or not starts:
            return []
        told = lattice.search(starts, CODEC.grids, self._pool)
        return [Grid(evidence.transform, evidence.views, offset, z) for offset, z in told]

    def _follow(self, offsets: list[Grid], known: Sequence[Grid] = ()) -> list[Track]:
        if not offsets:
            return []
        lattice = self._lattice(offsets[0].transform, offsets[0].views)
        return follow(self._take, offsets, 0.0, self._take.seconds, self._pool, known=known, lattice=lattice)

    def _lattice(self, transform: Transform, views: Views) -> Lattice | None:
        if not Lattice.knows(transform, self._take.rate):
            return None
        if (transform, views) not in self._lattices:
            starts = windows_of(self._take.seconds, CODEC.chance_windows, self._active)
            self._lattices[transform, views] = Lattice(self._take, transform, views, starts)
        return self._lattices[transform, views]

    def _more(self, evidence: Evidence, found: Sequence[Run], *, first: bool) -> list[Grid]:
        """Further grids, in stretches that no run covers: what was pasted in may lie between the windows searched."""
        length = CODEC.window_s
        every = np.arange(0.0, max(0.0, self._take.seconds - length - 0.15), length).tolist()
        starts = [s for s in every if not any(run.start < s + length and run.end > s for run in found)]
        if len(starts) > CODEC.windows:
            starts = sorted(sorted(starts, key=self._active, reverse=True)[: CODEC.windows])
        more: list[Grid] = []
        if first and (new := sorted(set(starts) - set(evidence.starts))):
            more = self._by_zeros(gather(self._take, evidence.transform, evidence.views, new, self._pool))
        if evidence.transform.rate == self._take.rate:
            more += self._by_lattice(evidence, starts)
        return _apart(more)


def _apart(found: Sequence[Grid]) -> list[Grid]:
    """The clearest of ``found``, each once."""
    out: list[Grid] = []
    for grid in sorted(found, key=lambda grid: -grid.z):
        if not any(grid.near(other) for other in out):
            out.append(grid)
    return out[: CODEC.grids]


def _best_window(candidates: Sequence[tuple[Evidence, list[Grid]]]) -> list[tuple[Evidence, list[Grid]]]:
    """Of the windows and views of one codec at one rate, those that show its grid most clearly."""
    best: dict[str, tuple[Evidence, list[Grid]]] = {}
    for evidence, offsets in candidates:
        codec = evidence.transform.codec
        if offsets and (codec not in best or offsets[0].z > best[codec][1][0].z):
            best[codec] = (evidence, offsets)
    return list(best.values())
