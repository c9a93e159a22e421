"""The frames of an AAC stream as they lie in the file: window sequences and comments, nothing decoded.

Source: ISO/IEC 14496-3, sections 4.4.2 (raw data block, ``ics_info``) and 1.A.3 (ADTS).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from wholetape.media.demux import demuxed
from wholetape.media.guard import open_container, open_regular

LONG, START, SHORT, STOP = range(4)
"""Window sequences, as they are numbered in the stream."""
_LOW_COMPLEXITY = (2, 5, 29)
"""Audio object types whose frames begin as read here: LC, alone or under band replication."""
_MOST_ELEMENTS = 8
_SCE, _CPE, _DSE, _FIL = 0, 1, 4, 6


@dataclass(frozen=True, slots=True)
class AacFrame:
    """One frame. ``at``: seconds on the file's clock; ``window``: sequence of its first channel.

    ``form``: what its own header says of rate and channels, where it has one. ``comment``: what an encoder wrote beside
    the sound. ``end``: bytes of the file up to its end if nothing is lost before it, where frames have headers.
    """

    at: float
    window: int
    form: tuple[int, ...]
    comment: bytes
    end: int


def aac_frames(path: str | os.PathLike[str]) -> Iterator[AacFrame]:
    """All frames of the first audio stream, in order, up to one that is not understood.

    None where it is no AAC of low complexity. Raises ``UnreadableInput`` for what cannot be opened.
    """
    import av

    with open_regular(path) as file, open_container(file, os.fspath(path)) as container:
        stream = container.streams.audio[0]
        context = stream.codec_context
        setup = bytes(context.extradata or b"") if context is not None else b""
        if context is None or context.name != "aac" or (setup and setup[0] >> 3 not in _LOW_COMPLEXITY):
            return
        base, first = float(stream.time_base or 0), None
        end = 0
        try:
            for packet in demuxed(container, stream):
                if not packet.size or packet.pts is None:
                    continue
                first = max(0, packet.pts) if first is None else first
                data = bytes(packet)
                form, skip = _adts(data)
                if skip < 0 or (found := _block(data[skip:])) is None:
                    return
                end = (end or packet.pos or 0) + packet.size
                yield AacFrame((packet.pts - first) * base, found[0], form, found[1], end if form else 0)
        except (av.FFmpegError, ValueError):
            return


def _adts(data: bytes) -> tuple[tuple[int, ...], int]:
    """What the header in front of the frame says, and its length; -1 for one that is not understood."""
    if len(data) < 9 or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:
        return (), 0
    profile, rate, channels = data[2] >> 6, data[2] >> 2 & 15, (data[2] & 1) << 2 | data[3] >> 6
    length = 7 if data[1] & 1 else 9
    return (profile, rate, channels), length if profile == 1 and data[6] & 3 == 0 else -1


def _block(data: bytes) -> tuple[int, bytes] | None:
    """Window sequence and comment of one raw data block; None where it does not begin as usual."""
    value, width, at = int.from_bytes(data[:600], "big"), 8 * min(600, len(data)), 0
    comment = b""

    def take(count: int) -> int:
        nonlocal at
        at += count
        return value >> width - at & (1 << count) - 1 if at <= width else 0

    for _ in range(_MOST_ELEMENTS):
        if at + 20 > width:
            return None
        kind = take(3)
        if kind in (_SCE, _CPE):
            take(4)
            if kind == _SCE or not take(1):
                take(8)  # global gain
            if take(1):
                return None  # a bit that is reserved
            return take(2), comment
        if kind == _FIL:
            count = take(4)
            count += take(8) - 1 if count == 15 else 0
            comment += data[at // 8 : at // 8 + count + 1]
            take(8 * count)
        elif kind == _DSE:
            take(4)
            align, count = take(1), take(8)
            count += take(8) if count == 255 else 0
            take(-at % 8 if align else 0)
            take(8 * count)
        else:
            return None
    return None
