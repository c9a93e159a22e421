"""Where a clip lies among the lanes of an archive: votes of single words, then every sign of the best candidates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.archive.keys import lookup_of
from wholetape.archive.params import FIND
from wholetape.archive.segment import Segment
from wholetape.match.bands import Frames

Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Lane:
    """One track of one recording on the axis of a segment: frames [start, start + frames)."""

    recording: int
    track: int
    start: int
    frames: int


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with its lanes, in their order, and how to get the words of each."""

    segment: Segment
    lanes: tuple[Lane, ...]
    words: Callable[[Lane], Words]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place that was found: frame ``offset`` of ``lane`` is the clip's frame 0. score: standard deviations."""

    recording: int
    track: int
    offset: int
    score: float
    agreement: float
    """share of the reliable signs that agree: 0.5 by chance, 1 for a copy without loss."""


def loud_frames(frames: Frames, start: int, end: int) -> NDArray[np.int64]:
    """The frames of [start, end) in which something is said: those within 30 dB of the loud ones, silence left out."""
    level = frames.level[start:end].astype(np.int64)
    if not len(level):
        return np.zeros(0, np.int64)
    least = max(8, int(np.percentile(level, 90)) - 40)
    return np.asarray(start + np.flatnonzero(level >= least))


def seek(part: Part, frames: Frames, start: int, end: int, flips: int) -> list[Sighting]:
    """Places of the clip's frames [start, end) in ``part``, best first; chance places are among them, told by score."""
    loud = loud_frames(frames, start, end)
    if len(loud) < FIND.least_frames or not part.lanes:
        return []
    lookup = lookup_of(frames, loud[:: FIND.every], flips)
    votes: list[NDArray[np.int64]] = []
    for some in part.segment.votes(lookup, flips):
        votes.append(_crowds(some) if len(some) > FIND.most_votes // 8 else some)
    if not votes:
        return []
    starts = np.array([lane.start for lane in part.lanes])
    seen: dict[tuple[int, int, int], Sighting] = {}
    for diagonal in _candidates(np.sort(np.concatenate(votes))):
        middle = diagonal + int(loud[len(loud) // 2])
        lane = part.lanes[max(0, int(np.searchsorted(starts, middle, side="right")) - 1)]
        found = compare(part.words(lane), frames, loud, diagonal - lane.start)
        if found is not None:
            offset, score, agreement = found
            key = (lane.recording, lane.track, offset)
            seen[key] = Sighting(*key, score, agreement)
    return sorted(seen.values(), key=lambda found: -found.score)


def _crowds(votes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of many votes those that at least one other agrees with, sorted: a lone vote decides nothing."""
    votes = np.sort(votes)
    close = np.diff(votes) <= FIND.near
    return votes[np.concatenate((close, [False])) | np.concatenate(([False], close))]


def _candidates(votes: NDArray[np.int64]) -> Iterable[int]:
    """Diagonals that many of the sorted ``votes`` agree on, those with most first."""
    found: list[int] = []
    for count in FIND.counts:
        if len(votes) >= count:
            agree = np.flatnonzero(votes[count - 1 :] - votes[: len(votes) - count + 1] <= FIND.near)
            for k in agree[: 4 * FIND.candidates].tolist():
                diagonal = int(np.median(votes[k : k + count]))
                if all(abs(diagonal - other) > FIND.near for other in found):
                    found.append(diagonal)
                    if len(found) >= FIND.candidates:
                        return found
    return found


def compare(words: Words, frames: Frames, loud: NDArray[np.int64], offset: int) -> tuple[int, float, float] | None:
    """(offset, score, agreement) of the best offset within ``FIND.near`` frames; None where the lane has too little.

    Of the clip's ``loud`` frames every sign but the least reliable ones is compared with ``words``. The score is how
    far their agreement is above one half, in standard deviations of as many signs thrown by chance, counting that
    neighbouring frames repeat each other.
    """
    best: tuple[int, float, float] | None = None
    masks = frames.planes[0] | frames.planes[1]
    for near in range(offset - FIND.near, offset + FIND.near + 1):
        inside = loud[(loud + near >= 0) & (loud + near < len(words))]
        if len(inside) < FIND.least_frames:
            continue
        mask = masks[inside]
        total = int(np.bitwise_count(mask).sum())
        wrong = int(np.bitwise_count((words[inside + near] ^ frames.words[inside]) & mask).sum())
        score = (total - 2 * wrong) / (max(1, total) * FIND.correlation) ** 0.5
        if best is None or score > best[1]:
            best = (near, score, 1 - wrong / max(1, total))
    return best
