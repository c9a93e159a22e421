"""The transforms of MP3 and AAC as banks of filters: one complex filter a coefficient, whose real part it is.

A coefficient at any offset is the inner product of the sound with one fixed, narrow filter. Its analytic form turns so
slowly that it is computed every few samples and interpolated between: all offsets cost little more than one.

Sources: ISO/IEC 11172-3 (hybrid filterbank), ISO/IEC 14496-3 (MDCT), both written anew from their formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.prototype import prototype

MP3_HOP = 576
AAC_HOP = 1024
MP3_SHORT, AAC_SHORT = 192, 128
_ALIAS = (-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037)


@dataclass(frozen=True, slots=True)
class Bank:
    """Filters of ``codec`` at ``rate`` Hz. ``filters``: (K, taps) complex64; ``angles``: (K,) radians a sample.

    A frame's filters begin ``lead`` samples before the first sample of the decoder's frame; frames follow each other
    every ``hop`` samples.
    """

    codec: str
    window: str
    rate: int
    hop: int
    lead: int
    filters: NDArray[np.complex64]
    angles: NDArray[np.float64]

    @property
    def taps(self) -> int:
        """Samples that one coefficient takes."""
        return int(self.filters.shape[1])


def chosen(rate: int, hop: int, low: float, high: float, most: int) -> NDArray[np.int64]:
    """Indices of at most ``most`` coefficients between ``low`` and ``high`` Hz, evenly spread."""
    width = rate / 2 / hop
    first, last = max(4, int(low / width)), min(hop - 4, int(min(high, 0.46 * rate) / width))
    count = min(most, last - first)
    return np.asarray(np.unique(np.linspace(first, last - 1, max(count, 1)).astype(np.int64)))


@lru_cache(maxsize=16)
def aac_bank(rate: int, window: str, low: float, high: float, most: int) -> Bank:
    """AAC's long MDCT of 2048 samples; ``window`` is ``sine`` or ``kbd``."""
    return aac_of(rate, window, chosen(rate, AAC_HOP, low, high, most))


def aac_of(rate: int, window: str, index: NDArray[np.int64]) -> Bank:
    """The same of the coefficients ``index``."""
    filters, angles = mdct(AAC_HOP, index, _window(window, 2 * AAC_HOP))
    return Bank("aac", window, rate, AAC_HOP, 0, filters, angles)


@lru_cache(maxsize=8)
def mp3_bank(rate: int, low: float, high: float, most: int) -> Bank:
    """MP3's long blocks: 32 bands of 18 coefficients each, with alias reduction; frames are granules of 576."""
    return mp3_of(rate, chosen(rate, MP3_HOP, low, high, most))


def mp3_of(rate: int, index: NDArray[np.int64]) -> Bank:
    """The same of the coefficients ``index``."""
    return Bank("mp3", "long", rate, MP3_HOP, -1, _hybrids()[index], _angles(MP3_HOP, index))


@lru_cache(maxsize=16)
def aac_short_bank(rate: int, window: str, low: float, high: float, most: int) -> Bank:
    """One of AAC's eight short MDCTs of 256 samples."""
    index = chosen(rate, AAC_SHORT, low, high, most)
    shape = kbd(2 * AAC_SHORT, 6.0) if window == "kbd" else _window(window, 2 * AAC_SHORT)
    filters, angles = mdct(AAC_SHORT, index, shape)
    return Bank("aac", window, rate, AAC_SHORT, 0, filters, angles)


@lru_cache(maxsize=8)
def mp3_short_bank(rate: int, low: float, high: float, most: int) -> Bank:
    """One of MP3's three short windows in a granule: 32 bands of 6 coefficients each."""
    index = chosen(rate, MP3_SHORT, low, high, most)
    return Bank("mp3", "short", rate, MP3_SHORT, 0, _short_hybrids()[index], _angles(MP3_SHORT, index))


def mdct(
    hop: int, index: NDArray[np.int64], window: NDArray[np.float64]
) -> tuple[NDArray[np.complex64], NDArray[np.float64]]:
    """Complex filters of the MDCT's coefficients ``index``, and their angles a sample."""
    circle = np.exp(1j * np.pi / (4 * hop) * np.arange(8 * hop)).astype(np.complex64)
    steps = (2 * index[:, None] + 1) * (2 * np.arange(2 * hop) + 1 + hop)
    scaled = (window * np.sqrt(2 / hop)).astype(np.float32)
    filters: NDArray[np.complex64] = circle[steps % (8 * hop)] * scaled
    return filters, _angles(hop, index)


def _angles(hop: int, index: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(np.pi / hop * (index + 0.5), np.float64)


def analytic(filters: NDArray[np.float32]) -> NDArray[np.complex64]:
    """The filters with their negative frequencies taken away, within the same taps."""
    size = 2048
    spectrum = np.zeros((len(filters), size), np.complex64)
    spectrum[:, : size // 2 + 1] = np.fft.rfft(filters, size, axis=1)
    spectrum[:, 1 : size // 2] *= 2
    return np.asarray(np.fft.ifft(spectrum, axis=1)[:, : filters.shape[1]], np.complex64)


def kbd(length: int, alpha: float) -> NDArray[np.float64]:
    """The Kaiser–Bessel-derived window of ``length`` samples."""
    half = np.cumsum(np.kaiser(length // 2 + 1, np.pi * alpha))
    rising = np.sqrt(half[:-1] / half[-1])
    return np.asarray(np.concatenate((rising, rising[::-1])), np.float64)


def _window(name: str, length: int) -> NDArray[np.float64]:
    if name == "kbd":
        return kbd(length, 4.0)
    return np.asarray(np.sin(np.pi / length * (np.arange(length) + 0.5)), np.float64)


@lru_cache(maxsize=1)
def _hybrids() -> NDArray[np.complex64]:
    """(576, 1632) filters of all coefficients of a granule of long blocks."""
    raw = _hybrid(18)
    c = np.array(_ALIAS)
    cs, ca = (1 / np.sqrt(1 + c * c))[:, None], (c / np.sqrt(1 + c * c))[:, None]
    below, above = raw[:-1, :9:-1].copy(), raw[1:, :8].copy()
    raw[:-1, :9:-1] = below * cs + above * ca
    raw[1:, :8] = above * cs - below * ca
    return analytic(raw.reshape(576, -1).astype(np.float32))


@lru_cache(maxsize=1)
def _short_hybrids() -> NDArray[np.complex64]:
    """(192, 864) filters of all coefficients of one short window, which knows no alias reduction."""
    return analytic(_hybrid(6).reshape(192, -1).astype(np.float32))


def _hybrid(count: int) -> NDArray[np.float64]:
    """(32, count, taps) filters of an MDCT of ``count`` coefficients in each of the 32 bands."""
    i = np.arange(2 * count)
    turns = np.pi / (4 * count) * (2 * i + 1 + count) * (2 * np.arange(count)[:, None] + 1)
    lines = np.sin(np.pi / (2 * count) * (i + 0.5)) * np.cos(turns)
    inverted = np.where(i % 2 == 1, -lines, lines)  # odd bands run backwards
    n = np.arange(512)
    raw = np.zeros((32, count, 512 + 32 * (2 * count - 1)))
    for band in range(32):
        taps = (prototype() * np.cos((2 * band + 1) * (n - 16) * np.pi / 64))[::-1]
        weights = inverted if band % 2 else lines
        for k in i.tolist():
            raw[band, :, 32 * k : 32 * k + 512] += weights[:, k, None] * taps
    return raw
