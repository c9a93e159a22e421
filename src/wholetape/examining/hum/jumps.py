"""Where the phase of the hum does not run on: what a cut of random length leaves.

Phase and frequency are followed by a Kalman filter from either end, every tenth of a second, each value weighed by the
noise around it. At each moment what the sound before it foretells is held against what the sound after it foretells
backwards; the frequency runs on through a cut, so that only the phase may differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.hum.track import STEP_HZ, HumTrack

Values = NDArray[np.float64]

LEAST_SNR = 12.0
"""dB below which nothing is said."""
_BLOCK = 5
"""Values of the track that are taken together: a tenth of a second."""
_BLOCK_S = _BLOCK / STEP_HZ
_LEAST_Z = 4.1
"""Deviations from which a jump is told: on average over the sources of ``speech/dev``, one uncut recording in twenty
reaches it."""
_STEADY = 0.03
"""Radians by which an encoder or a voice moves the phase for seconds on end, which no noise beside the hum tells of."""
_EDGE_S = 3.0
"""Seconds at either end in which no jump is looked for: too little is known of the frequency there."""
_APART_S = 4.0
"""Seconds around a jump in which none other is told."""
_MOST = 20
"""Jumps told: where there are more, the hum is not that of the mains."""
_DRIFT = 2e-4
"""(rad/s)² a second by which the frequency wanders: 2.3 mHz in one. Recorded mains: 1.7 in one, 9 in ten."""
_START = (2 * np.pi * 0.03) ** 2
"""(rad/s)², how well its middle foretells the frequency at its ends."""
_OUTLIER = 4.0
"""Squared deviations beyond which a value is weighed down: a loud word, or the jump itself."""
_MOST_NOISE = 3.0
"""Variance of a phase, rad², of which nothing is known."""
_NOISE_BLOCKS = 3
"""Blocks on either side from which the noise of one is taken."""
_LEVEL_BLOCKS = 40
"""Blocks on either side from which the level of the hum is taken."""


@dataclass(frozen=True, slots=True)
class Jump:
    """At ``at`` seconds the phase jumps by ``radians``, ``deviations`` times what noise and wandering explain."""

    at: float
    radians: float
    deviations: float


def jumps(track: HumTrack) -> list[Jump]:
    """Jumps of the phase, in order of time; none below ``LEAST_SNR``."""
    count, edge = len(track.wave) // _BLOCK, round(_EDGE_S / _BLOCK_S)
    if track.snr < LEAST_SNR or count <= 2 * edge:
        return []
    wave = track.wave[: count * _BLOCK].reshape(count, _BLOCK).mean(axis=1)
    open_to_more = np.zeros(count, np.bool_)
    open_to_more[edge : count - edge] = True
    reach = round(_APART_S / _BLOCK_S)
    out: list[Jump] = []
    while len(out) < _MOST:
        radians, deviations = _compared(wave)
        deviations = np.where(open_to_more, deviations, 0.0)
        k = int(np.argmax(deviations))
        if deviations[k] < _LEAST_Z:
            break
        out.append(Jump((k + 0.5) * _BLOCK_S, float(radians[k]), float(deviations[k])))
        open_to_more[max(0, k - reach) : k + reach + 1] = False
        wave = np.concatenate((wave[:k], wave[k:] * np.exp(-1j * radians[k])))  # both filters run on over this one
    return sorted(out, key=lambda jump: jump.at)


def _compared(wave: NDArray[np.complex128]) -> tuple[Values, Values]:
    """Of each block: radians between what lies before it and what lies after it, and how many deviations they are."""
    phase, noise = np.angle(wave), _noise(wave)
    middle = _frequency(wave)
    before = _foretold(phase, noise, middle)
    after = _foretold(phase[::-1], noise[::-1], -middle)[::-1]
    differ = after[:, 0] - before[:, 0]
    turn = -after[:, 1] - before[:, 1]
    p, c, f = before[:, 2] + after[:, 2], before[:, 3] - after[:, 3], before[:, 4] + after[:, 4]
    weight = c / f  # the frequency runs on: what it seems to jump by tells of the error of the phases
    radians = np.angle(np.exp(1j * (differ - weight * turn)))
    return radians, np.abs(radians) / np.sqrt(np.maximum(p - c * weight, 0.0) + _STEADY**2)


def _foretold(phase: Values, noise: Values, frequency: float) -> Values:
    """(n, 5) phase, frequency and their covariances at each block, from those before it alone."""
    out = np.empty((len(phase), 5))
    dt = _BLOCK_S
    angle, speed, p, c, f = 0.0, frequency, 10.0, 0.0, _START
    for k, (value, spread) in enumerate(zip(phase.tolist(), noise.tolist(), strict=True)):
        out[k] = angle, speed, p, c, f
        error = (value - angle + np.pi) % (2 * np.pi) - np.pi
        spread *= max(1.0, error * error / (p + spread) / _OUTLIER)
        gain, slope = p / (p + spread), c / (p + spread)
        angle, speed = angle + gain * error, speed + slope * error
        p, c, f = p - gain * p, c - gain * c, f - slope * c
        angle += speed * dt
        p += 2 * dt * c + dt * dt * f + _DRIFT * dt**3 / 3
        c += dt * f + _DRIFT * dt**2 / 2
        f += _DRIFT * dt
    return out


def _noise(wave: NDArray[np.complex128]) -> Values:
    """Variance of each block's phase: the noise beside the hum, of which a jump is no part, against the hum's level."""
    beside = np.abs(wave[1:-1] - (wave[:-2] + wave[2:]) / 2) ** 2
    power = _running(np.pad(beside, 1, mode="edge"), _NOISE_BLOCKS) / (1.5 * np.log(2))
    level = _running(np.abs(wave), _LEVEL_BLOCKS) ** 2
    return np.asarray(np.minimum(power / (2 * np.maximum(level - power, 0.1 * level) + 1e-30) + 1e-4, _MOST_NOISE))


def _running(values: Values, half: int) -> Values:
    """The median over ``half`` values on either side."""
    padded = np.pad(values, half, mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    parts = [np.median(part, axis=1) for part in np.array_split(windows, 1 + len(windows) // 4096)]
    return np.asarray(np.concatenate(parts), np.float64)


def _frequency(wave: NDArray[np.complex128]) -> float:
    """Radians a second of the strongest line within half a Hz."""
    size = 8 * len(wave)
    power = np.abs(np.fft.fft(wave * np.hanning(len(wave)), size))
    lines = np.fft.fftfreq(size, _BLOCK_S)
    near = np.abs(lines) <= 0.5
    return float(2 * np.pi * lines[near][np.argmax(power[near])])
