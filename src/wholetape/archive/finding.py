"""Which recording is this clip from? Windows of the clip are sought, and what they find is put together to hits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from wholetape.archive import parts
from wholetape.archive.params import FIND
from wholetape.archive.seek import Sighting, loud_frames, seek
from wholetape.match.bands import Frames

Window = tuple[int, int]
Ask = tuple[str, str, int]
"""An archive's folder, the name of a part of it, and the part's state."""


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the clip, frames [start, end), that lies in a recording with the clip's frame 0 at ``offset``."""

    recording: int
    offset: int
    start: int
    end: int
    score: float
    agreement: float


def windows(frames: Frames) -> list[Window]:
    """Stretches of the clip that are sought one by one: all of a short one, evenly spread ones of a longer."""
    size, length = FIND.window, len(frames)
    if length < 2 * size:
        return [(0, length)]
    count = min(FIND.windows, length // size)
    return [(start, start + size) for start in np.linspace(0, length - size, count).astype(int).tolist()]


def seek_in(ask: Ask, frames: Frames, wanted: Sequence[Window], flips: int) -> list[list[Sighting]]:
    """What one part has of each window, best first. A function of its own, so that it can run where the part lies."""
    here = parts.part(*ask)
    return [seek(here, frames, start, end, flips)[: FIND.most_hits] for start, end in wanted]


def matches(
    asks: Sequence[Ask], frames: Frames, executor: Executor | None, progress: Callable[[float], None]
) -> list[Match]:
    """All that the parts have of the clip, from cheap search to thorough, until a stretch of it is found."""
    found: list[Match] = []
    wanted = [window for window in windows(frames) if len(loud_frames(frames, *window)) >= FIND.least_frames]
    for stage, flips in enumerate(FIND.flips):
        if not wanted or not asks:
            break
        answers = _ask_all(asks, frames, wanted, flips, executor)
        for done, answer in enumerate(answers, 1):
            progress((stage + done / len(asks)) / len(FIND.flips))
            for (start, end), sightings in zip(wanted, answer, strict=True):
                found += [
                    Match(seen.recording, seen.offset, start, end, seen.score, seen.agreement)
                    for seen in sightings
                    if seen.score >= FIND.perhaps
                ]
        if any(sure(match.score, match.agreement) for match in found):
            break
    return joined(found)


def _ask_all(
    asks: Sequence[Ask], frames: Frames, wanted: list[Window], flips: int, executor: Executor | None
) -> list[list[list[Sighting]]]:
    if executor is None:
        return [seek_in(ask, frames, wanted, flips) for ask in asks]
    futures = [executor.submit(seek_in, ask, frames, wanted, flips) for ask in asks]
    return [future.result() for future in futures]


def sure(score: float, agreement: float) -> bool:
    """Whether a match is told as found. The same words, said again by the same voice, agree in less than that."""
    return score >= FIND.found and agreement >= FIND.found_agreement


def joined(found: list[Match]) -> list[Match]:
    """Matches of one recording at one place as one; of those over the same stretch of the clip the best, best first."""
    left = sorted(found, key=lambda match: (match.recording, match.offset, match.start))
    out: list[Match] = []
    for match in left:
        last = out[-1] if out else None
        if last is not None and last.recording == match.recording and match.offset - last.offset <= FIND.same:
            best = max(last, match, key=lambda one: one.score)
            out[-1] = Match(
                match.recording,
                best.offset,
                min(last.start, match.start),
                max(last.end, match.end),
                best.score,
                best.agreement,
            )
        else:
            out.append(match)
    return sorted(out, key=lambda match: -match.score)
