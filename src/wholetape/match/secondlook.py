"""The second look at an alignment, where the original's sound is at hand: edges, steps, and what is absent."""

from __future__ import annotations

from dataclasses import replace

from wholetape.match.absent import absent
from wholetape.match.closely import closely
from wholetape.match.gaps import Content
from wholetape.match.original import Original
from wholetape.match.params import PRINT
from wholetape.match.score import Scorer
from wholetape.match.speed import Sound
from wholetape.match.steps import stepped
from wholetape.match.timeline import Foreign, Piece
from wholetape.match.waveform import Release
from wholetape.match.waveparams import ABSENT


def second_look(pieces: list[Piece], scorer: Scorer, sound: Sound, original: Original) -> list[Piece]:
    """The pieces with their edges placed by the waveform, and apart what stands in place of the original.

    ``sound``: the release's samples at 8 kHz.
    """
    release = Release.of(sound, len(scorer) * PRINT.hop)
    placed = stepped(closely(pieces, release, original), release, original)
    parted = absent(placed, scorer, release, original)
    known = set(map(id, placed))
    fresh = {k for k, piece in enumerate(parted) if isinstance(piece, Foreign) and id(piece) not in known}
    if not fresh:
        return parted
    return [established(p) if k in fresh else p for k, p in enumerate(closely(parted, release, original, fresh))]


def established(piece: Piece) -> Piece:
    """A piece that only the waveform parted; too short or faint a one may be what an encoder made of a moment."""
    if not isinstance(piece, Foreign):
        return piece
    length = piece.end_ms - piece.start_ms
    moment = length < ABSENT.sure_ms or (length < ABSENT.faint_ms and piece.evidence < ABSENT.faint)
    return replace(piece, content=Content.MASKED) if moment else piece
