"""Decoded sound: the values that a decoder hands on, and how many small frames become one large block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

Samples = npt.NDArray[np.float32]
"""Shape (channels, n); full scale is ±1."""


@dataclass(frozen=True, slots=True)
class PcmBlock:
    """A stretch of decoded sound: ``samples`` float32 of shape (channels, n), full scale ±1.

    ``start`` is the index of its first sample at the stream's own rate; 0 is the first that ``ffmpeg -i FILE`` yields.
    """

    stream: int
    start: int
    samples: Samples


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where sound is missing or doubtful: ``at`` in seconds of decoded sound, ``packets`` that were lost there.

    Nothing is put in the place of what was lost, as ``ffmpeg`` does not either: the clock counts decoded samples.
    """

    stream: int
    at: float
    packets: int
    reason: str


_SCALES: dict[str, tuple[type[np.generic], float, float]] = {
    "u8": (np.uint8, 128.0, 2.0**-7),
    "s16": (np.int16, 0.0, 2.0**-15),
    "s32": (np.int32, 0.0, 2.0**-31),
    "s64": (np.int64, 0.0, 2.0**-63),
    "flt": (np.float32, 0.0, 1.0),
    "dbl": (np.float64, 0.0, 1.0),
}
"""Sample format without its ``p`` for planar: type, zero, and factor to full scale ±1; as libswresample does it."""


class Batch:
    """Frames of one format, gathered cheaply and converted once: per frame only views of its planes are kept."""

    def __init__(self, format_name: str, channels: int) -> None:
        self.planar = format_name.endswith("p")
        self.channels = channels
        self.count = 0
        self._type, self._zero, self._scale = _SCALES[format_name.removesuffix("p")]
        self._rows: list[list[npt.NDArray[Any]]] = [[] for _ in range(channels if self.planar else 1)]

    def add(self, frame: AudioFrame, count: int) -> None:
        """Take one frame of ``count`` samples."""
        self.count += count
        if self.planar:
            planes = frame.planes
            for row, plane in zip(self._rows, planes, strict=False):  # not strict: this is the innermost loop
                row.append(np.frombuffer(plane, self._type, count))  # type: ignore[call-overload]
        else:
            self._rows[0].append(np.frombuffer(frame.planes[0], self._type, count * self.channels))  # type: ignore[call-overload]

    def take(self) -> Samples:
        """All samples since the last call, shape (channels, n), and start over."""
        block = np.empty((self.channels, self.count), np.float32)
        if self.count:
            if self.planar:
                for channel, row in zip(block, self._rows, strict=True):
                    np.concatenate(row, out=channel, casting="unsafe")
            else:
                block[:] = np.concatenate(self._rows[0]).reshape(-1, self.channels).T
            if self._zero:
                block -= np.float32(self._zero)
            if self._scale != 1.0:
                block *= np.float32(self._scale)
        self.count = 0
        for row in self._rows:
            row.clear()
        return block


class DamageLog:
    """Damaged places in the order of their discovery; what lies close together becomes one entry."""

    LIMIT = 1000
    """More places than this say nothing more; the last entry then counts all further packets."""
    NEAR = 0.5
    """Seconds of sound within which the same reason is the same place."""

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._found: list[tuple[float, int, str]] = []
        self._last = -1.0

    def add(self, at: float, packets: int, reason: str) -> None:
        """Note ``packets`` lost ``at`` seconds."""
        if self._found:
            start, count, why = self._found[-1]
            if (why == reason and at - self._last <= self.NEAR) or len(self._found) >= self.LIMIT:
                self._found[-1] = (start, count + packets, why)
                self._last = at
                return
        self._found.append((at, packets, reason))
        self._last = at

    def all(self) -> tuple[Damage, ...]:
        """Everything noted so far."""
        return tuple(Damage(self._stream, *entry) for entry in self._found)
