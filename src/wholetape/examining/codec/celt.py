"""The transform of CELT, the part of Opus that codes music and higher rates, as a bank of filters.

Source: RFC 6716, section 4.3.7: an MDCT of frames of 20 ms whose slopes take 2.5 ms, after a pre-emphasis.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from wholetape.examining.codec.banks import Bank, chosen, mdct

RATE = 48000
OPUS_HOP = 960
_SLOPE = 120
_EMPHASIS = 0.85


@lru_cache(maxsize=4)
def celt_bank(low: float, high: float, most: int) -> Bank:
    """CELT's long MDCT of 960 coefficients at 48 kHz, with its pre-emphasis within the filters."""
    index = chosen(RATE, OPUS_HOP, low, high, most)
    rise = np.sin(np.pi / 2 * np.sin(np.pi / 2 * (np.arange(_SLOPE) + 0.5) / _SLOPE) ** 2)
    flat = (OPUS_HOP - _SLOPE) // 2
    half = np.concatenate((np.zeros(flat), rise, np.ones(OPUS_HOP - flat - _SLOPE)))
    plain, angles = mdct(OPUS_HOP, index, np.concatenate((half, half[::-1])))
    later = np.pad(plain, ((0, 0), (1, 0)))
    filters = np.asarray(later - np.complex64(_EMPHASIS) * np.pad(plain, ((0, 0), (0, 1))), np.complex64)
    return Bank("opus", "celt", RATE, OPUS_HOP, -1, filters, angles)
