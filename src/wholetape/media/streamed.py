"""WAV that is written or read while it grows: the header of a fixed length, and the one at the head of a pipe."""

from __future__ import annotations

import struct
from collections.abc import Callable

from wholetape.errors import UnreadableInput
from wholetape.log.kinds import SampleFormat
from wholetape.media.wav import form_of_chunk

HEADER = 80
"""Bytes before the first sample in every file that :func:`wav_header` begins."""
_UNKNOWN = 0xFFFFFFFF
_ENDLESS = 0x7FFFF000
"""Sizes from here on are what programs write into a pipe, whose end they do not know."""
_MOST = 1 << 20
"""Bytes of other chunks before the sound."""
_NO_WAV = "say --rate and --channels where it is raw samples, 16-bit, little-endian"


def wav_header(rate: int, channels: int, sample_format: SampleFormat, length: int | None) -> bytes:
    """The 80 bytes before ``length`` bytes of samples; RF64 (EBU Tech 3306) beyond 4 GiB.

    With None, the header of a file whose end is not known yet: programs read such a one to its end.
    """
    width = channels * sample_format.width
    tag = 3 if sample_format in (SampleFormat.F32, SampleFormat.F64) else 1
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, channels, rate, rate * width, width, 8 * sample_format.width)
    whole = None if length is None else HEADER - 8 + length
    if whole is None or length is None:
        riff, spare, size = struct.pack("<4sI", b"RIFF", _UNKNOWN), struct.pack("<4sI28x", b"JUNK", 28), _UNKNOWN
    elif whole < _UNKNOWN:
        riff, spare, size = struct.pack("<4sI", b"RIFF", whole), struct.pack("<4sI28x", b"JUNK", 28), length
    else:
        frames = length // width
        riff = struct.pack("<4sI", b"RF64", _UNKNOWN)
        spare = struct.pack("<4sIQQQI", b"ds64", 28, whole, length, frames, 0)
        size = _UNKNOWN
    return riff + b"WAVE" + spare + form + struct.pack("<4sI", b"data", size)


def read_wav_form(read: Callable[[int], bytes]) -> tuple[int, int, SampleFormat, int | None]:
    """Rate, channels, format and length in bytes (None: to the end) of a WAV, read with ``read`` up to its sound.

    Raises:
        UnreadableInput: something else, or a form that the program does not take from a pipe.
    """
    head = _exactly(read, 12)
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
        raise UnreadableInput("standard input is no WAV file" if head else "standard input is empty", _NO_WAV)
    form: tuple[int, int, SampleFormat] | None = None
    skipped = 0
    while True:
        start = _exactly(read, 8)
        if len(start) < 8:
            raise UnreadableInput("standard input ends before its sound begins", "is the other program running?")
        name, size = struct.unpack("<4sI", start)
        if name == b"data":
            break
        skipped += size
        if skipped > _MOST:
            raise UnreadableInput("standard input is a WAV file with too much before its sound", "pipe raw samples")
        chunk = _exactly(read, size + size % 2)
        if name == b"fmt ":
            form = form_of_chunk(chunk[:64])
    if form is None:
        raise UnreadableInput("standard input is WAV in a form that is not PCM", "pipe PCM of 8 to 32 bits")
    return (*form, None if size == 0 or size >= _ENDLESS else size)


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := read(size - len(data))):
        data += piece
    return data
