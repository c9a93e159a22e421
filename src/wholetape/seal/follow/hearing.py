"""What this side's own microphone hears, against the print that the recorder shows.

A thread turns sound into frames as it comes; nothing of the sound itself is kept. ``match.live`` compares.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import WholetapeError
from wholetape.log.kinds import Event, What
from wholetape.log.statement import Stretch, Verdict
from wholetape.match.bands import Frames, FrameStream
from wholetape.match.live import SideBySide, Window, nothing
from wholetape.match.resample import Resampler, sane
from wholetape.seal.follow.history import History
from wholetape.seal.follow.printed import tracks_of
from wholetape.seal.rows import FRAMES_HZ, LEVEL_FRAMES

_BEHIND = 1.0
"""Seconds that a live input may lag behind the clock before it counts as a time in which nobody listened."""
_BREAKS = (What.PAUSE, What.RESUME, What.GAP)


class Hearing:
    """Listens to ``blocks`` of (channels, n) float32 samples at ``rate`` Hz until they end or :meth:`close` is called.

    Args:
        blocks: sound as it comes.
        rate: Hz.
        clock: seconds, for an input that comes as it is heard; None for one that may come faster or slower.
        tell: takes a line for a person.
        close: ends the input.
    """

    def __init__(
        self,
        blocks: Iterable[NDArray[np.float32]],
        rate: int,
        *,
        clock: Callable[[], float] | None = None,
        tell: Callable[[str], None] = lambda line: None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._blocks, self._rate, self._clock, self._tell, self._close = blocks, rate, clock, tell, close
        self._resampler, self._frames = Resampler(rate), FrameStream()
        self._side = SideBySide(self._broken)
        self._lock = threading.Lock()
        self._waiting: list[tuple[Frames, bool]] = []
        self._over = False
        self._stopped = threading.Event()
        self._shown = 0
        self._levels = np.zeros(0, np.uint8)
        self._from = -1
        self._history: History | None = None
        self._end = 0
        self._thread = threading.Thread(target=self._listen, name="hearing", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listens no more: lets go of the input after the thread that reads it, unless that waits in vain for more."""
        self._stopped.set()
        self._thread.join(1)
        self._close()
        self._thread.join(5)

    def compare(self, history: History) -> Sequence[Stretch]:
        """What is newly known, in order and without gap; :class:`stating.Listens` has the contract."""
        self._take(history)
        return self._stretches(self._side.judge(), history)

    def finish(self, history: History) -> Sequence[Stretch]:
        """The same, at the end of the recording."""
        self._take(history)
        return self._stretches(self._side.judge(last=True), history)

    def _listen(self) -> None:
        began = taken = None
        try:
            for block in self._blocks:
                if self._stopped.is_set():
                    return
                if self._clock is not None:
                    now = self._clock()
                    began = now if began is None else began
                    taken = (taken or 0.0) + block.shape[1] / self._rate
                    behind = now - began - taken
                    if behind > _BEHIND:
                        self._hand_on(nothing(round(behind * FRAMES_HZ)), False)
                        taken += behind
                mean = sane(np.asarray(block.mean(axis=0), np.float32))
                self._hand_on(self._frames.feed(self._resampler.feed(mean)), True)
        except WholetapeError as problem:
            self._tell(f"no more is heard here: {problem}")
        self._hand_on(self._frames.feed(self._resampler.finish()), True)
        self._hand_on(self._frames.finish(), True)
        with self._lock:
            self._over = True

    def _hand_on(self, frames: Frames, usable: bool) -> None:
        with self._lock:
            self._waiting.append((frames, usable))

    def _take(self, history: History) -> None:
        """Hands over what was heard and shown meanwhile."""
        self._history = history
        with self._lock:
            waiting, self._waiting, over = self._waiting, [], self._over
        for frames, usable in waiting:
            self._side.heard(frames, usable)
        if over:
            self._side.deaf()
        began = self._from >= 0
        for n in range(self._shown, len(history.rows)):
            words, levels, usable = self._rows(history, n)
            self._side.shown(words, levels, usable)
        self._shown = len(history.rows)
        if not began and (waiting or over):
            self._side.begin()  # what was recorded before anybody listened here
            self._from = self._end = 0 if not self._shown else _samples(history, self._shown)

    def _rows(self, history: History, n: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8], bool]:
        """Words and level bytes, one of each a frame, of segment ``n``; zeros where they were not shown."""
        segment, rate = history.segments[n], history.header.rate
        start = -(-segment.first * FRAMES_HZ // rate)
        end = -(-(segment.first + segment.samples) * FRAMES_HZ // rate)
        pair = history.rows[n]
        first, final = -(-start // LEVEL_FRAMES), -(-end // LEVEL_FRAMES)
        shown = (
            None if pair is None else tracks_of(pair[1], len(history.header.print.tracks), end - start, final - first)
        )
        words, levels = shown[0] if shown else (np.zeros(end - start, np.uint64), np.zeros(final - first, np.uint8))
        self._levels = np.concatenate((self._levels, levels))[-LEVEL_FRAMES * FRAMES_HZ :]
        back = final - np.arange(start, end) // LEVEL_FRAMES  # groups from the end of those known
        padded = np.pad(self._levels, (LEVEL_FRAMES * FRAMES_HZ, 0))
        level = np.asarray(padded[len(padded) - back] & np.uint8(127), np.uint8)
        return words, level, shown is not None

    def _broken(self, start: int, end: int) -> bool:
        """Whether the recorder said that it paused, or lost sound, between two frames of the print."""
        history = self._history
        if history is None:
            return False
        rate = history.header.rate
        low, high = start * rate // FRAMES_HZ, end * rate // FRAMES_HZ
        breaks = (leaf for leaf in history.leaves if isinstance(leaf, Event) and leaf.event in _BREAKS)
        return any(low <= leaf.first + leaf.samples and leaf.first <= high for leaf in breaks)

    def _stretches(self, windows: Sequence[Window], history: History) -> list[Stretch]:
        rate, known = history.header.rate, _samples(history, len(history.segments))
        out = []
        for window in windows:
            end = min(known, window.end * rate // FRAMES_HZ)
            if end > self._end:
                out.append(Stretch(Verdict(window.fit.value), self._end, end - self._end))
                self._end = end
        return out


def _samples(history: History, segments: int) -> int:
    """Samples of the first so many segments."""
    return 0 if not segments else history.segments[segments - 1].first + history.segments[segments - 1].samples
