"""How well a stretch of the release fits a place of the reference: log-likelihood ratios, frame by frame.

The release's sound is at hand, so each of its signs comes with a margin; the reference's are bare. How often a sign of
a given reliability differs is not assumed: it is counted on the release itself, by loudness on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import Frames
from wholetape.match.original import Original
from wholetape.match.params import ALIGN, EDITS, PRINT
from wholetape.match.printfile import Track

Counts = NDArray[np.float64]

LEVELS = 9
"""Loudness classes of 6 dB down from the loud part of the recording."""
_STEPS_PER_CLASS = 8
QUIET = 3
"""Classes below this are silence: 36 dB and more below the loud part."""
_NOWHERE = np.float32(-4.0)
"""Score of a frame laid beside a place that no reference has."""


_RELEASE, _REFERENCE = np.divmod(np.arange(LEVELS * LEVELS), LEVELS)
_LEAST = np.where((_RELEASE < QUIET) & (_REFERENCE < QUIET), -0.02, -1e3).astype(np.float32)
"""Least score of a frame by context: a pause that stands for a pause is no evidence of anything."""
_FLOOR = np.tile(np.array([ALIGN.least_rates, ALIGN.least_rates]).reshape(1, 1, 8), (LEVELS, 1, 1))
_FLOOR[:QUIET] = np.array([ALIGN.least_rates_quiet, ALIGN.least_rates_quiet]).reshape(1, 1, 8)
_STEPS_OFF = 4
"""Level steps (3 dB) in a bin of level differences."""
_BINS_OFF = 33
"""Bins of level differences, the middle one for none."""


@dataclass(frozen=True, slots=True)
class Axis:
    """All references one after another on one axis of frames, with unusable frames between them.

    words: (n,) uint64; level: (n,) uint8; tone: (n,) bool; usable: (n,) bool; starts: first frame of each source.
    """

    words: NDArray[np.uint64]
    level: NDArray[np.uint8]
    tone: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    loudness: NDArray[np.uint8]
    """(n,) loudness class of each frame."""
    original: Original | None = None
    """the sound itself, where that of all references is at hand"""

    @staticmethod
    def of(tracks: list[Track]) -> Axis:
        """The axis of ``tracks``, one for each source."""
        gap = ALIGN.gap_frames
        words, level, tone, usable, loud = [], [], [], [], []
        starts, at = [], 0
        for track in tracks:
            n = len(track.words)
            spread = np.repeat(track.levels, PRINT.level_frames)[:n]
            code = spread & 127
            starts.append(at)
            words += [track.words, np.zeros(gap, np.uint64)]
            level += [code, np.zeros(gap, np.uint8)]
            tone += [spread > 127, np.zeros(gap, np.bool_)]
            usable += [np.ones(n, np.bool_), np.zeros(gap, np.bool_)]
            loud += [loudness_class(code), np.zeros(gap, np.uint8)]
            at += n + gap
        return Axis(
            np.concatenate(words),
            np.concatenate(level),
            np.concatenate(tone),
            np.concatenate(usable),
            tuple(starts),
            tuple(len(t.words) for t in tracks),
            np.concatenate(loud),
        )

    def __len__(self) -> int:
        return len(self.words)

    def source_of(self, frame: int) -> int:
        """Index of the source whose stretch of the axis holds ``frame``."""
        return max(0, int(np.searchsorted(self.starts, frame, side="right")) - 1)


def loud_level(level: NDArray[Any]) -> int:
    """The level code that one frame in twenty exceeds: how loud the loud part is."""
    return int(np.bincount(level, minlength=128).cumsum().searchsorted(0.95 * len(level))) if len(level) else 0


def loudness_class(level: NDArray[Any]) -> NDArray[np.uint8]:
    """(n,) classes 0–8: 48 dB or more below the loud part, then steps of 6 dB."""
    below = level.astype(np.int16) - loud_level(level) + _STEPS_PER_CLASS * LEVELS
    return np.asarray(np.clip(below // _STEPS_PER_CLASS, 0, LEVELS - 1), np.uint8)


def _widest(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(n,) loudest of each frame and two on either side, as coarse as the reference's level bytes are."""
    if not len(level):
        return level
    padded = np.pad(level, 2, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 5).max(axis=1))


@dataclass(frozen=True, slots=True)
class BitModel:
    """Error rates of signs. rate: (9, 9, 8), by loudness class of release and reference and by (half, reliability).

    known: (81,) by the same classes, whether enough of them was counted to hold a pause against a pause. off: (9, 33)
    scores of level differences, by the reference's loudness: what a mute or another voice gets wrong even where its
    signs say nothing.
    """

    rate: NDArray[np.float64]
    known: NDArray[np.bool_]
    off: NDArray[np.float32]

    @property
    def weights(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(81, 8) scores of an agreeing sign, and what a differing one adds to that."""
        p = self.rate.reshape(-1, 8)
        agree = np.log(2 * (1 - p)) / ALIGN.correlation
        differ = np.log(2 * p) / ALIGN.correlation
        return agree.astype(np.float32), (differ - agree).astype(np.float32)


def _level_scores(counted: NDArray[np.float64]) -> NDArray[np.float32]:
    """(9, 33) scores from counted level differences; few are taken to be spread by 3 dB either way."""
    usual = np.exp(-np.abs(np.arange(_BINS_OFF) - _BINS_OFF // 2) / 1.5)
    usual = 0.97 * usual / usual.sum() + 0.03 / _BINS_OFF
    near = counted + np.pad(counted, ((0, 0), (1, 1)))[:, 2:] / 2 + np.pad(counted, ((0, 0), (1, 1)))[:, :-2] / 2
    share = (near / 2 + 200 * usual) / (counted.sum(1, keepdims=True) + 200)
    score = np.log(share * ALIGN.level_spread) / ALIGN.level_repeats
    return np.asarray(np.clip(score, ALIGN.level_least, ALIGN.level_most), np.float32)


class Scorer:
    """Lays ``frames`` of the release beside an ``axis``; diagonal d puts frame i beside axis frame i + d."""

    def __init__(self, frames: Frames, axis: Axis, late: NDArray[np.int8] | None = None) -> None:
        self.frames = frames
        self.late = late if late is not None else np.zeros(len(frames), np.int8)
        """(n,) samples by which each frame lies later than 10 ms times its index"""
        self.axis = axis
        low, high = frames.planes
        masks = np.stack((~(low | high), low & ~high, high & ~low, low & high))
        self.masks = np.ascontiguousarray(masks)
        counts = np.bitwise_count(self.masks.view(np.uint32)).reshape(4, -1, 2)
        self.counts = np.ascontiguousarray(counts.transpose(1, 2, 0).reshape(-1, 8))
        self._level = _widest(frames.level)
        self.loudness = loudness_class(self._level)
        self.gain = loud_level(axis.level[axis.usable]) - loud_level(frames.level)
        """level steps by which the references' loud part is louder than the release's"""
        heard = frames.level[frames.level > 0]
        self.noise = int(np.percentile(heard, 5)) if len(heard) else 0
        """level of the release's noise floor"""
        self.model: BitModel | None = None
        self._agree = np.zeros((LEVELS * LEVELS, 8), np.float32)
        self._differ = np.zeros((LEVELS * LEVELS, 8), np.float32)
        self._least = _LEAST
        self._off = np.zeros((LEVELS, _BINS_OFF), np.float32)

    def __len__(self) -> int:
        return len(self.frames)

    @cached_property
    def silences(self) -> tuple[float, float]:
        """Share of the release that is digitally silent, less that of the references; and their share that is quiet."""
        level, loudness = self.axis.level[self.axis.usable], self.axis.loudness[self.axis.usable]
        own, there = (float((values <= EDITS.digital_silence).mean()) for values in (self.frames.level, level))
        return own - there, float((loudness <= QUIET).mean())

    def adopt(self, model: BitModel) -> None:
        """Score with ``model`` from now on."""
        self.model = model
        self._agree, self._differ = model.weights
        self._off = model.off
        self._least = np.where(model.known, np.float32(-1e3), _LEAST)

    def off(self, here: slice, there: slice) -> NDArray[np.int64]:
        """(n,) bins of how much louder the reference is than the release, gain between the two taken out."""
        steps = self.axis.level[there].astype(np.int64) - self._level[here] - self.gain
        return np.asarray(np.clip((steps + _STEPS_OFF // 2) // _STEPS_OFF + _BINS_OFF // 2, 0, _BINS_OFF - 1))

    def differing(self, start: int, end: int, diagonal: int, step: int = 1) -> NDArray[np.uint8]:
        """(n, 8) differing signs of frames [start, end) by (half, reliability); all of them must be on the axis."""
        words = self.frames.words[start:end:step] ^ self.axis.words[start + diagonal : end + diagonal : step]
        parts = np.bitwise_count((words & self.masks[:, start:end:step]).view(np.uint32))
        return np.asarray(parts.reshape(4, -1, 2).transpose(1, 2, 0).reshape(-1, 8))

    def llr(self, start: int, end: int, diagonal: int, step: int = 1) -> NDArray[np.float32]:
        """(n,) log-likelihood ratio, in nats, of "from this place" against "from elsewhere" for frames [start, end)."""
        out = np.full(len(range(start, end, step)), _NOWHERE, np.float32)
        first = start - (start - max(start, -diagonal)) // step * step  # on the grid of every step-th frame
        last = min(end, len(self.axis) - diagonal)
        if first >= last:
            return out
        differ = self.differing(first, last, diagonal, step)
        here = slice(first, last, step)
        there = slice(first + diagonal, last + diagonal, step)
        context = self.loudness[here] * np.uint8(LEVELS) + self.axis.loudness[there]
        score = np.einsum("ij,ij->i", self.counts[here].astype(np.float32), self._agree[context])
        score += np.einsum("ij,ij->i", differ.astype(np.float32), self._differ[context])
        score = np.maximum(score, self._least[context])
        score += self._off[self.axis.loudness[there], self.off(here, there)]
        score[~self.axis.usable[there]] = _NOWHERE
        at = (first - start) // step
        out[at : at + len(score)] = score
        return out

    def if_foreign(self, start: int, end: int, diagonal: int) -> NDArray[np.float32]:
        """(n,) nats that the signs of frames [start, end), those on the axis, should lose if the sound is foreign."""
        first, last = max(start, -diagonal, 0), min(end, len(self.axis) - diagonal, len(self))
        if first >= last:
            return np.zeros(0, np.float32)
        context = self.loudness[first:last] * np.uint8(LEVELS) + self.axis.loudness[first + diagonal : last + diagonal]
        chance = self._agree[context] + self._differ[context] / 2
        return np.asarray(-np.einsum("ij,ij->i", self.counts[first:last].astype(np.float32), chance))

    def estimate(self, stretches: list[tuple[int, int, int]]) -> BitModel:
        """Error rates counted on ``stretches`` (start, end, diagonal) that are known to fit."""
        wrong = np.zeros((LEVELS * LEVELS, 8))
        seen = np.zeros((LEVELS * LEVELS, 8))
        levels = np.zeros((LEVELS, _BINS_OFF))
        for start, end, diagonal in stretches:
            start, end = max(start, -diagonal), min(end, len(self.axis) - diagonal)
            if end <= start:
                continue
            context = self.loudness[start:end] * LEVELS + self.axis.loudness[start + diagonal : end + diagonal]
            here, there = slice(start, end), slice(start + diagonal, end + diagonal)
            np.add.at(levels, (self.axis.loudness[there], self.off(here, there)), 1.0)
            differ = self.differing(start, end, diagonal)
            for j in range(8):
                wrong[:, j] += np.bincount(context, differ[:, j], LEVELS * LEVELS)
                seen[:, j] += np.bincount(context, self.counts[start:end, j], LEVELS * LEVELS)
        return self._model(wrong.reshape(LEVELS, LEVELS, 8), seen.reshape(LEVELS, LEVELS, 8), levels)

    @staticmethod
    def _model(wrong: Counts, seen: Counts, levels: Counts) -> BitModel:
        """Rates from counts (9, 9, 8); what was seldom seen leans on all of the same loudness, then on everything."""
        prior = np.array([0.42, 0.25, 0.1, 0.04] * 2)
        overall = (wrong.sum((0, 1)) + 400 * prior) / (seen.sum((0, 1)) + 400)
        expected = np.repeat(overall[None], LEVELS, axis=0)
        expected[:QUIET] = 0.48  # nothing is known of silence until it was counted
        by_release = (wrong.sum(1) + 2000 * expected) / (seen.sum(1) + 2000)
        rate = (wrong + 2000 * by_release[:, None]) / (seen + 2000)
        return BitModel(
            np.clip(rate, _FLOOR, 0.49),
            seen.sum(2).reshape(-1) >= 64 * ALIGN.known_frames,
            _level_scores(levels),
        )
