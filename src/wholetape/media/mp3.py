"""Short pieces of sound as MP3, which every browser plays: for listening, never for evidence."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Mp3Params:
    """Speech that is easy to follow, in as few bytes as that takes."""

    rate: int = 24000
    """Hz."""
    bits: int = 40000
    """A second: 5 kB."""
    effort: int = 5
    """LAME's, from 0 for the best to 9 for the fastest."""


MP3 = Mp3Params()


class Mp3:
    """Encodes mono sound of ``rate`` Hz as it comes; only encoded bytes are kept. No tags: they would name nobody."""

    def __init__(self, rate: int) -> None:
        import av

        self._rate = rate
        self._bytes = io.BytesIO()
        self._file = av.open(self._bytes, "w", format="mp3", options={"id3v2_version": "0"})
        self._stream = self._file.add_stream(
            "libmp3lame",
            rate=MP3.rate,
            layout="mono",
            bit_rate=MP3.bits,
            options={"compression_level": str(MP3.effort)},
        )
        self._next = 0

    def feed(self, sound: npt.NDArray[np.float32]) -> None:
        """Takes (n,) samples, full scale ±1; what is louder is clipped."""
        from fractions import Fraction

        import av

        if not len(sound):
            return
        plane = np.clip(sound, -1.0, 1.0, dtype=np.float32)[None]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(plane), format="fltp", layout="mono")
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts, self._next = self._next, self._next + len(sound)
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> bytes:
        """The whole file."""
        self._file.mux(self._stream.encode(None))
        self._file.close()
        return self._bytes.getvalue()
