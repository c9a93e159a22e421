"""Traces of passages that stand twice in the file."""

from __future__ import annotations

from collections.abc import Callable

from wholetape.examining.case import Answer, Case
from wholetape.examining.copymove.candidates import candidates, lively
from wholetape.examining.copymove.identical import identical
from wholetape.examining.copymove.judge import Copy, judge
from wholetape.examining.worth import worth
from wholetape.times import CLOCK_HZ
from wholetape.traces import Reach, Trace, Weight

COPY_MOVE = "copy-move"
_LEAST_S = 3.0
_INNOCENT = (
    "a jingle, ring tone or announcement that was played twice, a loop set under speech openly, a player that "
    "repeated a piece of a stream after a loss"
)


def copy_move(case: Case, progress: Callable[[float], None]) -> Answer:
    """Passages pasted from elsewhere in the same file; which of both places is the source stays unknown."""
    frames = case.survey.frames
    if case.take.seconds < _LEAST_S:
        return Answer((), Reach(COPY_MOVE, 0.0, "the sound is too short"))
    heard = float(lively(frames).mean()) if len(frames) else 0.0
    found: list[Copy] = []
    for candidate in candidates(frames, case.pool):
        copy = judge(case.survey.spool, frames.words, candidate)
        if copy is not None and not any(_same(copy, other) for other in found):
            found.append(identical(case.take, copy))
    found.sort(key=lambda copy: copy.start)
    traces = [trace for copy in found for trace in _traces(copy)]
    note = "passages of a second or more that stand out from the background"
    return Answer(tuple(traces), Reach(COPY_MOVE, heard, note))


def _same(one: Copy, other: Copy) -> bool:
    return abs(one.lag - other.lag) < CLOCK_HZ // 20 and one.start < other.end and other.start < one.end


def _traces(copy: Copy) -> list[Trace]:
    """The copy told once for each place."""
    here = (copy.start / CLOCK_HZ, copy.end / CLOCK_HZ)
    there = ((copy.start + copy.lag) / CLOCK_HZ, (copy.end + copy.lag) / CLOCK_HZ)
    value = worth(COPY_MOVE)
    alike = (
        "the same in every sample"
        if copy.identical
        else f"as alike as the encoding lets them be (correlation {copy.score:.2f})"
    )
    return [
        Trace(
            COPY_MOVE,
            one,
            f"{one[1] - one[0]:.2f} s of sound stand here and again at {other[0]:.2f} s, {alike}; which place is the "
            "source is unknown",
            Weight.BREAKS,
            _INNOCENT,
            pair=other,
            false_alarm=value.false_alarm,
            log10_lr=value.log10_lr,
            details={"score": round(copy.score, 3), "identical": copy.identical},
        )
        for one, other in ((here, there), (there, here))
    ]
