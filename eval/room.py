"""A loudspeaker in a room, recorded by a phone, out of a random number generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.sound import Sound, rms


@dataclass(frozen=True, slots=True)
class Room:
    """What the sound passes through."""

    rt60_s: float = 0.4
    direct_to_reverberant_db: float = 3.0
    first_reflection_s: float = 0.003
    loudspeaker_hz: tuple[float, float] = (200.0, 7000.0)
    microphone_hz: tuple[float, float] = (100.0, 7500.0)
    noise_below_db: float = 20.0


def impulse_response(room: Room, rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Direct sound at sample 0, then noise that decays by 60 dB in ``rt60_s``, shape ``(n,)``."""
    size = round(room.rt60_s * 1.2 * rate)
    time = np.arange(size) / rate
    tail = rng.standard_normal(size) * 10 ** (-3 * time / room.rt60_s)
    tail[time < room.first_reflection_s] = 0
    tail *= 10 ** (-room.direct_to_reverberant_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return np.asarray(tail)


def band(frequencies: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Gain of a band-pass with slopes of 12 dB an octave, same shape as ``frequencies``; no phase shift."""
    f = np.maximum(frequencies, 1.0)
    return np.asarray(1 / (1 + (low / f) ** 2) / (1 + (f / high) ** 2))


def through_a_room(sound: Sound, rate: int, rng: np.random.Generator, room: Room | None = None) -> Sound:
    """``sound`` as a phone hears it from a loudspeaker across the room; same length, same clock."""
    room = room or Room()
    response = impulse_response(room, rate, rng)
    block = min(1 << 19, len(sound))
    size = 1 << (block + len(response)).bit_length()
    frequencies = np.asarray(np.fft.rfftfreq(size, 1 / rate), np.float64)
    gain = band(frequencies, *room.loudspeaker_hz) * band(frequencies, *room.microphone_hz)
    spectrum = np.fft.rfft(response, size) * gain
    pad = 2048  # the zero-phase band-pass rings before as well
    out = np.zeros(len(sound) + size + pad)
    for at in range(0, len(sound), block):
        wet = np.fft.irfft(np.fft.rfft(sound[at : at + block], size) * spectrum, size)
        out[at + pad : at + pad + size - pad] += wet[: size - pad]
        out[at : at + pad] += wet[size - pad :]
    heard = out[pad : pad + len(sound)]
    noise = band_noise(len(sound), rate, rng)
    noise *= rms(heard.astype(np.float32)) / max(float(np.std(noise)), 1e-9) * 10 ** (-room.noise_below_db / 20)
    mixed = heard + noise
    return np.asarray(mixed * (0.7 / max(float(np.max(np.abs(mixed))), 1e-6)), np.float32)


def band_noise(size: int, rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise that falls by about 3 dB an octave, as rooms have it, shape ``(size,)``."""
    block = 1 << 18
    shape = 1 / np.sqrt(np.maximum(np.fft.rfftfreq(block, 1 / rate), 50.0))
    out = np.empty(size)
    for at in range(0, size, block):
        white = np.fft.irfft(np.fft.rfft(rng.standard_normal(block)) * shape, block)
        out[at : at + block] = white[: len(out[at : at + block])]
    return out
