"""The whole print, from the rows that were shown while recording."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import MalformedFile
from wholetape.log.kinds import Close, FileFacts
from wholetape.match.bands import frame_count
from wholetape.match.printfile import Print, Track, parse
from wholetape.seal.follow.history import History
from wholetape.seal.rows import FRAMES_HZ, LEVEL_FRAMES, rows_of
from wholetape.times import CLOCK_HZ

_WORD = 8
Shown = tuple[NDArray[np.uint64], NDArray[np.uint8]]


def tracks_of(rows: bytes, tracks: int, frames: int, groups: int) -> list[Shown] | None:
    """Words and level bytes of each track in the rows of one segment; None where they have another length."""
    each = _WORD * frames + groups
    if len(rows) != tracks * each:
        return None
    parts = (rows[at : at + each] for at in range(0, tracks * each, each)) if each else [b""] * tracks
    return [
        (np.frombuffer(part, "<u8", frames).astype(np.uint64), np.frombuffer(part, np.uint8, groups, _WORD * frames))
        for part in parts
    ]


def fits(history: History, data: bytes) -> bool:
    """Whether ``data`` is the ``.print`` file that the closing leaf commits to, with all rows that were shown."""
    close, header = history.leaves[-1], history.header
    if not isinstance(close, Close) or FileFacts(len(data), hashlib.sha256(data).digest()) != close.print:
        return False
    firsts = [segment.first for segment in history.segments]
    try:
        rows = list(rows_of(parse(data), header.print.tracks, firsts, header.rate))
    except (MalformedFile, KeyError):
        return False
    return all(pair is None or pair[1] == own for pair, own in zip(history.rows, rows, strict=False))


def printed(history: History) -> bytes | None:
    """The ``.print`` file that the closing leaf commits to; None when not all rows were shown, or no file is named.

    Raises:
        MalformedFile: the rows do not make that file.
    """
    close, header = history.leaves[-1], history.header
    shown = [pair for pair in history.rows if pair is not None]
    if not isinstance(close, Close) or close.file is None or len(shown) < len(history.segments) or not shown:
        return None
    samples = -(-close.samples * CLOCK_HZ // header.rate)
    starts = [-(-segment.first * FRAMES_HZ // header.rate) for segment in history.segments]
    parts: list[list[Shown]] = []
    for start, end, (_, rows) in zip(starts, [*starts[1:], frame_count(samples)], shown, strict=True):
        groups = -(-end // LEVEL_FRAMES) - -(-start // LEVEL_FRAMES)
        found = tracks_of(rows, len(header.print.tracks), end - start, groups)
        if found is None:
            raise MalformedFile("the rows of a segment do not have the length that they should")
        parts.append(found)
    tracks = tuple(
        Track(stream, channel, *(np.concatenate(column) for column in zip(*(part[k] for part in parts), strict=True)))
        for k, (stream, channel) in enumerate(header.print.tracks)
    )
    data = Print(samples, close.file.sha256, tracks).encode()
    if (len(data), hashlib.sha256(data).digest()) != (close.print.size, close.print.sha256):
        raise MalformedFile("the rows do not make the print that the closing leaf names")
    return data
