"""Which track of a reference a track of the release is held against, and what of the reference nobody can hear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wholetape.checking.listen import Cancelled, Heard, Voice
from wholetape.checking.references import Reference
from wholetape.match.bands import Frames
from wholetape.match.params import EDITS, PRINT
from wholetape.match.printfile import ALL_CHANNELS, Track
from wholetape.match.score import Axis, Scorer, loud_level
from wholetape.match.trace import probe
from wholetape.times import CLOCK_HZ, Span

_PROBES = 6
"""Stretches on which the tracks are compared."""
_CLEARLY = 0.8
"""Share of the usual track's differing signs below which another track is the one that is heard."""


def track_for(voice: Voice, reference: Reference) -> Track:
    """The track of ``reference`` that ``voice`` is a copy of: the one of its name, unless it clearly fits another."""
    usual = reference.track(voice.stream, voice.channel)
    tracks = [t for t in reference.print.tracks if t.stream == usual.stream]
    if len(tracks) < 2:
        return usual
    stretches, _ = probe(Scorer(voice.frames, Axis.of([tracks[0]])), _PROBES)
    if not stretches:
        return usual
    errors = [_error(voice.frames, track, stretches) for track in tracks]
    best = int(np.argmin(errors))
    return tracks[best] if errors[best] < _CLEARLY * _error(voice.frames, usual, stretches) else usual


def _error(frames: Frames, track: Track, stretches: list[tuple[int, int, int]]) -> float:
    """Share of the firm signs that differ when the stretches (start, end, diagonal) are laid beside the track."""
    differ = seen = 1
    for start, end, diagonal in stretches:
        first, last = max(start, -diagonal), min(end, len(track.words) - diagonal)
        firm = frames.planes[1, first:last]
        wrong = (frames.words[first:last] ^ track.words[first + diagonal : last + diagonal]) & firm
        differ += int(np.bitwise_count(wrong).sum())
        seen += int(np.bitwise_count(firm).sum())
    return differ / seen


def unheard(reference: Reference, used: Sequence[Track]) -> list[str]:
    """Names of the channels of ``reference`` that are in none of the tracks ``used``, in plain words."""
    out = []
    for track in reference.print.tracks:
        silent = not (track.levels & 127).any()
        same = [t for t in used if t.stream == track.stream]
        heard = any(t is track or t.channel == ALL_CHANNELS for t in same)
        if track.channel != ALL_CHANNELS and same and not silent and not heard:
            out.append(f"channel {track.channel + 1} of the reference is not heard in the release")
    return out


def streams_apart(heard: Heard) -> list[str]:
    """How the release's audio streams differ in silence or length, in plain words; nothing for a single one."""
    out: list[str] = []
    means = [v for v in heard.voices if v.channel == ALL_CHANNELS]
    if len(means) < 2:
        return out
    for voice in means:
        seconds, first = voice.samples / CLOCK_HZ, heard.samples / CLOCK_HZ
        if voice.silent and not all(v.silent for v in means):
            out.append(f"stream {voice.stream + 1} is silent")
        elif abs(seconds - first) >= EDITS.head_ms / 1000:
            out.append(f"stream {voice.stream + 1} is {seconds:.1f} s long, stream 1 {first:.1f} s")
    return out


def fades(heard: Heard, gone: Cancelled, reference: Reference, place: Span) -> bool:
    """True when the mean of the channels falls where they cancel, and does not at that ``place`` of the reference."""
    mean = next(v for v in heard.voices if (v.stream, v.channel) == (gone.stream, ALL_CHANNELS))
    track = reference.track(gone.stream, ALL_CHANNELS)
    own = mean.frames.level[gone.start // PRINT.hop : -(-gone.end // PRINT.hop)]
    hop = PRINT.hop * PRINT.level_frames
    other = track.levels[place.start // hop : -(-place.end // hop)] & 127
    if not len(own) or not len(other):
        return False
    gain = loud_level(track.levels & 127) - loud_level(mean.frames.level)
    return float(np.median(other)) - float(np.median(own)) - gain >= EDITS.mute_drop / 2
