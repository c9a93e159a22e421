"""Sound to segments, events and leaves: what a recording does with each block that comes.

The order in which things reach the disk follows from the journal's invariants: the sound of a segment, then its leaf
with the events that are due and the rows of the print that are known, then the head, then whoever waits is told.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.log.kinds import Event, Leaf, Segment, What
from wholetape.log.salts import Label, commit, salt
from wholetape.media.capture import to_float
from wholetape.seal.live.journal import LiveJournal
from wholetape.seal.live.params import LIVE
from wholetape.seal.live.rows import LivePrint, Rows, frame_at
from wholetape.seal.live.sound import SoundFile


@dataclass(frozen=True, slots=True)
class Clocks:
    """``wall`` in seconds since 1970, which may be set; ``steady`` in seconds, which only goes forward."""

    wall: Callable[[], float]
    steady: Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Ended:
    """A segment whose sound has come, and whose rows may not be known yet."""

    first: int
    samples: int
    sound: bytes
    at: int | None
    open: bool
    """Whether its rows are given up: it ends before a pause or a gap."""


class Recorder:
    """Takes sound and events and makes leaves. Used by one thread; ``changed`` is called after each new head.

    Args:
        journal: where leaves go; a new one, or one that goes on.
        sound: where samples go, of which those that the journal's leaves cover are on disk.
        clocks: what is told of the time.
        changed: whoever waits for new heads.
    """

    def __init__(
        self, journal: LiveJournal, sound: SoundFile, clocks: Clocks, changed: Callable[[], None] = lambda: None
    ) -> None:
        self.journal, self.sound, self.changed = journal, sound, changed
        self._clocks = clocks
        header = journal.header
        assert header.sample_format is not None
        self._format, self._channels, self._rate = header.sample_format, header.channels, header.rate
        self._frame = header.channels * header.sample_format.width
        self._seed = journal.builder.seed
        self._ended: deque[_Ended] = deque()
        self._due: deque[Event] = deque()
        self._unfed: list[bytes] = []
        self.samples = journal.builder.count.samples
        """Samples taken."""
        self._first = self.samples
        self._n = journal.builder.count.segments
        self._hash = self._segment_hash()
        self._print = self._listening()
        self._fed = self.samples
        self.paused = False
        self._times: tuple[float, float] | None = None

    def _segment_hash(self) -> hashlib._Hash:
        return hashlib.sha256(salt(self._seed, Label.SOUND, self._n))

    def _listening(self) -> LivePrint:
        """The print, which of a recording that goes on has heard the last seconds again."""
        tracks, taken = self.journal.header.print.tracks, self.journal.rows_end
        second = max(0, min(self.samples // self._rate, taken // 100) - LIVE.warm_up)
        made = LivePrint(self._rate, tracks, second, taken)
        for first in range(second * self._rate, self.samples, self._rate):
            made.feed(self._floats(self.sound.read(first, min(self.samples, first + self._rate))))
        return made

    def _floats(self, block: bytes) -> NDArray[np.float32]:
        return to_float(block, self._format, self._channels)

    def take(self, block: bytes, *, on_disk: bool = False) -> None:
        """The next samples, whole frames; ``on_disk`` when the sound file has them already.

        Raises:
            StorageFailed: they could not be written; everything committed before is safe.
        """
        if not on_disk:
            self._watch_clocks()
        view = memoryview(block)
        while len(view):
            left = (self._first + self._rate - self.samples) * self._frame
            part = bytes(view[:left])
            view = view[left:]
            if not on_disk:
                self.sound.write(part)
            self._hash.update(part)
            self._unfed.append(part)
            self.samples += len(part) // self._frame
            if self.samples == self._first + self._rate:
                self._end_segment(None if on_disk else self._now(), on_disk)
        if self._ended and self.samples >= self._ended[0].first + self._ended[0].samples + self._context:
            self._feed()
            self._emit()

    @property
    def _context(self) -> int:
        return int(LIVE.context * self._rate)

    def _end_segment(self, at: int | None, on_disk: bool = False, given_up: bool = False) -> None:
        if not on_disk:
            self.sound.end_segment()
        self._ended.append(_Ended(self._first, self.samples - self._first, self._hash.digest(), at, given_up))
        self._n += 1
        self._first = self.samples
        self._hash = self._segment_hash()

    def _feed(self) -> None:
        if self._unfed:
            self._print.feed(self._floats(b"".join(self._unfed)))
            self._unfed.clear()

    def _emit(self, everything: bool = False) -> None:
        """Commits the segments whose rows are known, ``everything`` also those whose rows are not, and due events."""
        journal, ready = self.journal, []
        n, samples = journal.builder.count.segments, journal.builder.count.samples
        while self._ended:
            own = self._ended[0]
            end = frame_at(own.first + own.samples, self._rate)
            known = self._print.ready(end)
            if not (known or everything):
                break
            self._ended.popleft()
            rows = self._print.take(end) if known and not own.open else None
            ready.append((self._leaf(n, own, rows), rows))
            n, samples = n + 1, samples + own.samples
        leaves: list[tuple[Leaf, Rows | None]] = list(ready)
        leaves += [(leaf, None) for leaf in self._events(samples)]
        leaves += [(leaf, None) for leaf in self.sound.ciphers(n, last=False)]
        self._commit(leaves)

    def _leaf(self, n: int, own: _Ended, rows: Rows | None) -> Segment:
        printed = None
        if rows is not None:
            start = frame_at(own.first, self._rate)
            mine = rows.since(start, len(self.journal.header.print.tracks)) if start > rows.first else rows
            printed = commit(salt(self._seed, Label.PRINT, n), mine.data)
        return Segment(n, own.first, own.samples, own.sound, printed, own.at)

    def _events(self, samples: int) -> list[Event]:
        due = [own for own in self._due if own.first + own.samples <= samples]
        self._due = deque(own for own in self._due if own.first + own.samples > samples)
        return due + self.journal.events(samples, self._now())

    def _commit(self, leaves: Sequence[tuple[Leaf, Rows | None]]) -> None:
        if leaves:
            self.sound.sync()
            self.journal.commit(leaves)
            self.changed()

    def _now(self) -> int:
        return max(0, int(self._clocks.wall() * 1000))

    def _watch_clocks(self) -> None:
        wall, steady = self._clocks.wall(), self._clocks.steady()
        if self._times is not None:
            step = (wall - self._times[0]) - (steady - self._times[1])
            if abs(step) > LIVE.clock_step:
                words = f"the clock was set {'back' if step < 0 else 'forward'} by {abs(step):.1f} s"
                self.note(What.CLOCK, words)
        self._times = wall, steady

    def stalled(self, seconds: float) -> None:
        """No sound came for so long."""
        self.note(What.GAP, f"no sound came for {seconds:.1f} s")

    def note(self, event: What, detail: str) -> None:
        """An event at this place; its leaf follows that of the sound before it."""
        self._due.append(Event(event, self.samples, 0, self._now(), "", detail))

    def flush(self) -> None:
        """Commits what is due though no sound comes: what hosts ask for while the recording is paused."""
        self._emit()

    def boundary(self, event: What, detail: str = "", at: int | None = None) -> None:
        """Ends the segment here, commits all there is, and then ``event``."""
        self._feed()
        if self.samples > self._first:
            self._end_segment(self._now(), given_up=True)
        self._emit(everything=True)
        self._commit([(Event(event, self.samples, 0, self._now() if at is None else at, "", detail), None)])

    def pause(self) -> None:
        """From here on no sound is taken."""
        if not self.paused:
            self.paused = True
            self.boundary(What.PAUSE)

    def resume(self) -> None:
        """Sound is taken again."""
        if self.paused:
            self.paused = False
            self._times = None
            self._commit([(Event(What.RESUME, self.samples, 0, self._now(), "", ""), None)])

    def finish(self) -> None:
        """No more sound: everything is committed but the closing leaf."""
        self._feed()
        if self.samples > self._first:
            self._end_segment(self._now())
        self._print.finish()
        self._emit(everything=True)
        rest = self._print.take()
        last = self.sound.ciphers(self.journal.builder.count.segments, last=True)
        leaves: list[tuple[Leaf, Rows | None]] = [(leaf, None) for leaf in last]
        if rest.end > rest.first:
            ended = Event(What.NOTE, self.samples, 0, self._now(), "", "the sound ends")
            leaves.append((ended, rest))
        self._commit(leaves)
