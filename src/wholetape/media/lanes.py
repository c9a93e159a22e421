"""Fast decoding of stretches of a file: libavfilter's ``amovie`` source reads, decodes and gathers without Python.

A lane is one open copy of the file with its own decoder, which seeks from stretch to stretch. While it decodes it does
not hold the interpreter's lock, so several lanes run side by side. Opening a file of many hours takes long; lanes stay
open. The number of lanes and the stretches of each are fixed: the result must not depend on how many threads run them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from wholetape.media.blocks import Samples
from wholetape.media.guard import FORMATS, open_regular

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame


@dataclass(frozen=True, slots=True)
class LaneParams:
    """The numbers of the lanes."""

    lanes: int = 4
    """Open copies of the file; more would be idle on most machines and cost memory."""
    few_lanes: int = 2
    few_lanes_seconds: float = 4 * 3600.0
    """Of files longer than this, fewer copies are open: each holds the file's index, some 10 MB an hour."""
    stretch_bytes: int = 10 << 20
    """Memory of one stretch of decoded sound."""
    stretch_seconds: tuple[int, int] = (8, 120)
    """Shortest and longest stretch: seeking must not dominate; a short file should be shared by several lanes."""
    warm_up_seconds: float = 1.5
    """Sound decoded ahead of a stretch and thrown away: Opus takes 0.7 s to forget where it began, others less."""
    gather_seconds: float = 1.0
    """Sound gathered below Python before it is handed up."""
    drain: int = 1024
    """Samples handed up at a time just after a seek, while what is left from before it drains away."""
    drift_seconds: float = 0.012
    """How far time stamps may stray from the count of samples: less than the shortest packet that could be lost."""


LANES = LaneParams()


class LaneFailed(Exception):
    """This stretch, file or system is nothing for lanes; never leaves this package."""


class Source(NamedTuple):
    """What a lane must know of the stream that it decodes; ``first_pts`` counts ``tick`` seconds."""

    path: str | os.PathLike[str]
    demuxer: str
    stream: int
    rate: int
    channels: int
    tick: Fraction
    first_pts: int

    def sample(self, pts: int) -> int:
        """Index of the sample with the time stamp ``pts``, if no packet were lost and no stamp rounded."""
        return round((pts - self.first_pts) * self.tick * self.rate)

    def pts(self, sample: int) -> int:
        """Time stamp at or just before ``sample``."""
        return self.first_pts + int(Fraction(sample, self.rate) / self.tick)

    @property
    def slack(self) -> int:
        """Samples by which time stamps may stray from the count: their rounding, and what clocks of phones wander."""
        return 2 + ceil(self.tick * self.rate) + int(LANES.drift_seconds * self.rate)

    @property
    def stretch(self) -> int:
        """Samples in one stretch."""
        low, high = LANES.stretch_seconds
        return min(max(LANES.stretch_bytes // (4 * self.channels), low * self.rate), high * self.rate)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound decoded from the middle of a file: by its time stamps it begins at sample ``start``, ``end`` is after it.

    ``broken`` says why it cannot be used, or is empty. ``finished`` tells that the stream ends here.
    """

    samples: Samples
    start: int
    end: int
    steady: bool = True
    """Whether each time stamp agreed with the count of samples."""
    finished: bool = False
    broken: str = ""


class Lane:
    """One open copy of the stream. Not thread-safe, and never used by two threads at once.

    Raises:
        LaneFailed: this file or this system is nothing for lanes.
    """

    def __init__(self, source: Source) -> None:
        from av.filter import Graph

        self._source = source
        self._gather = max(LANES.drain, int(LANES.gather_seconds * source.rate))
        self._next: int | None = None  # time stamp, as a sample's index, that would follow what was pulled last
        self._file = open_regular(source.path)
        try:
            self._graph = Graph()
            self._movie = self._graph.add(
                "amovie",
                filename="fd:",
                format_name=source.demuxer.split(",")[0],
                stream_index=str(source.stream),
                format_opts=f"fd={self._file.fileno()}:protocol_whitelist=fd:format_whitelist={FORMATS}",
            )
            planes = self._graph.add("aformat", sample_fmts="fltp")
            self._gatherer = self._graph.add("asetnsamples", n=str(self._gather), p="0")
            self._sink = self._graph.add("abuffersink")
            self._graph.link_nodes(self._movie, planes, self._gatherer, self._sink)
            self._graph.configure()
        except Exception as problem:  # whatever it is, the careful engine can do without lanes
            self.close()
            raise LaneFailed(str(problem)) from problem

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def decode(self, first: int, end: int, margin: int) -> Stretch:
        """The sound from ``margin`` samples before ``first`` (the start for 0) up to ``end`` or a little more."""
        import av

        want = max(0, first - margin)
        samples = np.empty((self._source.channels, end - want + 2 * self._gather), np.float32)
        start, filled, position = 0, 0, -1
        steady, finished, broken = True, False, ""
        try:
            frame = self._pull() if first == 0 else self._pull_after_seek(want)
            while True:
                here = self._sample(frame)
                stray = abs(here - position) if position >= 0 else 0
                if stray > self._source.slack:
                    raise LaneFailed("time stamps jump")
                steady = steady and stray <= 1
                if frame.sample_rate != self._source.rate or frame.layout.nb_channels != self._source.channels:
                    raise LaneFailed("the form of the sound changes")
                count = frame.samples
                position = here + count
                if position > want:
                    if not filled:
                        start = here
                    # copied at once: one frame alive at a time is one that stays in the processor's cache
                    for row, plane in zip(samples, frame.planes, strict=True):
                        row[filled : filled + count] = np.frombuffer(plane, np.float32, count)  # type: ignore[call-overload]
                    filled += count
                if position >= end:
                    break
                frame = self._pull()
        except av.EOFError:
            finished = True
        except (av.FFmpegError, ValueError, OSError, LaneFailed) as problem:
            broken = str(problem) or type(problem).__name__
        if not filled:
            broken = broken or "nothing decoded"
        return Stretch(samples[:, :filled], start, position, steady, finished, broken)

    def _pull(self) -> AudioFrame:
        frame: AudioFrame = self._sink.pull()  # type: ignore[assignment]  # an audio sink gives audio frames
        self._next = self._sample(frame) + frame.samples
        return frame

    def _pull_after_seek(self, want: int) -> AudioFrame:
        """The first frame that holds nothing from before the seek: the first that does not continue what came last.

        The lane goes back by more than it drains, or forward by a stretch, so the first new stamp is never that one.
        """
        target = max(0, want - int(LANES.warm_up_seconds * self._source.rate))
        self._gatherer.process_command("n", str(LANES.drain))
        self._movie.process_command("seek", f"{self._source.stream}|{self._source.pts(target)}|1")
        left = 2 * self._gather // LANES.drain + 64
        expected = self._next
        while left:
            frame = self._pull()
            here = self._sample(frame)
            if expected is None or abs(here - expected) > self._source.slack:
                if here > (target + want) // 2 + LANES.drain:
                    raise LaneFailed("seeking lands too late")
                self._gatherer.process_command("n", str(self._gather))
                return frame
            expected = here + frame.samples
            left -= 1
        raise LaneFailed("seeking does not move")

    def _sample(self, frame: AudioFrame) -> int:
        if frame.pts is None or frame.time_base != self._source.tick:
            raise LaneFailed("sound without time stamps")
        return self._source.sample(frame.pts)
