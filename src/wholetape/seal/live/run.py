"""Runs a recording: sound from a capture in a thread of its own, what others ask, and the end."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from wholetape.errors import WholetapeError
from wholetape.log.kinds import What
from wholetape.media.capture import Capture
from wholetape.seal.live.params import LIVE
from wholetape.seal.live.recorder import Clocks, Recorder

_AHEAD = 600
"""Blocks that may wait for a slow disk: a minute; beyond, a pipe's writer waits and a device's sound is lost."""


@dataclass
class Asked:
    """What is asked of a running recording, from any thread: to ``stop``, or by ``words`` to pause or resume."""

    stop: threading.Event = field(default_factory=threading.Event)
    words: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue)


class Feed:
    """Takes blocks from ``capture`` in a thread: a slow disk loses no sound, a silent pipe holds up nothing."""

    def __init__(self, capture: Capture, pace: Callable[[float], None] | None = None) -> None:
        """``pace``, where given, waits until so many seconds of sound are due."""
        self._capture, self._pace = capture, pace
        self._queue: queue.Queue[bytes | None] = queue.Queue(_AHEAD if capture.live else 16)
        self.failure: Exception | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            done, frame = 0, self._capture.channels * self._capture.sample_format.width
            for block in self._capture.blocks():
                if self._pace is not None:
                    self._pace(done / self._capture.rate)
                self._queue.put(block)
                done += len(block) // frame
                if self._ended:
                    return
        except Exception as problem:
            self.failure = problem
        self._queue.put(None)

    def get(self) -> bytes | None:
        """The next block; empty when none came for a moment, None at the end."""
        try:
            return self._queue.get(timeout=LIVE.poll)
        except queue.Empty:
            return b""

    def end(self) -> None:
        """Takes no more; waits a moment for the thread, so that its file can be closed."""
        self._ended = True
        for _ in range(20):
            with contextlib.suppress(queue.Empty):
                while True:
                    self._queue.get_nowait()
            self._thread.join(0.05)
            if not self._thread.is_alive() or self._capture.live:
                return


@dataclass
class Run:
    """One run of a recorder. ``asks`` looks what others ask of it, ``done`` tells them that it is done.

    ``most`` samples are taken at most; ``tell`` gets one line for the terminal now and then.
    """

    recorder: Recorder
    feed: Feed
    live: bool
    lost: Callable[[], int]
    clocks: Clocks
    asked: Asked
    asks: Callable[[], str] = lambda: ""
    done: Callable[[str], None] = lambda ask: None
    tell: Callable[[str], None] = lambda words: None
    most: int | None = None

    def run(self) -> str:
        """Records until it ends; returns why: the reason of the closing leaf. The recording is not closed yet.

        Raises:
            StorageFailed: sound cannot be written any more; everything committed is safe.
        """
        recorder = self.recorder
        self._heard = self.clocks.steady()
        self._looked = -1e9
        while True:
            self._look()
            if self.asked.stop.is_set():
                return "stopped"
            if self.most is not None and recorder.samples >= self.most:
                return "time is up"
            if recorder.paused and not self.live:
                self.asked.stop.wait(LIVE.poll)
                recorder.flush()
                continue
            block = self.feed.get()
            if block is None:
                if self.feed.failure is None:
                    return "the input ended"
                words = str(self.feed.failure) if isinstance(self.feed.failure, WholetapeError) else "the input broke"
                recorder.note(What.GAP, words[:200])
                return "the input broke off"
            self._heed(block)

    def _heed(self, block: bytes) -> None:
        now, recorder = self.clocks.steady(), self.recorder
        if not block:
            if recorder.paused:
                recorder.flush()
            return
        silent = now - self._heard
        self._heard = now
        if recorder.paused:
            return
        if self.live and silent > LIVE.stall:
            recorder.stalled(silent)
        if count := self.lost():
            recorder.note(What.GAP, f"sound was lost {count} times: the machine was too slow")
        if self.most is not None:
            frame = recorder.journal.frame
            block = block[: (self.most - recorder.samples) * frame]
        recorder.take(block)

    def _look(self) -> None:
        """Does what is asked, from the terminal or by another process."""
        now = self.clocks.steady()
        if now - self._looked < LIVE.poll:
            return
        self._looked = now
        while not self.asked.words.empty():
            self._do(self.asked.words.get_nowait())
        if ask := self.asks():
            self._do(ask)
            self.done(ask)

    def _do(self, ask: str) -> None:
        recorder = self.recorder
        if ask == "stop":
            self.asked.stop.set()
        elif ask in ("pause", "resume"):
            pause = ask == "pause"
            if pause != recorder.paused:
                (recorder.pause if pause else recorder.resume)()
                self._heard = self.clocks.steady()
                self.tell("paused" if pause else "recording again")
