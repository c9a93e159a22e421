"""How well a stretch of the release fits a place of the reference: log-likelihood ratios, frame by frame.

The release's sound is at hand, so each of its signs comes with a margin; the reference's are bare. How often a sign of
a given reliability differs is not assumed: it is counted on the release itself, by loudness on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
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
STEP = 3
"""Frames from one to the next of ``Scorer.spread_words``."""


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


def _halves(words: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """(2, ...) the fast and the slow signs of words (...)."""
    return np.stack((words.astype(np.uint32), (words >> np.uint64(32)).astype(np.uint32)))


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
    def weights(self) -> NDArray[np.float32]:
        """(16, 81) scores of an agreeing sign of the 8 sorts, then what a differing one adds to that."""
        p = self.rate.reshape(-1, 8)
        agree = np.log(2 * (1 - p)) / ALIGN.correlation
        differ = np.log(2 * p) / ALIGN.correlation
        return np.ascontiguousarray(np.concatenate((agree, differ - agree), axis=1).T, np.float32)


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
        self.marks = np.empty((8, len(frames)), np.uint32)
        self.marks[0::4] = _halves(~(low | high))
        self.marks[1::4] = _halves(low & ~high)
        self.marks[2::4] = _halves(high & ~low)
        self.marks[3::4] = _halves(low & high)
        """(8, n) which signs of each frame are of which (half, reliability)"""
        self.counts = np.bitwise_count(self.marks)
        """(8, n) how many they are"""
        self._level = _widest(frames.level)
        self.loudness = loudness_class(self._level)
        self.gain = loud_level(axis.level[axis.usable]) - loud_level(frames.level)
        """level steps by which the references' loud part is louder than the release's"""
        heard = frames.level[frames.level > 0]
        self.noise = int(np.percentile(heard, 5)) if len(heard) else 0
        """level of the release's noise floor"""
        self.model: BitModel | None = None
        self._weights = np.zeros((16, LEVELS * LEVELS), np.float32)
        self._least = _LEAST
        self._off = np.zeros(LEVELS * _BINS_OFF, np.float32)

    def __len__(self) -> int:
        return len(self.frames)

    @cached_property
    def silences(self) -> tuple[float, float]:
        """Share of the release that is digitally silent, less that of the references; and their share that is quiet."""
        level, loudness = self.axis.level[self.axis.usable], self.axis.loudness[self.axis.usable]
        own, there = (float((values <= EDITS.digital_silence).mean()) for values in (self.frames.level, level))
        return own - there, float((loudness <= QUIET).mean())

    @cached_property
    def spread_words(self) -> tuple[NDArray[np.uint64], ...]:
        """Every ``STEP``-th word of the axis, from its first, its second and so on."""
        return tuple(np.ascontiguousarray(self.axis.words[k::STEP]) for k in range(STEP))

    def adopt(self, model: BitModel) -> None:
        """Score with ``model`` from now on."""
        self.model = model
        self._weights = model.weights
        self._off = model.off.reshape(-1)
        self._least = np.where(model.known, np.float32(-1e3), _LEAST)

    def _bins(self, here: slice, level: NDArray[np.uint8]) -> NDArray[np.int16]:
        """(..., n) bins of how much louder references' frames (..., n) are, gain between the two taken out."""
        steps = level.astype(np.int16) - (self._level[here].astype(np.int16) + np.int16(self.gain - _STEPS_OFF // 2))
        return np.asarray(np.clip(steps // np.int16(_STEPS_OFF) + np.int16(_BINS_OFF // 2), 0, _BINS_OFF - 1))

    def differing(self, start: int, end: int, diagonal: int) -> NDArray[np.uint8]:
        """(8, n) differing signs of frames [start, end) by (half, reliability); all of them must be on the axis."""
        here = slice(start, end)
        return self._differing(here, self.axis.words[start + diagonal : end + diagonal])

    def _differing(self, here: slice, words: NDArray[np.uint64]) -> NDArray[np.uint8]:
        """(8, ..., n) differing signs of the frames ``here`` beside ``words`` (..., n)."""
        halves = _halves(self.frames.words[here] ^ words)
        marks = self.marks[:, here].reshape(2, 4, *[1] * (words.ndim - 1), -1)
        return np.asarray(np.bitwise_count(halves[:, None] & marks).reshape(8, *words.shape))

    def llr(self, start: int, end: int, diagonal: int, step: int = 1) -> NDArray[np.float32]:
        """(n,) log-likelihood ratio, in nats, of "from this place" against "from elsewhere" for frames [start, end)."""
        first = start - (start - max(start, -diagonal)) // step * step  # on the grid of every step-th frame
        last = min(end, len(self.axis) - diagonal)
        out = np.full(len(range(start, end, step)), _NOWHERE, np.float32)
        if first < last:
            (score,) = self._llr(slice(first, last, step), [slice(first + diagonal, last + diagonal, step)])
            at = (first - start) // step
            out[at : at + len(score)] = score
        return out

    def llrs(self, start: int, end: int, diagonals: Sequence[int], step: int = 1) -> NDArray[np.float32]:
        """(k, n) what ``llr`` says of k diagonals, at less cost."""
        if start >= end or start + min(diagonals) < 0 or end + max(diagonals) > len(self.axis):
            return np.stack([self.llr(start, end, diagonal, step) for diagonal in diagonals])
        return self._llr(slice(start, end, step), [slice(start + d, end + d, step) for d in diagonals])

    def _llr(self, here: slice, there: Sequence[slice]) -> NDArray[np.float32]:
        """(k, n) ratios of the frames ``here`` beside each of k stretches of the axis."""
        loudness = np.stack([self.axis.loudness[one] for one in there])
        context = self.loudness[here] * np.uint8(LEVELS) + loudness
        signs = np.empty((16, *context.shape), np.float32)
        signs[:8] = self.counts[:, None, here]
        signs[8:] = self._differing(here, np.stack([self.axis.words[one] for one in there]))
        weights = np.take(self._weights, context, axis=1, mode="clip")  # no context is outside, but this is quick
        score: NDArray[np.float32] = np.einsum("jki,jki->ki", signs, weights)
        np.maximum(score, np.take(self._least, context), out=score)
        off = self._bins(here, np.stack([self.axis.level[one] for one in there]))
        score += np.take(self._off, loudness.astype(np.int16) * np.int16(_BINS_OFF) + off)
        score[~np.stack([self.axis.usable[one] for one in there])] = _NOWHERE
        return score

    def if_foreign(self, start: int, end: int, diagonal: int) -> NDArray[np.float32]:
        """(n,) nats that the signs of frames [start, end), those on the axis, should lose if the sound is foreign."""
        first, last = max(start, -diagonal, 0), min(end, len(self.axis) - diagonal, len(self))
        if first >= last:
            return np.zeros(0, np.float32)
        context = self.loudness[first:last] * np.uint8(LEVELS) + self.axis.loudness[first + diagonal : last + diagonal]
        chance = self._weights[:8, context] + self._weights[8:, context] / 2
        return np.asarray(-np.einsum("ji,ji->i", self.counts[:, first:last].astype(np.float32), chance))

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
            np.add.at(levels, (self.axis.loudness[there], self._bins(here, self.axis.level[there])), 1.0)
            differ = self.differing(start, end, diagonal)
            for j in range(8):
                wrong[:, j] += np.bincount(context, differ[j], LEVELS * LEVELS)
                seen[:, j] += np.bincount(context, self.counts[j, here], LEVELS * LEVELS)
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
