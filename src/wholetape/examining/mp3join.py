"""Traces of MP3 streams that were cut or joined without being encoded again, read from their frames alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from wholetape.examining.case import Answer, Case
from wholetape.examining.worth import worth
from wholetape.media.decode import Damage
from wholetape.media.mp3frames import Mp3Frame, mp3_frames
from wholetape.traces import Reach, Trace, Weight

JOIN = "mp3-join"
_LOW = 0.4
"""Share of the reservoir's reach below which bytes left unused are none of an encoder that ran over."""
_FEW = 0.01
"""Share of frames with a sign beyond which it is the encoder's way, and says nothing."""
_NEXT = {0: (0, 1), 1: (2,), 2: (2, 3), 3: (0, 1)}
"""Block types that may follow each other: long, start, short, stop."""
_INNOCENT = (
    "files joined openly without encoding them again, a stream whose server changed the programme, a recorder that "
    "appends to its file, a repaired file"
)
_WORDS = {
    "overlap": "a frame's data begin before the data of the frame before it end, which no encoder writes",
    "gap": "bytes of the bit reservoir are left over where it was far from full",
    "blocks": "the sequence of block types is one that no encoder writes",
    "padding": "the frames' padding starts a new count",
    "header": "a second file's header stands inside of the stream",
    "foreign": "bytes between two frames belong to none of them",
    "form": "rate or channels change",
}
_STRONG = ("overlap", "header", "form")
"""Signs that count alone; of the others two must meet."""


CUT = "cut or joined here without encoding it again"
CUT_OR_DAMAGED = "damaged here, or cut or joined without encoding it again; damage alone explains this"
_DAMAGE_S = 2.0
"""Seconds around damage within which it explains what does not fit: clocks differ by what was lost."""


def mp3_join(case: Case, progress: Callable[[float], None]) -> Answer:
    """Joins of an MP3 stream; applies to MP3 files only."""
    if case.facts.container != "mp3":
        return Answer((), Reach(JOIN, 0.0, "not an MP3 file"))
    frames = list(mp3_frames(case.facts.path))
    if len(frames) < 4:
        return Answer((), Reach(JOIN, 0.0, "too few frames"))
    places: dict[int, list[str]] = {}
    for sign, found in _signs(frames):
        if len(found) <= max(3, _FEW * len(frames)):
            for number in found:
                places.setdefault(number, []).append(sign)
    delay = 1105 / frames[0].rate if frames[0].tag else 0.0
    sounding = [0 if frame.tag else frame.samples for frame in frames]
    traces = []
    for number, signs in _together(places):
        at = max(0.0, sum(sounding[:number]) / frames[0].rate - delay)
        if any(sign in _STRONG for sign in signs) or len(signs) > 1:
            explained = "header" not in signs and ("foreign" in signs or damaged(case.take.damage, at, at))
            traces.append(_trace(at, signs, frames[0], explained))
    return Answer(tuple(traces), Reach(JOIN, 1.0, "cuts in the sound before it was encoded leave no such sign"))


def damaged(damage: Sequence[Damage], start: float, end: float) -> bool:
    """True where the file is damaged between ``start`` and ``end`` seconds, or near."""
    return any(start - _DAMAGE_S <= place.at <= end + _DAMAGE_S for place in damage)


def _trace(at: float, signs: Sequence[str], frame: Mp3Frame, explained: bool) -> Trace:
    value = worth(JOIN)
    length = frame.samples / frame.rate
    return Trace(
        JOIN,
        (max(0.0, at - length), at + length),
        f"the MP3 stream was {CUT_OR_DAMAGED if explained else CUT}: {'; '.join(_WORDS[sign] for sign in signs)}",
        Weight.NOTED if explained else Weight.BREAKS,
        _INNOCENT,
        false_alarm=value.false_alarm,
        log10_lr=value.log10_lr,
        details={"signs": list(signs)},
    )


def _together(places: dict[int, list[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Signs within three frames are one join's."""
    group: list[int] = []
    for number in [*sorted(places), None]:
        if group and (number is None or number - group[-1] > 3):
            yield group[0], tuple(dict.fromkeys(sign for n in group for sign in places[n]))
            group = []
        if number is not None:
            group.append(number)


def _signs(frames: Sequence[Mp3Frame]) -> Iterator[tuple[str, list[int]]]:
    """Each kind of sign with the numbers of the frames where it is seen."""
    yield from _reservoir(frames)
    sounding = [n for n, frame in enumerate(frames) if not frame.tag]
    yield "header", [n for n, frame in enumerate(frames) if frame.tag and n > 0]
    yield "foreign", [n for n, frame in enumerate(frames) if n > 0 and frame.gap]
    pairs = list(pairwise(sounding))
    yield (
        "form",
        [b for a, b in pairs if (frames[a].rate, frames[a].mode == 3) != (frames[b].rate, frames[b].mode == 3)],
    )
    yield "blocks", [b for a, b in pairs if not _may_follow(frames[a].blocks[-1], frames[b].blocks[0])]
    yield "padding", _padding(frames, sounding)


def _may_follow(before: Sequence[int], after: Sequence[int]) -> bool:
    return all(b in _NEXT[a] for a, b in zip(before, after, strict=False))


def _reservoir(frames: Sequence[Mp3Frame]) -> Iterator[tuple[str, list[int]]]:
    """Where main data overlap, and where some are left over though the reservoir was not full."""
    overlap, gap = [], []
    reach = 511 if frames[0].samples == 1152 else 255
    position, end = 0, None
    for number, frame in enumerate(frames):
        if frame.tag:
            continue
        start = (position - frame.begin) * 8
        if end is not None and start < end:
            overlap.append(number)
        elif end is not None and start - end >= 8 and frame.begin < _LOW * reach:
            gap.append(number)
        end = start + frame.bits
        position += frame.room
    yield "overlap", overlap
    yield "gap", gap


def _padding(frames: Sequence[Mp3Frame], sounding: Sequence[int]) -> list[int]:
    """Where the count that pads constant-rate frames starts anew: it fits no single running sum any more."""
    first = frames[sounding[0]]
    if any(frames[n].kbps != first.kbps for n in sounding):
        return []
    share = (144000 if first.samples == 1152 else 72000) * first.kbps / first.rate % 1
    if share < 1e-6:
        return []
    found, low, high, total, count = [], -2.0, 2.0, 0, 0
    for number in sounding:
        total += frames[number].padding
        count += 1
        low, high = max(low, total - count * share - 1e-6), min(high, total - count * share + 1 + 1e-6)
        if low > high:
            found.append(number)
            low, high, total, count = -2.0, 2.0, 0, 0
    return found
