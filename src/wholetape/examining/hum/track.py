"""The hum's amplitude and phase over time, and how far it stands above the noise around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.media.spool import Spool
from wholetape.times import CLOCK_HZ

LINES = (50.0, 60.0, 100.0, 120.0, 150.0, 180.0)
"""Hz: both mains frequencies and their first harmonics, of which rectifiers hum the second most."""
STEP_HZ = 50
"""Values of a track a second."""
_BLOCK = CLOCK_HZ // STEP_HZ
_WINDOW = 4 * STEP_HZ
"""Short, since voices come and go: the noise of a moment is that of its pauses, too."""
_PIECE = CLOCK_HZ * 60
_AROUND_HZ = (0.8, 2.5)
"""Hz from the hum between which its noise is taken: farther off, voices are stronger than beside it."""


@dataclass(frozen=True, slots=True)
class HumTrack:
    """``line`` in Hz; ``wave``: (n,) complex amplitude against a steady ``line``, ``STEP_HZ`` a second; ``snr`` in dB.

    ``snr``: power within a quarter Hz of the peak against the noise in 2 Hz around it.
    """

    line: float
    wave: NDArray[np.complex128]
    snr: float

    def frequency(self) -> NDArray[np.float64]:
        """Hz, once a second: the slope of the phase over four seconds."""
        smooth = np.convolve(self.wave, np.hanning(2 * STEP_HZ), "same")
        turn = smooth[4 * STEP_HZ :] * np.conj(smooth[: -4 * STEP_HZ])
        return np.asarray(self.line + np.angle(turn[::STEP_HZ]) / (2 * np.pi * 4))


def hum_track(spool: Spool) -> HumTrack | None:
    """The clearest hum in the sound; None where it is shorter than eight seconds."""
    if len(spool) < 8 * CLOCK_HZ:
        return None
    waves: list[list[NDArray[np.complex128]]] = [[] for _ in LINES]
    taper = np.hanning(2 * _BLOCK + 1)[:-1]  # two blocks: keeps speech out
    taper /= taper.sum()
    for first in range(0, len(spool) - 2 * _BLOCK, _PIECE):
        last = min(len(spool), first + _PIECE + _BLOCK)
        sound = spool.read(first, last) / 32768
        time = (np.arange(first, last) % CLOCK_HZ) / CLOCK_HZ
        for k, line in enumerate(LINES):
            mixed = sound * np.exp(-2j * np.pi * line * time)
            blocks = np.lib.stride_tricks.sliding_window_view(mixed, 2 * _BLOCK)[::_BLOCK]
            waves[k].append(np.asarray(blocks @ taper, np.complex128))
    tracks = [HumTrack(line, wave, _snr(wave)) for line, wave in zip(LINES, map(np.concatenate, waves), strict=True)]
    return max(tracks, key=lambda track: track.snr)


def _snr(wave: NDArray[np.complex128]) -> float:
    starts = range(0, len(wave) - _WINDOW + 1, _WINDOW // 2)
    if not starts:
        return -99.0
    rows = np.stack([wave[start : start + _WINDOW] for start in starts]) * np.hanning(_WINDOW)
    power = np.abs(np.fft.fft(rows, axis=1)) ** 2
    middle = np.median(power, axis=0)
    frequency = np.fft.fftfreq(_WINDOW, 1 / STEP_HZ)
    near = np.abs(frequency) <= 0.5
    away = np.abs(frequency - frequency[near][np.argmax(middle[near])])
    inside, around = away <= 0.25, (away > _AROUND_HZ[0]) & (away < _AROUND_HZ[1])
    noise = float(np.median(power[:, around].mean(axis=1)))  # median: speech comes and goes
    signal = float(np.median(power[:, inside].sum(axis=1))) - noise * int(inside.sum())
    return 10 * float(np.log10(max(signal, 1e-30) / max(noise * 2.0 * _WINDOW / STEP_HZ, 1e-30)))
