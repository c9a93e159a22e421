"""The print as a value and as bytes: ``docs/spec/print.md`` is the definition of both."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import MalformedFile, UnreadableInput
from wholetape.match.bands import Frames, frame_count
from wholetape.match.params import PRINT
from wholetape.times import CLOCK_HZ

MAGIC = b"\x89WTP\r\n\x1a\n"
VERSION = 1
ALGORITHM = 1
MAX_TRACKS = 256
"""More than four streams of 64 channels, all different."""
MAX_SAMPLES = CLOCK_HZ * 3600 * 24 * 31
"""A month: more than any recorder writes into one file, and a bound on what a hostile header can ask for."""
_HEADER = struct.Struct("<8sHHIQ32s")
_TRACK = struct.Struct("<BBH")
_DIGEST = 32
ALL_CHANNELS = 255
_FRESH = "get a fresh copy of it, or make it anew with `wholetape print`"


@dataclass(frozen=True, slots=True)
class Track:
    """One track of a print. words: (n,) uint64; levels: (ceil(n/4),) uint8, low seven bits level, high bit tone."""

    stream: int
    channel: int
    words: NDArray[np.uint64]
    levels: NDArray[np.uint8]

    @staticmethod
    def of(frames: Frames, stream: int, channel: int) -> Track:
        """The track that ``frames`` describe."""
        size = PRINT.level_frames
        spare = -len(frames) % size
        level = np.pad(frames.level, (0, spare)).reshape(-1, size).max(axis=1, initial=0)
        tone = np.pad(frames.tone, (0, spare), constant_values=True).reshape(-1, size).all(axis=1)
        return Track(stream, channel, frames.words, (level | (tone.astype(np.uint8) << 7)).astype(np.uint8))


@dataclass(frozen=True, slots=True)
class Print:
    """Robust fingerprint of a recording: similarity, never proof. It reveals level, rhythm and coarse spectrum.

    samples: length of the recording at 8 kHz. recording: SHA-256 of the file it was made from. tracks: first the mean
    of all channels of the first stream, then, where channels or streams differ, each of them.
    """

    samples: int
    recording: bytes
    tracks: tuple[Track, ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples / CLOCK_HZ

    def encode(self) -> bytes:
        """The bytes of a ``.print`` file; ``parse`` is the inverse.

        Raises:
            UnreadableInput: a recording of more tracks or hours than a print may have.
        """
        if len(self.tracks) > MAX_TRACKS or self.samples > MAX_SAMPLES:
            raise UnreadableInput(
                f"too much for one print: {len(self.tracks)} tracks of {self.duration / 3600:.0f} hours",
                f"a print holds up to {MAX_TRACKS} tracks of 31 days; split the recording",
            )
        parts = [_HEADER.pack(MAGIC, VERSION, ALGORITHM, len(self.tracks), self.samples, self.recording)]
        for track in self.tracks:
            parts.append(_TRACK.pack(track.stream, track.channel, 0))
            parts.append(track.words.astype("<u8").tobytes())
            parts.append(track.levels.tobytes())
        body = b"".join(parts)
        return body + hashlib.sha256(body).digest()


def complete(data: bytes, size: int, what: str, hint: str) -> None:
    """Raises ``MalformedFile`` when ``data`` is not of ``size`` bytes, the last 32 the SHA-256 of those before."""
    if len(data) != size:
        state = "truncated" if len(data) < size else "followed by other bytes"
        raise MalformedFile(f"{what} is {state}: {len(data)} bytes where {size} are due", hint)
    if hashlib.sha256(data[:-_DIGEST]).digest() != data[-_DIGEST:]:
        raise MalformedFile(f"{what} is damaged: its checksum does not fit its content", hint)


def words_in_file(frames: int, track: int) -> int:
    """Byte of a ``.print`` file at which the words of its ``track`` (from 0) begin, each track being of ``frames``."""
    return _HEADER.size + track * (_TRACK.size + 8 * frames + -(-frames // PRINT.level_frames)) + _TRACK.size


def parse(data: bytes) -> Print:
    """The print that ``data`` holds; raises ``MalformedFile`` for anything that ``encode`` would not have written."""
    if not data.startswith(MAGIC):
        raise MalformedFile("not a print: its first bytes are not those of one", "make one with `wholetape print`")
    if len(data) < _HEADER.size + _DIGEST:
        raise MalformedFile("print is truncated: its header is not complete", _FRESH)
    _, version, algorithm, tracks, samples, recording = _HEADER.unpack_from(data)
    if version != VERSION or algorithm != ALGORITHM:
        raise MalformedFile(
            f"print has version {version} and algorithm {algorithm}, this program reads {VERSION} and {ALGORITHM}",
            "a newer version of the program may read it",
        )
    if not 1 <= tracks <= MAX_TRACKS:
        raise MalformedFile(f"print says it has {tracks} tracks, between 1 and {MAX_TRACKS} are allowed", _FRESH)
    if samples > MAX_SAMPLES:
        raise MalformedFile("print says it covers more than 31 days", _FRESH)
    frames = frame_count(samples)
    groups = -(-frames // PRINT.level_frames)
    size = _HEADER.size + tracks * (_TRACK.size + 8 * frames + groups) + _DIGEST
    complete(data, size, "print", _FRESH)
    found = []
    at = _HEADER.size
    for _ in range(tracks):
        stream, channel, reserved = _TRACK.unpack_from(data, at)
        if reserved:
            raise MalformedFile("print has a reserved field that is not zero", _FRESH)
        at += _TRACK.size
        words = np.frombuffer(data, "<u8", frames, at).astype(np.uint64, copy=False)
        at += 8 * frames
        found.append(Track(stream, channel, words, np.frombuffer(data, np.uint8, groups, at)))
        at += groups
    places = [(t.stream, (t.channel + 1) % 256) for t in found]  # the mean of all channels comes before each
    if len(set(places)) != len(places):
        raise MalformedFile("print names one track twice", _FRESH)
    if places[0] != (0, 0) or places != sorted(places):
        raise MalformedFile("print has its tracks in the wrong order", _FRESH)
    return Print(samples, recording, tuple(found))
