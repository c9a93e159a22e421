"""Traces of AAC streams that were cut or joined without encoding them again.

An encoder's windows follow each other in one way only: a long slope is met by a long one, a short by a short one.
Frames that were put side by side by a cut do not know of each other. libavcodec signs the first frame of a stream and
every 256th after it (aacenc.c): where that count does not come out, frames are missing or were put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from wholetape.examining.case import Answer, Case
from wholetape.examining.mp3join import CUT, CUT_OR_DAMAGED, damaged
from wholetape.examining.worth import worth
from wholetape.media.aacframes import LONG, START, STOP, AacFrame, aac_frames
from wholetape.traces import Reach, Trace, Weight

JOIN = "aac-join"
_FEW = 0.002
"""Share of frames up to which a sign is an event; more often, it is the encoder's way."""
_LEAST = 8
_TAIL = 128
"""Bytes of a tag that may follow the last frame; more, and frames were lost somewhere before."""
_SIGNED = 256
"""Frames from one of libavcodec's signatures to the next."""
_INNOCENT = (
    "files joined openly without encoding them again, a stream whose server changed the programme, packets that a "
    "broadcast lost, a recorder that appends to its file"
)
_WORDS = {
    "windows": "two frames' windows do not fit each other, as no encoder writes them",
    "signature": "libavcodec signs every 256th frame, and the count does not come out",
    "form": "rate or channels change",
}


def aac_join(case: Case, progress: Callable[[float], None]) -> Answer:
    """Joins of an AAC stream; applies to files of AAC only."""
    if case.facts.streams[0].codec != "aac":
        return Answer((), Reach(JOIN, 0.0, "not an AAC file"))
    frames = list(aac_frames(case.facts.path))
    if len(frames) < _LEAST:
        return Answer((), Reach(JOIN, 0.0, "frames of this kind of AAC are not read, or too few"))
    places: dict[tuple[int, int], list[str]] = {}
    for sign, found in _signs(frames):
        if len(found) <= max(3, _FEW * len(frames)):
            for place in found:
                places.setdefault(place, []).append(sign)
    told = {place: signs for place, signs in places.items() if not _wider(place, places)}
    traces = tuple(_trace(frames, place, signs, case) for place, signs in sorted(told.items()))
    last = frames[-1].at + (frames[-1].at - frames[0].at) / (len(frames) - 1)
    share = min(1.0, last / case.take.seconds) if case.take.seconds else 0.0
    return Answer(traces, Reach(JOIN, share, "most cuts at frames leave no such sign, cuts before encoding none"))


def _signs(frames: Sequence[AacFrame]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Each kind of sign with the frames between which it lies, the last of them included."""
    steps = list(enumerate(pairwise(frames)))
    yield "windows", [(n, n + 1) for n, (a, b) in steps if (a.window in (LONG, STOP)) != (b.window in (LONG, START))]
    yield "form", [(n, n + 1) for n, (a, b) in steps if a.form != b.form]
    signed = [n for n, frame in enumerate(frames) if b"Lavc" in frame.comment]
    yield "signature", [(a, b) for a, b in pairwise(signed) if (b - a) % _SIGNED]


def _wider(place: tuple[int, int], places: Iterable[tuple[int, int]]) -> bool:
    """True where another sign tells more exactly where this one's join is."""
    return any(place[0] <= a and b <= place[1] and (a, b) != place for a, b in places)


def _trace(frames: Sequence[AacFrame], place: tuple[int, int], signs: Sequence[str], case: Case) -> Trace:
    value = worth(JOIN)
    first, last = frames[place[0]].at, frames[place[1]].at
    lost = frames[-1].end and case.facts.size - frames[-1].end > _TAIL
    explained = bool(lost) or damaged(case.take.damage, first, last)
    length = (last - first) / (place[1] - place[0])
    return Trace(
        JOIN,
        (max(0.0, first), max(0.0, last + length)),
        f"the AAC stream was {CUT_OR_DAMAGED if explained else CUT}: {'; '.join(_WORDS[sign] for sign in signs)}",
        Weight.NOTED if explained else Weight.BREAKS,
        _INNOCENT,
        false_alarm=value.false_alarm,
        log10_lr=value.log10_lr,
        details={"signs": list(signs)},
    )
