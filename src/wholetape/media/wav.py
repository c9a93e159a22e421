"""WAV files so plain that their own bytes are the samples, read without a decoder."""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass

from wholetape.log.kinds import SampleFormat

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_GUID = bytes.fromhex("000000001000800000aa00389b71")
"""What follows the format's number in the GUID of an extensible format."""
_FORMATS = {
    (_PCM, 8): SampleFormat.U8,
    (_PCM, 16): SampleFormat.S16,
    (_PCM, 24): SampleFormat.S24,
    (_PCM, 32): SampleFormat.S32,
    (_FLOAT, 32): SampleFormat.F32,
    (_FLOAT, 64): SampleFormat.F64,
}


@dataclass(frozen=True, slots=True)
class PlainWav:
    """Where the samples of a WAV file are: ``length`` bytes from ``offset`` on, interleaved, little-endian."""

    rate: int
    channels: int
    sample_format: SampleFormat
    offset: int
    length: int


def plain_wav(file: io.FileIO) -> PlainWav | None:
    """The form of a WAV file in which nothing is unusual; None for any other file, which a decoder must judge.

    Unusual are sizes that do not fit the file, chunks twice, other codecs, odd bit depths, nothing in it.
    """
    size = os.fstat(file.fileno()).st_size
    head = os.pread(file.fileno(), 12, 0)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE" or int.from_bytes(head[4:8], "little") + 8 != size:
        return None
    at = 12
    form: tuple[int, int, SampleFormat] | None = None
    data: tuple[int, int] | None = None
    for _ in range(64):
        if at + 8 > size:
            break
        name, length = struct.unpack("<4sI", os.pread(file.fileno(), 8, at))
        if at + 8 + length > size or name in (b"RIFX", b"wavl", b"ds64"):
            return None
        if name == b"fmt ":
            form = form_of_chunk(os.pread(file.fileno(), min(length, 64), at + 8)) if form is None else None
            if form is None:
                return None
        elif name == b"data":
            if form is None or data is not None:
                return None
            data = at + 8, length
        at += 8 + length + length % 2
    if form is None or data is None or at not in (size, size + 1):
        return None
    rate, channels, sample_format = form
    if not data[1] or data[1] % (channels * sample_format.width):
        return None
    return PlainWav(rate, channels, sample_format, *data)


def form_of_chunk(chunk: bytes) -> tuple[int, int, SampleFormat] | None:
    """Rate, channels and format that the ``fmt`` chunk of a WAV file names; None where they are unusual."""
    if len(chunk) < 16:
        return None
    tag, channels, rate, speed, block, bits = struct.unpack_from("<HHIIHH", chunk)
    if tag == _EXTENSIBLE:
        if len(chunk) < 40 or int.from_bytes(chunk[18:20], "little") != bits or chunk[26:40] != _GUID:
            return None
        tag = int.from_bytes(chunk[24:26], "little")
    sample_format = _FORMATS.get((tag, bits))
    if sample_format is None or not (1 <= channels <= 64 and 2000 <= rate <= 768_000):
        return None
    if block != channels * sample_format.width or speed != rate * block:
        return None
    return rate, channels, sample_format
