"""Which track of a reference a track of the release is held against, and what of the reference nobody can hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from wholetape.checking.listen import Cancelled, Heard, Voice
from wholetape.checking.references import Reference
from wholetape.match.bands import Frames, FrameStream, frames_of, join, levels_of
from wholetape.match.params import EDITS, PRINT
from wholetape.match.printfile import ALL_CHANNELS, Track
from wholetape.match.score import Axis, Scorer, loud_level
from wholetape.match.trace import probe
from wholetape.media.spool import Spool
from wholetape.times import CLOCK_HZ, Span

_PROBES = 6
"""Stretches on which the tracks are compared."""
_PIECE = 1 << 20
"""Samples that are averaged at a time."""
_CLEARLY = 0.8
"""Share of the usual track's differing signs below which another track is the one that is heard."""
_OF_THE_MEAN = 0.6
"""Share of the best channel's differing signs below which the reference is the mean of the channels.

Codecs' noise, which is another in each channel, takes the mean of channels that hold one signal to 0.7.
"""
_EDGE = 10
"""Frames at the ends of a stretch of sound that want for their neighbours."""


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


def of_the_mean(voices: Sequence[Voice], references: Sequence[Reference]) -> bool:
    """True when the channels ``voices`` of one stream differ, and what the references hold of it is their mean.

    As where two microphones were mixed for the reference: each channel alone would seem to lack what the other has.
    """
    found = False
    for reference in references:
        track = reference.track(voices[0].stream, ALL_CHANNELS)
        if track.channel != ALL_CHANNELS or sum(t.stream == track.stream for t in reference.print.tracks) > 1:
            return False
        scorer = Scorer(voices[0].frames, Axis.of([track]))
        stretches, _ = probe(scorer, _PROBES)
        if not stretches:
            continue
        own = min(_usual_error([voice], track, stretches) for voice in voices)
        if _usual_error(voices, track, stretches) >= _OF_THE_MEAN * own:
            return False
        found = True
    return found


def _usual_error(voices: Sequence[Voice], track: Track, stretches: list[tuple[int, int, int]]) -> float:
    """The share of differing signs of the mean of ``voices`` on half of the stretches; an edit is on fewer."""
    errors = []
    for start, end, diagonal in stretches:
        frames = frames_of(_mean_sound(voices, start * PRINT.hop, end * PRINT.hop))
        inner = frames.slice(_EDGE, max(_EDGE, len(frames) - _EDGE))
        errors.append(_error(inner, track, [(0, len(inner), start + _EDGE + diagonal)]))
    return float(np.median(errors))


def _mean_sound(voices: Sequence[Voice], start: int, end: int) -> NDArray[np.float32]:
    end = min(end, *(voice.samples for voice in voices))
    return np.asarray(np.mean([voice.sound(start, end) for voice in voices], axis=0, dtype=np.float32))


def _mean_pieces(voices: Sequence[Voice]) -> Iterator[NDArray[np.float32]]:
    """The mean of ``voices``, piece by piece."""
    for at in range(0, min(voice.samples for voice in voices), _PIECE):
        yield _mean_sound(voices, at, at + _PIECE)


def mean_voice(voices: Sequence[Voice]) -> Voice:
    """The mean of the channels ``voices`` of one stream."""
    stream, spool, parts = FrameStream(), Spool(), []
    for sound in _mean_pieces(voices):
        spool.append(np.clip(np.round(sound * 32768.0), -32768, 32767).astype(np.int16))
        parts.append(stream.feed(sound))
    return Voice(voices[0].stream, ALL_CHANNELS, join([*parts, stream.finish()]), spool)


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
    streams = sorted({v.stream for v in heard.voices})
    if len(streams) < 2:
        return out
    silent = {n: all(v.silent for v in heard.voices if v.stream == n) for n in streams}
    for stream in streams:
        own = next(v.samples for v in heard.voices if v.stream == stream)
        seconds, first = own / CLOCK_HZ, heard.samples / CLOCK_HZ
        if silent[stream] and not all(silent.values()):
            out.append(f"stream {stream + 1} is silent")
        elif abs(seconds - first) >= EDITS.head_ms / 1000:
            out.append(f"stream {stream + 1} is {seconds:.1f} s long, stream 1 {first:.1f} s")
    return out


def fades(heard: Heard, gone: Cancelled, reference: Reference, place: Span) -> bool:
    """True when the mean of the channels falls where they cancel, and does not at that ``place`` of the reference."""
    level = mean_level([v for v in heard.voices if v.stream == gone.stream])
    track = reference.track(gone.stream, ALL_CHANNELS)
    own = level[gone.start // PRINT.hop : -(-gone.end // PRINT.hop)]
    hop = PRINT.hop * PRINT.level_frames
    other = track.levels[place.start // hop : -(-place.end // hop)] & 127
    if not len(own) or not len(other):
        return False
    gain = loud_level(track.levels & 127) - loud_level(level)
    return float(np.median(other)) - float(np.median(own)) - gain >= EDITS.mute_drop / 2


def mean_level(voices: Sequence[Voice]) -> NDArray[np.uint8]:
    """(n,) levels of the mean of one stream's channels."""
    for voice in voices:
        if voice.channel == ALL_CHANNELS:
            return voice.frames.level
    return levels_of(_mean_pieces(voices))
