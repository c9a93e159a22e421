"""From the tracker's runs to the stretches that the release holds of the references, drift taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wholetape.match.clarity import foreign_rate
from wholetape.match.params import EDITS, PHASE
from wholetape.match.phase import lean_between
from wholetape.match.score import Scorer
from wholetape.match.trace import HeldRun, Run, merge


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of the release that follows one reference: runs (start, end, diagonal) without a jump between them.

    start_ms, end_ms: its edges on the release's frame clock once they are refined; ``shift`` is what the offset is
    beyond whole frames, in ms.
    """

    runs: tuple[HeldRun, ...]
    start_ms: float
    end_ms: float
    shift: float = 0.0
    speed: float = 1.0
    evidence: float = 1e9
    """nats by which this stretch fits better here than where its neighbours continue."""
    doubts: tuple[tuple[float, float], ...] = ()
    """stretches of it, in ms of the release's frame clock, that nothing ties to their place."""
    offsets: tuple[float, float] | None = None
    """ms from release to reference at its start and at its end, where the reference's sound told them."""

    @property
    def first(self) -> int:
        """Diagonal at its start."""
        return self.runs[0][2]

    @property
    def last(self) -> int:
        """Diagonal at its end."""
        return self.runs[-1][2]

    @property
    def start(self) -> int:
        """First frame of the release."""
        return self.runs[0][0]

    @property
    def end(self) -> int:
        """Frame behind its last one."""
        return self.runs[-1][1]

    @property
    def ref_start_ms(self) -> float:
        """Start on the references' axis."""
        if self.offsets is not None:
            return self.start_ms + self.offsets[0]
        return self.start_ms + 10.0 * self.first + self.shift

    @property
    def ref_end_ms(self) -> float:
        """End on the references' axis."""
        if self.speed != 1.0:
            return self.ref_start_ms + (self.end_ms - self.start_ms) * self.speed
        if self.offsets is not None:
            return self.end_ms + self.offsets[1]
        return self.end_ms + 10.0 * self.last + self.shift


def part(held: Held, start: float, end: float) -> Held:
    """What of ``held`` lies between two of its milliseconds."""
    first, last = round(start / 10), max(round(start / 10) + 1, round(end / 10))
    runs = tuple((max(a, first), min(b, last), d) for a, b, d in held.runs if max(a, first) < min(b, last))
    nearest = min(held.runs, key=lambda run: abs(run[0] - first))[2]
    doubts = tuple((max(a, start), min(b, end)) for a, b in held.doubts if max(a, start) < min(b, end))
    offsets = held.offsets
    if offsets is not None:
        whole = max(1e-9, held.end_ms - held.start_ms)
        along = [(t - held.start_ms) / whole for t in (start, end)]
        offsets = tuple(offsets[0] + (offsets[1] - offsets[0]) * share for share in along)  # type: ignore[assignment]
    runs = runs or ((first, last, nearest),)
    return replace(held, runs=runs, start_ms=start, end_ms=end, doubts=doubts, offsets=offsets)


def segments(scorer: Scorer, runs: list[Run], jitter: int) -> list[Held]:
    """Stretches in the release's order; a change of diagonal up to ``jitter`` frames is drift, not an edit."""
    steady = [
        (a, b, None if d is not None and b - a < EDITS.shortest_run and _far_from_both(runs, i) else d)
        for i, (a, b, d) in enumerate(runs)
    ]
    groups: list[list[HeldRun]] = []
    previous: Run | None = None
    for a, b, d in merge(steady):
        if d is not None:
            joined = previous is not None and previous[2] is not None and abs(previous[2] - d) <= max(2, jitter)
            if joined:
                groups[-1].append((a, b, d))
            else:
                groups.append([(a, b, d)])
        previous = (a, b, d)
    held = [piece for group in groups for piece in _split(group, jitter)]
    held = _relabel(scorer, held)
    return [_with_shift(scorer, h) for h in held]


def _far_from_both(runs: list[Run], i: int) -> bool:
    d = runs[i][2]
    assert d is not None
    beside = [runs[k][2] for k in (i - 1, i + 1) if 0 <= k < len(runs)]
    return all(other is None or abs(other - d) > 2 for other in beside)


def _split(group: list[HeldRun], jitter: int) -> list[Held]:
    """Cut a group of runs, each near the next, where the diagonal moves by more than drift between two steady runs."""
    steady = [r for r in group if r[1] - r[0] >= EDITS.steady_run]
    if not steady:
        longest = max(group, key=lambda r: r[1] - r[0])
        steady = [longest]
    pieces: list[list[HeldRun]] = [[steady[0]]]
    for run in steady[1:]:
        before = pieces[-1][-1]
        if abs(run[2] - before[2]) <= jitter:
            pieces[-1].append(run)
        else:
            pieces.append([run])
    out = []
    for k, piece in enumerate(pieces):
        start = group[0][0] if k == 0 else (pieces[k - 1][-1][1] + piece[0][0]) // 2
        end = group[-1][1] if k == len(pieces) - 1 else (piece[-1][1] + pieces[k + 1][0][0]) // 2
        out.append(_held(piece, start, end))
    return out


def _held(piece: list[HeldRun], start: int, end: int) -> Held:
    runs: list[HeldRun] = []
    for k, (_, b, d) in enumerate(piece):
        first = start if k == 0 else runs[-1][1]
        last = end if k == len(piece) - 1 else (b + piece[k + 1][0]) // 2
        runs.append((first, last, d))
    return Held(tuple(runs), start * 10.0, end * 10.0)


def _relabel(scorer: Scorer, held: list[Held]) -> list[Held]:
    """Give a stretch its neighbour's diagonal where it fits there as well: recordings repeat themselves."""
    rate = foreign_rate(scorer)
    changed = True
    moved_once: set[int] = set()  # first frames of stretches that were moved: two neighbours may both fit
    while changed:
        changed = False
        for i in range(len(held) - 1):
            a, b = held[i], held[i + 1]
            if b.start - a.end > EDITS.relabel_gap or abs(a.last - b.first) <= 1:
                continue
            for gives, takes in ((b.first, a), (a.last, b)):
                over = rate < EDITS.clear_rate and _within(held, i + 1 if takes is b else i)
                if takes.start in moved_once or not (over or _may_fit(scorer, takes, gives)):
                    continue
                own = sum(float(scorer.llr(s, e, d).sum()) for s, e, d in takes.runs)
                margin = EDITS.passage_evidence if over else EDITS.relabel_margin
                if float(scorer.llr(takes.start, takes.end, gives).sum()) >= own - margin:
                    moved = Held(((takes.start, takes.end, gives),), takes.start * 10.0, takes.end * 10.0)
                    pair = [moved, b] if takes is a else [a, moved]
                    if a.end == b.start:
                        pair = [Held((*pair[0].runs, *pair[1].runs), a.start * 10.0, b.end * 10.0)]
                    else:  # what stands between two stretches is judged by itself
                        moved_once.add(takes.start)
                    held[i : i + 2] = pair
                    changed = True
                    break
            if changed:
                break
    return held


def _within(held: list[Held], i: int) -> bool:
    """True when the stretches before and behind number ``i`` lie on one diagonal: a passage over what was there."""
    return 0 < i < len(held) - 1 and abs(held[i - 1].last - held[i + 1].first) <= 1


def _may_fit(scorer: Scorer, held: Held, diagonal: int) -> bool:
    """False when a look at every few frames already shows that the stretch does not fit ``diagonal``."""
    step = max(1, (held.end - held.start) // EDITS.looks)
    own = sum(float(scorer.llr(s, e, d, step).sum()) for s, e, d in held.runs)
    return float(scorer.llr(held.start, held.end, diagonal, step).sum()) >= own / 2 or own <= 0


def _with_shift(scorer: Scorer, held: Held) -> Held:
    """The same stretch with its offset between frames, from how its neighbours' scores lean."""
    longest = max(held.runs, key=lambda r: r[1] - r[0])
    start, end, d = longest
    beside = 10.0 * lean_between(scorer, start, min(end, start + PHASE.most_frames), d)
    return replace(held, shift=beside - float(scorer.late[(start + end) // 2]) / 8)
