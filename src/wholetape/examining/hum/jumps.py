"""Where the phase of the hum does not run on: what a cut of random length leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wholetape.examining.hum.track import STEP_HZ, HumTrack

_SIDE_S = 4.0
"""Seconds on each side over which the phase is gathered."""
_LEAST = 0.3
"""Radians of the smallest jump told; a cut at random is smaller one time in ten."""
_DEVIATIONS = 5.0
"""Times the usual scatter of the file that a jump must reach."""
LEAST_SNR = 12.0
"""dB below which nothing is said."""


@dataclass(frozen=True, slots=True)
class Jump:
    """At ``at`` seconds the phase jumps by ``radians``, ``deviations`` times the usual scatter."""

    at: float
    radians: float
    deviations: float


def jumps(track: HumTrack) -> list[Jump]:
    """Jumps of the phase, in order of time; none below ``LEAST_SNR``."""
    side = int(_SIDE_S * STEP_HZ)
    wave = track.wave
    if track.snr < LEAST_SNR or len(wave) < 4 * side:
        return []
    wave = wave / np.maximum(np.abs(wave), np.quantile(np.abs(wave), 0.3))  # a loud word counts no more than the hum
    times = np.arange(side, len(wave) - side, STEP_HZ // 10)
    found = np.array([_jump(wave[t - side : t], wave[t : t + side]) for t in times.tolist()])
    scatter = 1.4826 * float(np.median(np.abs(found))) + 0.01
    size = np.abs(found)
    out: list[Jump] = []
    left = np.where((size >= _LEAST) & (size >= _DEVIATIONS * scatter), size, 0.0)
    reach = side // (STEP_HZ // 10)
    while left.max(initial=0.0) > 0:
        k = int(np.argmax(left))
        out.append(Jump(float(times[k] / STEP_HZ), float(found[k]), float(size[k] / scatter)))
        left[max(0, k - reach) : k + reach + 1] = 0
    return sorted(out, key=lambda jump: jump.at)


def _jump(before: np.ndarray, after: np.ndarray) -> float:
    """Radians between both sides' phases where they meet, each carried on at the frequency that both share."""
    half = len(before) // 2
    turn = np.vdot(before[:half], before[half : 2 * half]) + np.vdot(after[:half], after[half : 2 * half])
    rate = float(np.angle(turn)) / half
    n = np.arange(len(before))
    left = np.sum(before * np.exp(-1j * rate * (n - len(before))))
    right = np.sum(after * np.exp(-1j * rate * n))
    return float(np.angle(right * np.conj(left)))
