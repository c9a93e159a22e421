"""Rows of a print: what each segment of a seal commits to of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wholetape.match.printfile import Print, Track

FRAMES = 100
"""Frames of the print in one second."""
LEVELS = 25
"""Level bytes in one second."""


def rows_of(made: Print, tracks: Sequence[tuple[int, int]], segments: int) -> Iterator[bytes]:
    """For each of ``segments`` seconds the print's rows of ``tracks``; the last has all that are left.

    Raises:
        KeyError: the print lacks one of the tracks.
    """
    known = {(track.stream, track.channel): track for track in made.tracks}
    chosen = [known[pair] for pair in tracks]
    for n in range(segments):
        yield b"".join(_rows(track, n, last=n == segments - 1) for track in chosen)


def _rows(track: Track, n: int, *, last: bool) -> bytes:
    words = track.words[FRAMES * n : None if last else FRAMES * (n + 1)]
    levels = track.levels[LEVELS * n : None if last else LEVELS * (n + 1)]
    return words.astype("<u8").tobytes() + levels.tobytes()
