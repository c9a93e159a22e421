"""The print of sound that is still coming: its rows as soon as they are known, and the whole print at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames, FrameStream
from wholetape.match.printfile import ALL_CHANNELS, Print, Track
from wholetape.match.resample import Resampler, sane
from wholetape.seal.rows import FRAMES_HZ, LEVEL_FRAMES

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of frames ``first`` up to ``end``, track after track, as ``docs/spec/seal.md``, section Sound, has them."""

    first: int
    end: int
    data: bytes

    def tracks(self, count: int) -> list[tuple[bytes, bytes]]:
        """Words and level bytes of each of ``count`` tracks."""
        words = 8 * (self.end - self.first)
        size = words + _groups(self.end) - _groups(self.first)
        if len(self.data) != size * count:
            raise ValueError("rows of another length")
        parts = [self.data[k * size : (k + 1) * size] for k in range(count)]
        return [(part[:words], part[words:]) for part in parts]

    def since(self, frame: int, count: int) -> Rows:
        """Those of ``count`` tracks from ``frame`` on."""
        drop, levels = 8 * (frame - self.first), _groups(frame) - _groups(self.first)
        data = b"".join(words[drop:] + level[levels:] for words, level in self.tracks(count))
        return Rows(frame, self.end, data)


def frame_at(sample: int, rate: int) -> int:
    """The first frame that belongs to the segment that begins at ``sample``."""
    return -(-sample * FRAMES_HZ // rate)


def live_tracks(channels: int) -> tuple[tuple[int, int], ...]:
    """Streams and channels of a live print: the mean, and of several channels each: nobody knows yet if they differ."""
    return ((0, ALL_CHANNELS), *((0, channel) for channel in range(channels) if channels > 1))


def assemble(parts: Iterable[Rows], tracks: Sequence[tuple[int, int]], samples: int, recording: bytes) -> Print:
    """The print of the rows ``parts``, in order, without gap; ``samples`` at 8 kHz, ``recording`` the file's hash."""
    words, levels = [bytearray() for _ in tracks], [bytearray() for _ in tracks]
    for part in parts:
        for k, (more, level) in enumerate(part.tracks(len(tracks))):
            words[k] += more
            levels[k] += level
    made = tuple(
        Track(stream, channel, np.frombuffer(words[k], "<u8"), np.frombuffer(levels[k], np.uint8))
        for k, (stream, channel) in enumerate(tracks)
    )
    return Print(samples, recording, made)


@dataclass
class _Voice:
    channel: int
    resampler: Resampler
    frames: FrameStream = field(default_factory=FrameStream)
    words: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    level: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    tone: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))

    def add(self, more: Frames) -> None:
        self.words = np.concatenate((self.words, more.words))
        self.level = np.concatenate((self.level, more.level))
        self.tone = np.concatenate((self.tone, more.tone))

    def drop(self, count: int) -> None:
        self.words, self.level, self.tone = self.words[count:], self.level[count:], self.tone[count:]

    def rows(self, base: int, first: int, end: int) -> bytes:
        low, high = LEVEL_FRAMES * _groups(first) - base, LEVEL_FRAMES * _groups(end) - base
        level, tone = self.level[low:high], self.tone[low:high]
        spare = -len(level) % LEVEL_FRAMES
        top = np.pad(level, (0, spare)).reshape(-1, LEVEL_FRAMES).max(axis=1, initial=0)
        narrow = np.pad(tone, (0, spare), constant_values=True).reshape(-1, LEVEL_FRAMES).all(axis=1)
        words = self.words[first - base : end - base].astype("<u8").tobytes()
        return bytes(words + (top | (narrow.astype(np.uint8) << 7)).astype(np.uint8).tobytes())


class LivePrint:
    """Takes sound, gives rows. ``second`` is where the sound that it is fed begins, ``taken`` the first frame wanted.

    Beginning at a later second gives the same rows but for the first frames, whose context is missing.
    """

    def __init__(self, rate: int, tracks: Sequence[tuple[int, int]], second: int = 0, taken: int = 0) -> None:
        self._voices = [_Voice(channel, Resampler(rate)) for _, channel in tracks]
        self._base = self.made = FRAMES_HZ * second
        self.taken = taken
        self._finished = False

    def feed(self, sound: Sound) -> None:
        """The next samples, shape (channels, n)."""
        sound = sane(sound)
        mean = _mean(sound)
        for voice in self._voices:
            here = mean if voice.channel == ALL_CHANNELS else np.ascontiguousarray(sound[voice.channel])
            voice.add(voice.frames.feed(voice.resampler.feed(here)))
        self._trim()

    def finish(self) -> None:
        """No more sound: all rows are known."""
        for voice in self._voices:
            voice.add(voice.frames.feed(voice.resampler.finish()))
            voice.add(voice.frames.finish())
        self._finished = True
        self._trim()

    def ready(self, end: int) -> bool:
        """Whether the rows up to frame ``end`` are known."""
        return self._finished or self.made >= LEVEL_FRAMES * _groups(end)

    def take(self, end: int | None = None) -> Rows:
        """The rows from ``taken`` up to ``end``, by default all there are."""
        first, end = self.taken, self.made if end is None else min(end, self.made)
        end = max(first, end)
        rows = Rows(first, end, b"".join(voice.rows(self._base, first, end) for voice in self._voices))
        self.taken = end
        self._trim()
        return rows

    def _trim(self) -> None:
        """Forgets frames that nobody will ask for."""
        self.made = self._base + len(self._voices[0].words)
        keep = min(self.made, LEVEL_FRAMES * (self.taken // LEVEL_FRAMES))
        if keep > self._base:
            for voice in self._voices:
                voice.drop(keep - self._base)
            self._base = keep


def _groups(frame: int) -> int:
    return -(-frame // LEVEL_FRAMES)


def _mean(sound: Sound) -> Sound:
    """(n,) the mean of the channels of (channels, n), computed as the print of a file computes it."""
    if len(sound) == 1:
        return np.asarray(sound[0])
    if len(sound) == 2:
        return np.asarray((sound[0] + sound[1]) * np.float32(0.5))
    return np.asarray(sound.mean(axis=0, dtype=np.float32))
