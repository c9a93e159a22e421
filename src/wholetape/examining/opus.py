"""Traces of earlier encodings in Opus: the frame grid of CELT in the samples. It accuses nobody: breaks are not told.

Found at rates at which Opus codes the whole band by CELT; what it codes as speech below leaves no such grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wholetape.examining.case import Answer, Case
from wholetape.examining.codec.celt import RATE
from wholetape.examining.codec.grid import MONO, PAIRS, Grid, Transform
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.search import Evidence, gather, grids, windows_of
from wholetape.examining.codec.track import Run, follow, runs
from wholetape.traces import Reach, Trace, Weight

METHOD, GRID = "opus-history", "codec-grid"
_TRANSFORM = Transform("opus", "celt", RATE)
_SHORT_S = 1.2
_CLEAR = 12.0
"""Deviations of the clearest stretch from which a grid is told; speech that was never Opus reached 9.4."""
_INNOCENT = (
    "every messenger, meeting service or conversion that uses Opus leaves such a grid; nothing about the content"
)


def opus_history(case: Case, progress: Callable[[float], None]) -> Answer:
    """The grid of an earlier encoding in Opus, at one offset or at several in turn."""
    take = case.take
    if take.seconds < _SHORT_S:
        return Answer((), Reach(METHOD, 0.0, "the sound is too short"))
    starts = windows_of(take.seconds, CODEC.other_windows, case.survey.active)
    clearest: tuple[Evidence, list[Grid]] | None = None
    for views in PAIRS if take.stereo else (MONO,):
        evidence = gather(take, _TRANSFORM, views, starts, case.pool)
        offsets = grids(evidence)
        if offsets and (clearest is None or offsets[0].z > clearest[1][0].z):
            clearest = evidence, offsets
    searched = min(1.0, len(starts) * CODEC.window_s / take.seconds) * case.survey.sounding
    if clearest is not None:
        progress(0.4)
        many = windows_of(take.seconds, CODEC.windows, case.survey.active)
        offsets = grids(gather(take, _TRANSFORM, clearest[0].views, many, case.pool)) or clearest[1]
        found = [run for track in follow(take, offsets, 0.0, take.seconds, case.pool) for run in runs(track)]
        if max((run.z for run in found), default=0.0) >= _CLEAR:
            return _answer(sorted(found, key=lambda run: run.start), clearest[0], case)
    return Answer((), Reach(METHOD, searched, "no grid of Opus: never encoded so, or as speech, or too finely"))


def _answer(found: Sequence[Run], evidence: Evidence, case: Case) -> Answer:
    own = case.facts.streams[0].codec == "opus"
    offsets = list(dict.fromkeys(run.track.grid.offset for run in found))
    clearest = max(found, key=lambda run: run.z)
    finding = f"frame grid of Opus, offset {clearest.track.grid.offset}" + (
        ": the file's own encoding, or one at its places" if own else ": encoded so before, then decoded"
    )
    if len(offsets) > 1:
        finding += (
            f"; {len(offsets)} offsets in turn, as after a loss, a change of clock, or a cut: places to listen to"
        )
    spans = [
        {"at": [round(run.start, 2), round(run.end, 2)], "offset": run.track.grid.offset, "z": round(run.z, 1)}
        for run in found
    ]
    details = {
        "codec": "opus",
        "rate": RATE,
        "window": "celt",
        "channels": "+".join(evidence.views),
        "offset": clearest.track.grid.offset,
        "own": own,
        "z": round(clearest.z, 1),
        "runs": spans,
    }
    weight = Weight.NOTED if own else Weight.PROCESSED
    at = (found[0].start, max(run.end for run in found))
    trace = Trace(GRID, at, finding, weight, _INNOCENT, details=details)
    covered = sum(run.end - run.start for run in found) / case.take.seconds
    note = "grids of Opus are told, their breaks are not: how often innocent files show one is not measured"
    return Answer((trace,), Reach(METHOD, min(1.0, covered), note), "" if own else "was Opus at some time")
