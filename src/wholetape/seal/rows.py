"""Rows of a print: what each segment of a seal commits to of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wholetape.match.printfile import Print, Track

FRAMES_HZ = 100
"""Frames of the print in one second."""
LEVEL_FRAMES = 4
"""Frames that share one level byte."""


def rows_of(made: Print, tracks: Sequence[tuple[int, int]], firsts: Sequence[int], rate: int) -> Iterator[bytes]:
    """For each segment the print's rows of ``tracks``, as ``docs/spec/seal.md`` has them.

    Args:
        made: the print of the whole recording.
        tracks: pairs of stream and channel, from the header.
        firsts: the first sample of each segment; the last segment has all rows that are left.
        rate: samples per second.

    Raises:
        KeyError: the print lacks one of the tracks.
    """
    known = {(track.stream, track.channel): track for track in made.tracks}
    chosen = [known[pair] for pair in tracks]
    starts: list[int | None] = [-(-first * FRAMES_HZ // rate) for first in firsts]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        yield b"".join(_rows(track, start or 0, end) for track in chosen)


def _rows(track: Track, start: int, end: int | None) -> bytes:
    levels = track.levels[-(-start // LEVEL_FRAMES) : None if end is None else -(-end // LEVEL_FRAMES)]
    return track.words[start:end].astype("<u8").tobytes() + levels.tobytes()
