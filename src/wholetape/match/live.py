"""Two microphones, side by side as they hear: does the other one's print fit what was heard here, second by second?

1. ``_lock`` finds by how much the two clocks differ: the diagonal on which the print's frame *i + d* is the frame *i*
   that was heard here. It is looked for near the one that held, then everywhere in the last minute.
2. Error rates are counted on what held so far (``score.Scorer.estimate``), for this room and these microphones.
3. Each second of the print is scored on that diagonal: it matches, it does not, or there was too little sound to say.
4. Where the diagonal falls although nobody said that the recorder paused, sound is missing from the print: the second
   of the seam does not match. It never rises in honest company: a recorder shows nothing older than what it hears, so
   all that lies on a higher diagonal is a replay, and does not match either.

A match says that it sounded alike to a robust print, not that every word is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames, join
from wholetape.match.params import PRINT
from wholetape.match.printfile import Track
from wholetape.match.score import QUIET, Axis, Scorer
from wholetape.match.search import Place, search


@dataclass(frozen=True, slots=True)
class LiveParams:
    """Frames of 10 ms, unless said otherwise."""

    window: int = 100
    """judged at a time"""
    context: int = 100
    """on either side, to find the diagonal by"""
    memory: int = 12_000
    """heard here that are kept: two minutes"""
    near: int = 400
    """diagonals either side of the one that held, among which it must stand out"""
    drift: int = 3
    """by which the diagonal may move from one window to the next without a jump"""
    near_z: float = 5.5
    """standard deviations by which the diagonal must stand out near the one that held"""
    far_z: float = 7.5
    """the same anywhere"""
    first: int = 500
    """of the first stretch by which the diagonal is found"""
    patience: int = 1500
    """of sound on both sides without any diagonal until it is said that nothing matches"""
    matches: float = 8.0
    """nats a window that make a match"""
    fails: float = -15.0
    """nats a window that make none"""
    replay: int = 100
    """by which the print may come to lie later than what was heard here, beyond which it is a replay"""
    settled: int = 10
    """windows that must have matched before a diagonal is a measure for others"""
    audible: int = 20
    """in a window that must be heard on one side, or there is nothing to compare"""


LIVE = LiveParams()


class Fit(Enum):
    """How a window of the print fits."""

    MATCHED = "matched"
    NOT_MATCHED = "not-matched"
    NOT_COMPARED = "not-compared"


@dataclass(frozen=True, slots=True)
class Window:
    """Frames [start, end) of the print, and how they fit."""

    start: int
    end: int
    fit: Fit


@dataclass
class SideBySide:
    """Takes frames from here and rows of the print as they come; :meth:`judge` returns windows in order.

    ``broken(a, b)`` tells whether the recorder said that it paused, or lost sound, between two frames of the print.
    """

    broken: Callable[[int, int], bool] = lambda a, b: False
    diagonal: int | None = None
    _heard: list[Frames] = field(default_factory=list)
    _open: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    _deaf: bool = False
    _heard_from: int = 0
    _heard_end: int = 0
    _words: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    _levels: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    _usable: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    _shown_from: int = 0
    _judged: int = 0
    _held: list[tuple[int, int, int]] = field(default_factory=list)
    _lost: int = 0
    _since: int = 0
    _trusted: int | None = None
    _settled: int = 0

    def heard(self, frames: Frames, usable: bool = True) -> None:
        """More frames from here; ``usable`` is false for a time in which nobody listened."""
        self._heard.append(frames)
        self._open = np.concatenate((self._open, np.full(len(frames), usable)))
        self._heard_end += len(frames)

    def deaf(self) -> None:
        """Nothing more will be heard."""
        self._deaf = True

    def shown(self, words: NDArray[np.uint64], levels: NDArray[np.uint8], usable: bool = True) -> None:
        """More of the print: (n,) words, and (n,) level bytes, one a frame; ``usable`` is false for a gap of them."""
        self._words = np.concatenate((self._words, words))
        self._levels = np.concatenate((self._levels, levels))
        self._usable = np.concatenate((self._usable, np.full(len(words), usable)))

    def begin(self) -> None:
        """What was shown so far was before anybody listened here."""
        self._judged = self._shown_end

    @property
    def _shown_end(self) -> int:
        return self._shown_from + len(self._words)

    def judge(self, *, last: bool = False) -> list[Window]:
        """The windows that can be judged by now; with ``last``, all there are."""
        out: list[Window] = []
        last = last or self._deaf
        spare = 0 if last else LIVE.context
        while True:
            end = min(self._judged + LIVE.window, self._shown_end)
            if end == self._judged or (not last and end + spare > self._shown_end):
                break
            if not last and self.diagonal is not None and end + spare - self.diagonal > self._heard_end:
                break
            if not last and self.diagonal is None and self._shown_end - self._judged < LIVE.first:
                break
            out += self._window(self._judged, end)
            self._judged = end
        self._forget()
        return out

    def _window(self, start: int, end: int) -> list[Window]:
        frames, scorer, base, low = self._scorer()
        if scorer is None or not self._usable[start - self._shown_from : end - self._shown_from].all():
            return [Window(start, end, Fit.NOT_COMPARED)]
        clear = self._lock(scorer, start, end, base, low)
        d = self.diagonal
        if d is None:
            return [Window(start, end, self._without(scorer, start, end, low))]
        self._lost = 0
        first, final = start - d - base, end - d - base  # of the frames heard here
        if first < 0 or final > len(frames) or not self._open[first:final].all():
            return [Window(start, end, Fit.NOT_COMPARED)]
        if clear:
            self._held.append((first + base, final + base, d))
            scorer.adopt(scorer.estimate([(a - base, b - base, x + base - low) for a, b, x in self._held]))
        fit = self._fit(scorer, first, final, d + base - low)
        if fit is Fit.MATCHED and not self._in_time(d, end):
            fit = Fit.NOT_MATCHED
        return [Window(start, end, fit)]

    def _in_time(self, d: int, end: int) -> bool:
        """Whether a window up to ``end`` that fits on diagonal ``d`` may stand there; others are measured by it."""
        before, self._since, since = self._trusted, end, self._since
        if before is None or abs(d - before) <= LIVE.drift:
            self._trusted, self._settled = d, self._settled + 1
            return True
        if d > before and self._settled >= LIVE.settled:
            if d - before <= LIVE.replay:
                self._trusted = d
            return False
        self._trusted, self._settled = d, self._settled + 1
        return self.broken(since - LIVE.window, end)

    def _fit(self, scorer: Scorer, first: int, final: int, shift: int) -> Fit:
        here = scorer.loudness[first:final] >= QUIET
        there = scorer.axis.loudness[first + shift : final + shift] >= QUIET
        if max(int(here.sum()), int(there.sum())) < LIVE.audible:
            return Fit.NOT_COMPARED
        total = max(float(scorer.llr(first, final, shift + k).sum()) for k in (-2, -1, 0, 1, 2))
        if total >= LIVE.matches:
            return Fit.MATCHED
        return Fit.NOT_MATCHED if total <= LIVE.fails else Fit.NOT_COMPARED

    def _without(self, scorer: Scorer, start: int, end: int, low: int) -> Fit:
        """While no diagonal is known: nothing is compared until there was sound enough on both sides to find one."""
        there = scorer.axis.loudness[start - low : end - low] >= QUIET
        if int(there.sum()) >= LIVE.audible and int((scorer.loudness >= QUIET).sum()) >= LIVE.first:
            self._lost += end - start
        return Fit.NOT_MATCHED if self._lost > LIVE.patience else Fit.NOT_COMPARED

    def _lock(self, scorer: Scorer, start: int, end: int, base: int, low: int) -> bool:
        """Finds the diagonal on which the print from ``start`` to ``end`` and around lies; keeps the old one if none.

        True where it stands out so clearly that errors may be counted there.
        """
        offset = base - low  # a scorer's diagonal is d + base - low
        d = self.diagonal
        if d is not None:
            a, b = max(0, start - LIVE.context - d - base), min(len(scorer), end + LIVE.context - d - base)
            if b - a >= LIVE.window:
                places = search(scorer, a, b, d + offset - LIVE.near, d + offset + LIVE.near, b - a)
                if places and places[0].z >= LIVE.near_z and abs(places[0].diagonal - d - offset) <= LIVE.drift:
                    self.diagonal = places[0].diagonal - offset
                    return places[0].z >= LIVE.far_z
        for reach in (LIVE.context, LIVE.first):
            found = everywhere(scorer, max(0, start - reach - low), min(len(scorer.axis), end + reach - low))
            if found.z >= LIVE.far_z:
                self.diagonal = found.diagonal - offset
                return True
        return False

    def _scorer(self) -> tuple[Frames, Scorer | None, int, int]:
        frames = join(self._heard)
        self._heard = [frames]
        base, low = self._heard_from, self._shown_from
        if len(frames) < LIVE.window or not len(self._words):
            return frames, None, base, low
        scorer = Scorer(frames, _axis(self._words, self._levels, self._usable))
        scorer.adopt(scorer.estimate([(a - base, b - base, d + base - low) for a, b, d in self._held]))
        return frames, scorer, base, low

    def _forget(self) -> None:
        """Drops what is older than the memory."""
        frames = join(self._heard)
        drop = len(frames) - LIVE.memory
        if drop > LIVE.memory // 4:
            frames, self._open = frames.slice(drop, len(frames)), self._open[drop:]
            self._heard_from += drop
        self._heard = [frames]
        drop = min(len(self._words) - LIVE.memory, self._judged - LIVE.context - self._shown_from)
        if drop > LIVE.memory // 4:
            self._words, self._levels, self._usable = self._words[drop:], self._levels[drop:], self._usable[drop:]
            self._shown_from += drop
        self._held = [h for h in self._held if h[0] >= self._heard_from and h[0] + h[2] >= self._shown_from]


def nothing(count: int) -> Frames:
    """(count,) frames of a time in which nobody listened."""
    word, byte, no = np.zeros(count, np.uint64), np.zeros(count, np.uint8), np.zeros(count, np.bool_)
    return Frames(word, np.zeros((2, count), np.uint64), byte, no, byte)


def _axis(words: NDArray[np.uint64], levels: NDArray[np.uint8], usable: NDArray[np.bool_]) -> Axis:
    spare = -len(levels) % PRINT.level_frames
    grouped = np.pad(levels, (0, spare), mode="edge")[:: PRINT.level_frames]
    axis = Axis.of([Track(0, 255, words, np.ascontiguousarray(grouped))])
    axis.usable[: len(usable)] &= usable
    return axis


def everywhere(scorer: Scorer, start: int, end: int) -> Place:
    """The diagonal on which frames [start, end) of the axis stand out most among all frames that were heard."""
    n, count = len(scorer), end - start
    words, mask = scorer.frames.words[::-1].copy(), (scorer.frames.planes[0] | scorer.frames.planes[1])[::-1]
    weight = np.bitwise_count(mask).astype(np.int32)
    total, beside = np.zeros(n + count, np.int32), np.zeros(n + count, np.int32)
    for j in np.flatnonzero(scorer.axis.usable[start:end]).tolist():
        differ = np.bitwise_count((words ^ scorer.axis.words[start + j]) & mask)
        total[j : j + n] += weight - 2 * differ.astype(np.int32)
        beside[j : j + n] += 1
    enough = beside >= max(1, min(count, n) // 2)  # frames that lie beside others, or chance decides
    value = np.where(enough, total / np.sqrt(np.maximum(beside, 1)), -np.inf)
    usual = value[enough]
    middle = float(np.median(usual))
    spread = 1.4826 * float(np.median(np.abs(usual - middle))) + 0.5
    k = int(np.argmax(value))
    return Place(start - n + 1 + k, float((value[k] - middle) / spread))
