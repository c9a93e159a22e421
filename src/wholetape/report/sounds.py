"""What a page can show and play of the files of a check: outlines, and short clips of the places found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wholetape.errors import UnreadableInput
from wholetape.findings import CheckResult
from wholetape.report.places import Piece, chosen
from wholetape.report.words import name

if TYPE_CHECKING:
    from wholetape.match.printfile import Print
    from wholetape.media.clips import Clip

_LEVEL_OCTAVE = 8.0
"""Steps of a print's level to a doubling of the amplitude."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """Outlines by path, from 0 to 1, and clips. ``levels`` names the paths whose outline is a print's level only."""

    outlines: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    clips: Mapping[Piece, Clip] = field(default_factory=dict)
    levels: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    """Why some sound is not there, in plain words."""

    def seconds(self, path: str) -> float:
        """Seconds of the sound at ``path`` that the clips hold."""
        return sum(piece.seconds for piece in self.clips if piece.path == path)


SILENT = Sounds()
"""Nothing to show or play."""


def gather(
    results: Sequence[CheckResult],
    prints: Mapping[str, Print] | None = None,
    *,
    clips: bool = True,
    jobs: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Sounds:
    """Listens once more to each file of ``results``, for what a page about them shows.

    A file that is gone, or is not the one that was checked, is left out, and a note says so. ``prints`` are those of
    references without sound, by path. Without ``clips`` there are outlines only.
    """
    wanted = chosen(results) if clips else ()
    hashes: dict[str, str] = {}
    for result in results:
        hashes[result.release.path] = result.release.sha256
        hashes |= {ref.path: ref.sha256 for ref in result.references if ref.kind == "audio"}
    outlines: dict[str, tuple[float, ...]] = {}
    found: dict[Piece, Clip] = {}
    notes: list[str] = []
    for number, (path, sha256) in enumerate(hashes.items()):

        def report(share: float, number: int = number) -> None:
            progress((number + share) / len(hashes))

        try:
            outline, cut = _listen(path, sha256, [p for p in wanted if p.path == path], jobs, report)
        except UnreadableInput as problem:
            notes.append(str(problem))
            continue
        outlines[path] = outline
        found |= cut
    levels = {path: _contour(print_) for path, print_ in (prints or {}).items() if path not in outlines}
    return Sounds(outlines | levels, found, frozenset(levels), tuple(notes))


def _listen(
    path: str, sha256: str, pieces: Sequence[Piece], jobs: int, progress: Callable[[float], None]
) -> tuple[tuple[float, ...], dict[Piece, Clip]]:
    """Outline of the file's first stream, and its clips.

    Raises:
        UnreadableInput: it cannot be read, or is another file than was checked.
    """
    from wholetape.media.clips import Wanted, survey
    from wholetape.media.facts import inspect

    facts = inspect(path)
    if facts.sha256 != sha256:
        raise UnreadableInput(f"{name(path)} has changed since it was checked: nothing of it is shown")
    outline: tuple[float, ...] = ()
    found: dict[Piece, Clip] = {}
    streams = sorted({0, *(piece.stream for piece in pieces if piece.stream < len(facts.streams))})
    for number, stream in enumerate(streams):
        own = [p for p in pieces if (p.stream if p.stream in streams else 0) == stream]
        seen = survey(
            path,
            stream,
            [Wanted(*piece.span.seconds, piece.channels) for piece in own],
            jobs=jobs,
            progress=lambda share, number=number: progress((number + share) / len(streams)),  # type: ignore[misc]
        )
        outline = outline or seen.outline
        found |= {piece: clip for piece, clip in zip(own, seen.clips, strict=True) if clip.mp3}
    return outline, found


def _contour(print_: Print, columns: int = 800) -> tuple[float, ...]:
    """The level of a print's first track as an outline, the loudest part as 1."""
    levels = [int(level) & 127 for level in print_.tracks[0].levels]
    if not any(levels):
        return ()
    top = max(levels)
    count = min(columns, len(levels))
    parts = [levels[k * len(levels) // count : (k + 1) * len(levels) // count] for k in range(count)]
    return tuple(2 ** ((max(part) - top) / _LEVEL_OCTAVE) if max(part) else 0.0 for part in parts)
