"""The print's arithmetic with its gradient: how each sample moves each sign's margin. What an optimising forger needs.

Follows ``docs/spec/print.md``, in float64, so that sound can be shaped towards a print by descent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.bands import band_matrix
from wholetape.match.params import PRINT

Array = NDArray[np.float64]

REACH = PRINT.slow_smooth + PRINT.slow_lag
"""Frames of context that a word needs on either side."""
_WINDOW = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(PRINT.window) / PRINT.window)
_BANDS = band_matrix().astype(np.float64)
_TAPS = 2 * PRINT.slow_smooth + 1
_SMOOTH = np.sin(np.pi * np.arange(1, _TAPS + 1) / (_TAPS + 1)) ** 2 / 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``look`` saw, and what ``pull`` needs: band energies (n, 33), spectra, margins (n - 18, 64)."""

    energy: Array
    smooth: Array
    spectrum: NDArray[np.complex128]
    margins: Array


def look(sound: Array) -> Seen:
    """Energies and margins of all whole windows of ``sound`` at 8 kHz, one every 80 samples from the first.

    The first and last nine windows are context: margins begin at window 9.
    """
    windows = np.lib.stride_tricks.sliding_window_view(sound, PRINT.window)[:: PRINT.hop]
    spectrum = np.fft.rfft(windows * _WINDOW, axis=1)
    energy = (spectrum.real**2 + spectrum.imag**2) @ _BANDS
    smooth = np.zeros((len(energy) - 2 * PRINT.slow_smooth, PRINT.bands))
    for k, weight in enumerate(_SMOOTH):
        smooth += weight * energy[k : k + len(smooth)]
    n = len(energy) - 2 * REACH
    fast = _change(np.log(energy + PRINT.floor), REACH, PRINT.fast_lag, n)
    slow = _change(np.log(smooth + PRINT.floor), PRINT.slow_lag, PRINT.slow_lag, n)
    return Seen(energy, smooth, spectrum, np.concatenate((np.diff(fast, axis=1), np.diff(slow, axis=1)), axis=1))


def _change(logs: Array, first: int, lag: int, n: int) -> Array:
    return np.asarray(logs[first + lag : first + lag + n] - logs[first - lag : first - lag + n])


def pull(seen: Seen, by_margin: Array, by_energy: Array, length: int) -> Array:
    """(length,) gradient by sample, for gradients by margin (n - 18, 64) and by band energy (n, 33)."""
    n = len(by_margin)
    total = by_energy.copy()
    fast, slow = (_apart(part) for part in (by_margin[:, :32], by_margin[:, 32:]))
    logs = np.zeros_like(seen.energy)
    logs[REACH + PRINT.fast_lag : REACH + PRINT.fast_lag + n] += fast
    logs[REACH - PRINT.fast_lag : REACH - PRINT.fast_lag + n] -= fast
    total += logs / (seen.energy + PRINT.floor)
    logs = np.zeros_like(seen.smooth)
    logs[2 * PRINT.slow_lag : 2 * PRINT.slow_lag + n] += slow
    logs[:n] -= slow
    by_smooth = logs / (seen.smooth + PRINT.floor)
    for k, weight in enumerate(_SMOOTH):
        total[k : k + len(by_smooth)] += weight * by_smooth
    half = seen.spectrum * (total @ _BANDS.T)
    half[:, 0] *= 2
    half[:, -1] *= 2
    windows = np.fft.irfft(half, PRINT.window, axis=1) * PRINT.window * _WINDOW
    out = np.zeros(length)
    for k, window in enumerate(windows):
        out[k * PRINT.hop : k * PRINT.hop + PRINT.window] += window
    return out


def _apart(by_difference: Array) -> Array:
    """(n, 33) gradient by band for one by differences of neighbouring bands (n, 32)."""
    out = np.zeros((len(by_difference), PRINT.bands))
    out[:, 1:] += by_difference
    out[:, :-1] -= by_difference
    return out


def signs(words: NDArray[np.uint64]) -> Array:
    """(n, 64) of +1 for a sign that is set, else -1."""
    bits = (words[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    return np.where(bits == 1, 1.0, -1.0)
