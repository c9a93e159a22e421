"""The frames of an MP3 stream as they lie in the file: headers and side information, nothing decoded.

Source: ISO/IEC 11172-3 and 13818-3, sections 2.4.1 and 2.4.2.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from wholetape.media.guard import open_regular

_BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_CHUNK = 1 << 22
_LONGEST = 4096
"""Bytes beyond the longest frame."""


@dataclass(frozen=True, slots=True)
class Mp3Frame:
    """One frame. ``start``: its byte in the file; ``gap``: bytes before it that belong to no frame.

    ``begin``: bytes by which its main data begin before its own; ``room``: bytes of main data that it carries;
    ``bits`` of main data that it needs; ``blocks``: block type of each granule and channel; ``tag``: ``Xing``, ``Info``
    or ``VBRI`` where the frame is a header of the file and no sound.
    """

    start: int
    gap: int
    rate: int
    kbps: int
    padding: int
    mode: int
    samples: int
    begin: int
    room: int
    bits: int
    blocks: tuple[tuple[int, ...], ...]
    tag: str
    declared: int


def mp3_frames(path: str | os.PathLike[str]) -> Iterator[Mp3Frame]:
    """All frames of the MP3 file at ``path``, in order. Raises ``UnreadableInput`` for what is no file."""
    with open_regular(path) as file:
        data, base, at, end = b"", 0, 0, False
        last = 0  # where the last frame ended, in the file
        while True:
            if not end and len(data) - at < _LONGEST:
                more = file.read(_CHUNK) or b""
                end = not more
                data, base, at = data[at:] + more, base + at, 0
            frame = _frame(data, at)
            if frame is None:
                if end and at + 4 >= len(data):
                    return
                skip = _tag_length(data, at)
                if skip > len(data) - at and not end:
                    base, at, data = base + at + skip, 0, b""
                    file.seek(base)
                    continue
                at = at + skip if skip else _next_sync(data, at + 1)
                continue
            size, fields = frame
            yield Mp3Frame(base + at, base + at - last, *fields)
            at += size
            last = base + at


def _next_sync(data: bytes, at: int) -> int:
    found = data.find(b"\xff", at)
    tag = data.find(b"ID3", at)
    places = [place for place in (found, tag) if place >= 0]
    return min(places) if places else len(data)


def _tag_length(data: bytes, at: int) -> int:
    head = data[at : at + 10]
    if head[:3] == b"ID3" and len(head) == 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        return 10 + size
    return 0


_Fields = tuple[int, int, int, int, int, int, int, int, tuple[tuple[int, ...], ...], str, int]


def _frame(data: bytes, at: int) -> tuple[int, _Fields] | None:
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version, index = data[at + 1] >> 3 & 3, data[at + 2] >> 4
    rate_index, padding, mode = data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1, data[at + 3] >> 6
    if version == 1 or index in (0, 15) or rate_index == 3:
        return None
    long = version == 3
    rate, kbps = _RATES[version][rate_index], _BITRATES[3 if long else 2][index]
    size = (144000 if long else 72000) * kbps // rate + padding
    channels = 1 if mode == 3 else 2
    crc = 0 if data[at + 1] & 1 else 2
    side = (17 if channels == 1 else 32) if long else (9 if channels == 1 else 17)
    if len(data) < at + size or size < 4 + crc + side:
        return None
    after = data[at + size : at + size + 2]
    if len(after) == 2 and (after[0] != 0xFF or after[1] != data[at + 1]) and after not in (b"TA", b"ID", b"AP"):
        return None  # no frame of this kind follows: an accidental pattern, or damage
    body = at + 4 + crc
    begin, bits, blocks = _side(int.from_bytes(data[body : body + side], "big"), side * 8, long, channels)
    inner = data[body + side : body + side + 16]
    tag = inner[:4].decode("latin-1") if inner[:4] in (b"Xing", b"Info") else ""
    if data[at + 36 : at + 40] == b"VBRI":
        tag = "VBRI"
    declared = int.from_bytes(inner[8:12], "big") if tag in ("Xing", "Info") and inner[7] & 1 else 0
    room = size - 4 - crc - side
    return size, (rate, kbps, padding, mode, 1152 if long else 576, begin, room, bits, blocks, tag, declared)


def _side(value: int, width: int, long: bool, channels: int) -> tuple[int, int, tuple[tuple[int, ...], ...]]:
    def take(position: int, count: int) -> int:
        return value >> width - position - count & (1 << count) - 1

    begin = take(0, 9 if long else 8)
    at = (18 if channels == 1 else 20) if long else (9 if channels == 1 else 10)
    bits, blocks = 0, []
    for _ in range(2 if long else 1):
        row = []
        for _ in range(channels):
            bits += take(at, 12)
            switch = at + (33 if long else 38)
            row.append(take(switch + 1, 2) if take(switch, 1) else 0)
            at += 59 if long else 63
        blocks.append(tuple(row))
    return begin, bits, tuple(blocks)
