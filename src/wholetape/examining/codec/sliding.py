"""How small a transform's coefficients are at every offset, against what sound that was never coded would give.

A coefficient that an encoder quantised to zero is small where the transform stands where the encoder's stood, and
nowhere else (Herre & Schug, AES 109, 2000; Yang, Qu & Huang, 2008). Its share of the power around it is the squared
cosine of a phase; in sound that was never coded that phase is chance, so mean and spread of its logarithm are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.banks import Bank
from wholetape.examining.codec.params import CODEC
from wholetape.examining.codec.products import products

STEP = 64
"""Samples between two offsets that are computed; those between are interpolated. Divides every hop."""
GROUPS = 8
"""Parts of the spectrum that are summed apart."""
_FRAMES = 8
"""Frames at once: as many as stay in the processor's cache."""
_FACTORS = 8
"""Shares multiplied before their logarithm is taken."""


@lru_cache(maxsize=4)
def null(floor: float) -> tuple[float, float]:
    """Mean and deviation of log(cos² φ + ``floor``) over all phases φ."""
    phase = (np.arange(200000) + 0.5) * np.pi / 200000
    logs = np.log(np.cos(phase) ** 2 + floor)
    return float(logs.mean()), float(logs.std())


def least_power(bank: Bank) -> NDArray[np.float32]:
    """(K,) power of each coefficient below which rounding to 16 bit may have made it."""
    norms = (np.abs(bank.filters) ** 2).sum(axis=1)
    return np.asarray(CODEC.above_rounding * norms * 2.0**-30 / 12, np.float32)


@dataclass(frozen=True, slots=True)
class Slid:
    """Evidence of one stretch: ``sums`` (GROUPS, hop), by how many deviations all coefficients together lie below
    chance; ``count`` of coefficients that were judged, at each offset on average."""

    sums: NDArray[np.float32]
    count: float


class Slider:
    """Applies one bank to sound at its rate; may be used from several threads."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._mean, self._spread = null(CODEC.floor)
        self._least = least_power(bank)[:, None]
        self._products = products(bank)
        r = np.arange(STEP) - STEP // 2
        before, here, after = r * (r - STEP) / 2, (STEP + r) * (STEP - r), r * (r + STEP) / 2
        lagrange = np.stack((before, here, after)) / STEP**2
        turn = bank.angles[:, None, None] * (r[None, :] - np.array([-STEP, 0, STEP])[:, None])
        weights = np.stack((np.cos(turn) * lagrange, np.sin(turn) * lagrange), axis=2)  # (K, 3, 2, STEP)
        self._weights = np.ascontiguousarray(weights.reshape(len(turn), 6, STEP), np.float32)
        edges = np.linspace(0, len(turn), GROUPS + 1).astype(int).tolist()
        self._groups = list(pairwise(edges))

    def needs(self, frames: int) -> int:
        """Samples that :meth:`slide` takes for ``frames`` frames."""
        return frames * self.bank.hop + self.bank.taps + 2 * STEP

    def slide(self, sound: NDArray[np.float32]) -> Slid:
        """Evidence of (n,) ``sound`` at offsets 0 to hop - 1 from its first sample."""
        hop = self.bank.hop
        per = hop // STEP
        frames = max(0, (len(sound) - self.bank.taps - 2 * STEP) // hop)
        sums = np.zeros((GROUPS, hop), np.float32)
        judged = 0
        padded = np.concatenate((np.zeros(STEP // 2, np.float32), sound))
        windows = np.lib.stride_tricks.sliding_window_view(padded, self.bank.taps)
        for first in range(0, frames, _FRAMES):
            count = min(_FRAMES, frames - first)
            starts = np.maximum(0, (np.arange(-1, count * per + 1) + first * per + 1) * STEP)
            judged += self._add(windows[starts], count, sums)
        return Slid(sums, judged / max(1, per))

    def _add(self, windows: NDArray[np.float32], count: int, sums: NDArray[np.float32]) -> int:
        size, m = len(self._weights), len(windows) - 2
        re, im = (part.T for part in self._products(windows))
        power = re[:, 1:-1] ** 2 + im[:, 1:-1] ** 2
        heard = power > self._least
        scale = np.where(heard, 1 / np.sqrt(np.maximum(power, self._least)), 0).astype(np.float32)
        nodes = np.empty((size, m, 6), np.float32)
        for j in range(3):
            nodes[:, :, 2 * j] = re[:, j : j + m] * scale
            nodes[:, :, 2 * j + 1] = im[:, j : j + m] * scale
        base = np.where(heard, CODEC.floor, np.exp(self._mean)).astype(np.float32)  # unheard: no evidence either way
        for g, (low, high) in enumerate(self._groups):
            share = np.matmul(nodes[low:high], self._weights[low:high])
            np.multiply(share, share, out=share)
            share += base[low:high, :, None]
            logs = _log_sum(share)
            value = ((high - low) * self._mean - logs) / self._spread
            sums[g] += value.reshape(count, -1).sum(axis=0)
        return int(np.count_nonzero(heard))


def _log_sum(share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum over the first axis of the logarithms; of products of several, which is as exact and quicker."""
    whole = len(share) // _FACTORS * _FACTORS
    total: NDArray[np.float32] = np.log(share[whole:]).sum(axis=0)
    if whole:
        parts = share[:whole].reshape(_FACTORS, -1, *share.shape[1:])
        product = parts[0]
        for part in parts[1:]:
            product = np.multiply(product, part, out=product)
        total = total + np.log(product).sum(axis=0)
    return total
