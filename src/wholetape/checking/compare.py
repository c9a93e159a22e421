"""One track of a release against the references: probe, trace, tell; numbers stay on the frame clock until the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from wholetape.checking.listen import Voice
from wholetape.findings import Kind
from wholetape.match.bands import Frames
from wholetape.match.clarity import foreign_rate
from wholetape.match.edl import Entry, Interval, Listing, listing
from wholetape.match.hush import hushed
from wholetape.match.params import ALIGN, EDITS, PRINT, SPEED
from wholetape.match.phase import Late, lateness, reframed
from wholetape.match.score import LEVELS, Axis, Scorer
from wholetape.match.secondlook import second_look
from wholetape.match.settle import gathered
from wholetape.match.speed import Sound, Speed, lean, search_ratio, slope, warped
from wholetape.match.timeline import timeline
from wholetape.match.trace import Run, probe, trace


@dataclass(frozen=True, slots=True)
class Compared:
    """What one track is, and how far the copy could be read: ``foreign_rate`` nats a frame of foreign sound.

    ``held``: stretches (start, end, diagonal) that were found to fit at the release's own speed.
    """

    listing: Listing | None
    axis: Axis
    foreign_rate: float
    held: tuple[tuple[int, int, int], ...] = ()
    late: Late | None = None
    """how late the frames were taken"""


def compare(
    voice: Voice, axis: Axis, progress: Callable[[float], None] = lambda share: None, like: Compared | None = None
) -> Compared:
    """Align one track with ``axis``; the listing is None when nothing of the references was found.

    ``like``: what another channel of the same stream was found to be, which this one most likely is as well.
    """
    followed = _follow(voice, axis, progress, like) if like is not None else None
    found = followed or _align(voice.frames, axis, voice.sound, progress)
    if isinstance(found, Compared):
        return found
    speed = found
    for _ in range(3):
        frames = warped(voice.sound, 0, voice.samples, speed)
        refined = _align(frames, axis, None, progress, SPEED.drift / 10)
        if isinstance(refined, Compared):
            return _at_speed(refined, speed)
        speed = Speed(speed.ratio * refined.ratio, speed.resampled)
    refined = _align(warped(voice.sound, 0, voice.samples, speed), axis, None, progress, 1.0)
    assert isinstance(refined, Compared)
    return _at_speed(refined, speed)


def _follow(voice: Voice, axis: Axis, progress: Callable[[float], None], like: Compared) -> Compared | None:
    """The comparison of a channel that lies where another one does; None when it does not, or not clearly."""
    if not like.held or like.late is None or len(like.late) != len(voice.frames):
        return None
    scorer = Scorer(reframed(voice.frames, voice.sound, like.late), axis, like.late)
    scorer.adopt(scorer.estimate(list(like.held)))
    fits = [float(scorer.llr(a, b, d, max(1, (b - a) // 50)).mean()) for a, b, d in like.held]
    if min(fits) < ALIGN.holds / ALIGN.holds_window:
        return None
    return _tell(scorer, voice.sound, list(like.held), progress)


def _align(
    frames: Frames, axis: Axis, sound: Sound | None, progress: Callable[[float], None], drift: float = SPEED.drift
) -> Compared | Speed:
    """The comparison at the frames' own speed, or the speed at which the release should be looked at instead.

    ``sound`` is given the first time only: without it no other speed is searched for, but a drift above ``drift`` told.
    """
    scorer = Scorer(frames, axis)
    stretches, tried = probe(scorer)
    if sound is not None and len(stretches) < 0.7 * tried and not _right_speed(stretches):
        speed = search_ratio(sound, _spots(scorer), axis)
        if speed is not None:
            return speed
    if not stretches:
        return Compared(None, axis, 0.0)
    leaning = lean(scorer, stretches) if sound is not None else 0.0
    if sound is not None and leaning:
        speed = search_ratio(sound, _spots(scorer), axis, 1.0 + leaning)
        if speed is not None:
            return speed
    scorer.adopt(scorer.estimate(stretches))
    runs = trace(scorer, lambda share: progress(share / 2))
    steady = slope(runs)
    if abs(steady) >= drift:
        speed = (sound and search_ratio(sound, _spots(scorer), axis, 1.0 + steady)) or Speed(1.0 + steady, True)
        if sound is None or _explains(scorer, runs) < _at(speed, sound, len(frames), axis):
            return speed
    if sound is not None:
        runs, laid = gathered(scorer, runs)
        late, runs = lateness(scorer, runs, sound, laid)
        if late.any():
            counted = scorer.model
            assert counted is not None
            del scorer  # of a long release two would not fit into memory side by side
            scorer = Scorer(reframed(frames, sound, late), axis, late)
            scorer.adopt(counted)
    held = [(a + 15, b - 15, d) for a, b, d in runs if d is not None and b - a > 60]
    held += _lost_in_noise(scorer, runs)
    if held:
        scorer.adopt(scorer.estimate(held))
    return _tell(scorer, sound, held, lambda share: progress(0.5 + share / 2))


def _tell(
    scorer: Scorer, sound: Sound | None, held: list[tuple[int, int, int]], progress: Callable[[float], None]
) -> Compared:
    """The listing of a release whose error rates are known, counted on ``held``."""
    axis = scorer.axis
    runs = trace(scorer, progress, held)
    pieces = hushed(scorer, timeline(scorer, runs, sound, _jitter(scorer) if sound is not None else SPEED.jitter))
    if sound is not None and axis.original is not None:
        pieces = second_look(pieces, scorer, sound, axis.original)
    if not pieces:
        return Compared(None, axis, 0.0)
    told = tuple(held) if sound is not None else ()
    return Compared(listing(pieces, axis), axis, foreign_rate(scorer), told, scorer.late)


def _jitter(scorer: Scorer) -> int:
    """Frames by which a place may move without an edit: more where another microphone heard it, and others talk."""
    return EDITS.talkers if foreign_rate(scorer) < EDITS.apart_rate else 1


def _explains(scorer: Scorer, runs: list[Run]) -> float:
    """Nats a frame by which the runs explain the release, changes of place taken off."""
    total = sum(float(scorer.llr(a, b, d).sum()) for a, b, d in runs if d is not None)
    for (_, _, one), (_, _, two) in pairwise(runs):
        if one is None or two is None:
            total -= ALIGN.leave
        else:
            total -= ALIGN.drift if abs(two - one) == 1 else ALIGN.jump
    return total / max(1, len(scorer))


def _at(speed: Speed, sound: Sound, count: int, axis: Axis) -> float:
    """Nats a frame by which the release of ``count`` frames is explained when it is looked at at that speed."""
    scorer = Scorer(warped(sound, 0, count * PRINT.hop, speed), axis)
    stretches, _ = probe(scorer)
    if not stretches:
        return 0.0
    scorer.adopt(scorer.estimate(stretches))
    return _explains(scorer, trace(scorer))


def _right_speed(stretches: list[tuple[int, int, int]]) -> bool:
    """True when two stretches well apart lie on one diagonal, which no other speed would leave standing."""
    return any(
        abs(now[2] - before[2]) <= 1 and now[0] - before[0] >= SPEED.least_frames
        for k, now in enumerate(stretches)
        for before in stretches[:k]
    )


def _spots(scorer: Scorer) -> list[int]:
    """First samples of the release's loudest sections, spread over it."""
    length = int(SPEED.section_s * 100)
    parts = np.array_split(np.arange(len(scorer)), SPEED.sections)
    spots = []
    for part in parts:
        level = scorer.frames.level[part].astype(float)
        if len(level) <= length:
            spots.append(int(part[0]) if len(part) else 0)
            continue
        mean = np.convolve(level, np.ones(length) / length, "valid")
        spots.append(int(part[0]) + int(mean.argmax()))
    return [spot * 80 for spot in spots]


def _at_speed(found: Compared, speed: Speed) -> Compared:
    """The comparison on the release's own clock, with the change of speed as one edit."""
    listing = found.listing
    if listing is None:
        return found
    ratio = speed.ratio

    def own(interval: Interval) -> Interval:
        return interval[0] / ratio, interval[1] / ratio

    entries = [replace(e, release=own(e.release)) for e in listing.entries]
    tiles = tuple(replace(t, release=own(t.release), speed=ratio) for t in listing.tiles)
    kept = [t for t in tiles if t.kind is Kind.KEPT and t.reference]
    if kept and abs(ratio - 1) >= SPEED.drift:
        first, last = kept[0], kept[-1]
        assert first.reference is not None
        assert last.reference is not None
        span = (first.release[0], last.release[1])
        reference = (first.reference[0], last.reference[1])
        entries.append(Entry(Kind.SPEED, span, reference, 0.999, ratio))
    return replace(found, listing=Listing(tuple(sorted(entries, key=lambda e: e.release)), tiles, listing.covered))


def _lost_in_noise(scorer: Scorer, runs: list[Run]) -> list[tuple[int, int, int]]:
    """Quiet stretches that were lost and found again at the same place: they count for the error rates of quiet."""
    found = []
    for before, now, after in zip(runs, runs[1:], runs[2:], strict=False):
        if now[2] is None and before[2] is not None and before[2] == after[2]:
            quiet = scorer.loudness[now[0] : now[1]] < LEVELS - 4
            if quiet.mean() > 0.8:
                found.append((now[0], now[1], before[2]))
    return found
