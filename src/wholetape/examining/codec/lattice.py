"""Whether a transform's coefficients lie on a quantiser's lattice: what tells a grid where few of them became zero.

MP3 and AAC round the power ¾ of a coefficient to a multiple of one step for each band of a frame (ISO/IEC 11172-3,
2.4.3.4; ISO/IEC 14496-3, 4.6.1). Where the transform stands where the encoder's stood, those powers are multiples of
a common step again, and nowhere else. No step is known: of all that are not too small the one counts that fits best,
so that a change of level does not matter. What chance fits is told by the same sound at other offsets.

Source: O. Derrien, Detection of Genuine Lossless Audio Files: Application to the MPEG-AAC Codec, JAES 67 (3), 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from wholetape.examining.codec.banks import Bank, aac_of, mp3_of
from wholetape.examining.codec.grid import HOPS, Grid, Transform
from wholetape.examining.codec.params import CODEC
from wholetape.examining.sound import Sound, Take

_MP3 = {
    48000: (0, 4, 8, 12, 16, 20, 24, 30, 36, 42, 50, 60, 72, 88, 106, 128, 156, 190, 230, 276, 330, 384, 576),
    44100: (0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 52, 62, 74, 90, 110, 134, 162, 196, 238, 288, 342, 418, 576),
    32000: (0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 54, 66, 82, 102, 126, 156, 194, 240, 296, 364, 448, 550, 576),
    24000: (0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 114, 136, 162, 194, 232, 278, 332, 394, 464, 540, 576),
    22050: (0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576),
    8000: (*range(0, 73, 12), 88, 108, 132, 160, 192, 232, 280, 336, 400, 476, *range(566, 577, 2)),
}
_MP3[16000] = _MP3[12000] = _MP3[11025] = _MP3[22050]
_EIGHTS = (40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176, 196, 216, 240, 264, 292, *range(320, 929, 32))
_AAC = {
    48000: (*range(0, 40, 4), *_EIGHTS, 1024),
    32000: (*range(0, 40, 4), *_EIGHTS, 960, 992, 1024),
    24000: (
        *range(0, 44, 4),
        *range(44, 125, 8),
        *(136, 148, 160, 172, 188, 204, 220, 240, 260, 284, 308, 336, 364, 396, 432, 468, 508, 552, 600, 652),
        *(704, 768, 832, 896, 960, 1024),
    ),
    16000: (
        *range(0, 88, 8),
        *range(88, 197, 12),
        *(212, 228, 244, 260, 280, 300, 320, 344, 368, 396, 424, 456, 492, 532, 572, 616, 664, 716, 772),
        *(832, 896, 960, 1024),
    ),
    8000: (
        *range(0, 157, 12),
        *range(172, 269, 16),
        *(288, 308, 328, 348, 372, 396, 420, 448, 476, 508, 544, 580, 620, 664, 712, 764, 820, 880, 944, 1024),
    ),
}
_AAC[44100], _AAC[22050] = _AAC[48000], _AAC[24000]
_AAC[12000] = _AAC[11025] = _AAC[16000]
BANDS = {"mp3": _MP3, "aac": _AAC}
"""By codec and rate in Hz, the coefficients at which bands of one step begin."""

LEAST_Z = 8.0
"""Deviations from the controls by which a grid's lattice must stand out."""
_LEAST_BAND = 6
"""Coefficients of a band below which any step fits."""
_LOW_HZ, _HIGH_HZ = 250.0, 6000.0
"""Between which bands are looked at: hum lies below, little of speech above."""
_STEPS = np.arange(1.3, 14.0, 0.15)
"""How many steps the largest coefficient of a band may hold."""
_FRAMES = 100
"""Frames that are looked at, the loudest."""
_CONTROLS = 16
"""Other offsets, at which no frames began."""
_APART = 20
"""Samples by which these lie off."""


@dataclass(frozen=True, slots=True)
class _Bands:
    """The coefficients of whole bands as a bank, and the [first, last) columns of each."""

    bank: Bank
    edges: tuple[tuple[int, int], ...]


def best_near(take: Take, grid: Grid, starts: Sequence[float], around: int = 0) -> tuple[Grid, float]:
    """Of the offsets up to ``around`` samples beside ``grid``, the one that fits a lattice best, and by how much.

    In deviations of the fit at other offsets. ``starts``: seconds at which windows of ``CODEC.window_s`` begin, of
    which the loudest frames are looked at. 0 where any other offset fits as well, and at a rate that no standard has
    bands for.
    """
    if grid.transform.rate not in BANDS[grid.transform.codec]:
        return grid, 0.0
    bands = _bands(grid.transform, take.rate)
    hop, size = bands.bank.hop, bands.bank.taps
    frames = _loudest(take, replace(grid, offset=grid.offset - around), bands.bank, starts)
    moved = np.random.default_rng(0).choice(np.arange(_APART, hop - _APART), _CONTROLS, replace=False)
    filters = np.ascontiguousarray(bands.bank.filters.real.T)

    def fit(move: int) -> float:
        return _fit(frames[:, move : move + size] @ filters, bands.edges)

    near = [fit(move) for move in range(2 * around + 1)]
    best = int(np.argmax(near))
    others: list[float] = []
    for move in moved.tolist():
        others.append(fit(around + move))
        if near[best] <= others[-1]:
            return grid, 0.0
    z = float((near[best] - np.mean(others)) / max(float(np.std(others, ddof=1)), 1e-9))
    return replace(grid, offset=(grid.offset - around + best) % hop), z


def _loudest(take: Take, grid: Grid, bank: Bank, starts: Sequence[float]) -> Sound:
    """(frames, taps + hop + _APART) samples from the beginning of each of the loudest frames of ``grid``."""
    size, rate = bank.taps + bank.hop + _APART, bank.rate
    found = []
    for view in grid.views:
        for start in starts:
            sound, origin = take.at_rate(view, start, start + CODEC.window_s + size / rate, rate)
            phase = (grid.offset - bank.lead - origin) % bank.hop
            found.append(np.lib.stride_tricks.sliding_window_view(sound, size)[phase :: bank.hop])
    every = np.concatenate(found)
    return every[np.argsort(-(every[:, : bank.taps] ** 2).sum(axis=1))[:_FRAMES]]


def _fit(rows: Sound, edges: Sequence[tuple[int, int]]) -> float:
    """How well (frames, K) coefficients lie on lattices, the best for each band of a frame, summed over all."""
    total = 0.0
    for first, last in edges:
        part = np.abs(rows[:, first:last]) ** np.float32(0.75)
        part /= np.maximum(part.max(axis=1, keepdims=True), 1e-20)
        turn = np.exp(np.complex64(2j * np.pi * _STEPS[0]) * part)
        more = np.exp(np.complex64(2j * np.pi * (_STEPS[1] - _STEPS[0])) * part)
        best = np.zeros(len(part), np.float32)
        for _ in _STEPS:
            best = np.maximum(best, np.abs(turn.sum(axis=1)))
            turn *= more
        total += float((best**2).sum()) / (last - first)
    return total


@lru_cache(maxsize=32)
def _bands(transform: Transform, heard: int) -> _Bands:
    """The bands of ``transform``, for sound that was sampled at ``heard`` Hz."""
    hop, rate = HOPS[transform.codec], transform.rate
    width, high = rate / 2 / hop, min(_HIGH_HZ, 0.46 * heard, 0.46 * rate)
    whole = [
        (first, last)
        for first, last in pairwise(BANDS[transform.codec][rate])
        if last - first >= _LEAST_BAND and first * width >= _LOW_HZ and last * width <= high
    ]
    start = whole[0][0]
    index = np.arange(start, whole[-1][1])
    bank = mp3_of(rate, index) if transform.codec == "mp3" else aac_of(rate, transform.window, index)
    return _Bands(bank, tuple((first - start, last - start) for first, last in whole))
