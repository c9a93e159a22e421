"""The samples of a recording as canonical bytes: interleaved, little-endian, and the same for every lossless codec.

``docs/spec/seal.md``, section Sound, is the definition.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wholetape.log.kinds import SampleFormat
from wholetape.media.packets import PacketReader

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

LOSSLESS = frozenset(
    {"flac", "alac", "wavpack", "tta", "ape", "tak", "shorten", "mlp", "truehd", "pcm_alaw", "pcm_mulaw"}
)
_DECODED: dict[str, tuple[type[np.generic], SampleFormat]] = {
    "u8": (np.uint8, SampleFormat.U8),
    "s16": (np.int16, SampleFormat.S16),
    "s32": (np.int32, SampleFormat.S32),
    "flt": (np.float32, SampleFormat.F32),
    "dbl": (np.float64, SampleFormat.F64),
}
_BLOCK = 1 << 20
"""Bytes handed on at a time, about."""


class OtherForm(Exception):
    """The sound cannot be brought to the form that was asked for without a loss: it is other sound."""


@dataclass(frozen=True, slots=True)
class SoundForm:
    """The first audio stream: ``rate`` in Hz, ``native`` the narrowest format that its decoder may need.

    ``native`` is None where decoders may differ, or several streams stand side by side: such sound is not hashed.
    ``wider`` is what to ask for when ``native`` turns out to be too narrow.
    """

    rate: int
    channels: int
    native: SampleFormat | None
    wider: SampleFormat | None = None


class Samples:
    """The sound of one file, to be read once; a context manager's job is :meth:`close`.

    Raises:
        UnreadableInput: nothing in the first audio stream can be decoded.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._reader = PacketReader(path)
        self.form = self._form()
        self.count = 0
        """Samples of each channel that were read so far."""

    @property
    def damaged(self) -> bool:
        """True when something was lost or doubtful; complete once everything was read."""
        return bool(self._reader.damage.all())

    @property
    def progress(self) -> float:
        """An estimate, 0 to 1, of how much was read."""
        claimed = self._reader.claims.seconds
        return min(1.0, self.count / self.form.rate / claimed) if claimed else self._reader.position()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def drain(self) -> Iterator[None]:
        """Decodes everything for its ``count`` alone; yields now and then."""
        for frame in self._reader.frames():
            self.count += frame.samples
            yield
        self._reader.note_short_end(self.count)

    def blocks(self, wanted: SampleFormat) -> Iterator[bytes]:
        """All samples as ``wanted``, in blocks of about a megabyte.

        Raises:
            OtherForm: they cannot be brought to it without a loss, or change their form on the way.
        """
        parts: list[bytes] = []
        gathered = 0
        for frame in self._reader.frames():
            if (frame.sample_rate, frame.layout.nb_channels) != (self.form.rate, self.form.channels):
                raise OtherForm("rate or channels change on the way")
            parts.append(_convert(frame, wanted, self.form.channels))
            gathered += len(parts[-1])
            self.count += frame.samples
            if gathered >= _BLOCK:
                yield b"".join(parts)
                parts, gathered = [], 0
        self._reader.note_short_end(self.count)
        if parts:
            yield b"".join(parts)

    def _form(self) -> SoundForm:
        reader = self._reader
        codec = reader.stream.codec_context.codec.canonical_name
        name = reader.stream.codec_context.format.name if reader.stream.codec_context.format else ""
        known = _DECODED.get(name.removesuffix("p"))
        lossless = codec in LOSSLESS or codec.startswith("pcm_")
        native = known[1] if known and lossless and len(reader.container.streams.audio) == 1 else None
        wider = None
        if native is SampleFormat.S32 and codec not in ("pcm_s32le", "pcm_s32be"):
            native, wider = SampleFormat.S24, SampleFormat.S32
        return SoundForm(reader.rate, reader.channels, native, wider)


def _convert(frame: AudioFrame, wanted: SampleFormat, channels: int) -> bytes:
    known = _DECODED.get(frame.format.name.removesuffix("p"))
    if known is None:
        raise OtherForm(f"samples of the form {frame.format.name}")
    kind, given = known
    count = frame.samples
    planes: Any = frame.planes
    if frame.format.is_planar and channels > 1:
        rows = [np.frombuffer(plane, kind, count) for plane in planes]
        samples: NDArray[Any] = np.stack(rows, axis=1).reshape(-1)
    else:
        samples = np.frombuffer(planes[0], kind, count * channels)
    if given is wanted:
        return samples.astype(samples.dtype.newbyteorder("<"), copy=False).tobytes()
    if {given, wanted} & {SampleFormat.F32, SampleFormat.F64}:
        return _floats(samples, wanted)
    return _integers(samples, given, wanted)


def _floats(samples: NDArray[Any], wanted: SampleFormat) -> bytes:
    if samples.dtype.kind != "f" or wanted not in (SampleFormat.F32, SampleFormat.F64):
        raise OtherForm("integers are not floating-point numbers")
    with np.errstate(over="ignore"):
        narrow = samples.astype(f"<f{wanted.width}")
    if not np.array_equal(narrow.astype(samples.dtype), samples, equal_nan=True):
        raise OtherForm("its numbers are finer")
    return narrow.tobytes()


def _integers(samples: NDArray[Any], given: SampleFormat, wanted: SampleFormat) -> bytes:
    """Integers of one width as those of another, by way of 32 bits with the sign on top."""
    whole = samples.astype(np.int32)
    if given is SampleFormat.U8:
        whole -= 128
    whole <<= 32 - 8 * given.width
    spare = 32 - 8 * wanted.width
    if spare and bool(np.any(whole & ((1 << spare) - 1))):
        raise OtherForm("its samples have more bits")
    if wanted is SampleFormat.U8:
        return ((whole >> spare) + 128).astype(np.uint8).tobytes()
    if wanted is SampleFormat.S24:
        return np.ascontiguousarray(whole.astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:]).tobytes()
    return (whole >> spare).astype(f"<i{wanted.width}").tobytes()
