"""The whole print, from the rows that were shown while recording."""

from __future__ import annotations

import hashlib

import numpy as np

from wholetape.errors import MalformedFile
from wholetape.log.kinds import Close
from wholetape.match.bands import frame_count
from wholetape.match.printfile import Print, Track
from wholetape.seal.follow.history import History
from wholetape.seal.rows import FRAMES_HZ, LEVEL_FRAMES
from wholetape.times import CLOCK_HZ

_WORD = 8


def printed(history: History) -> bytes | None:
    """The ``.print`` file that the closing leaf commits to; None when rows were withheld, or no file is named.

    Raises:
        MalformedFile: the rows do not make that file.
    """
    close, header = history.leaves[-1], history.header
    shown = [pair for pair in history.rows if pair is not None]
    if not isinstance(close, Close) or close.file is None or len(shown) < len(history.segments) or not shown:
        return None
    samples = -(-close.samples * CLOCK_HZ // header.rate)
    tracks = header.print.tracks
    starts = [-(-segment.first * FRAMES_HZ // header.rate) for segment in history.segments]
    words: list[list[bytes]] = [[] for _ in tracks]
    levels: list[list[bytes]] = [[] for _ in tracks]
    for start, end, (_, rows) in zip(starts, [*starts[1:], frame_count(samples)], shown, strict=True):
        frames = end - start
        groups = -(-end // LEVEL_FRAMES) - -(-start // LEVEL_FRAMES)
        if len(rows) != len(tracks) * (_WORD * frames + groups):
            raise MalformedFile("the rows of a segment do not have the length that they should")
        at = 0
        for k in range(len(tracks)):
            words[k].append(rows[at : at + _WORD * frames])
            levels[k].append(rows[at + _WORD * frames : at + _WORD * frames + groups])
            at += _WORD * frames + groups
    made = Print(
        samples,
        close.file.sha256,
        tuple(
            Track(
                stream, channel, np.frombuffer(b"".join(words[k]), "<u8"), np.frombuffer(b"".join(levels[k]), np.uint8)
            )
            for k, (stream, channel) in enumerate(tracks)
        ),
    )
    data = made.encode()
    if (len(data), hashlib.sha256(data).digest()) != (close.print.size, close.print.sha256):
        raise MalformedFile("the rows do not make the print that the closing leaf names")
    return data
