"""Impulse responses of a box-shaped room, from every talker's place to every microphone.

Source: J. B. Allen and D. A. Berkley, *Image method for efficiently simulating small-room acoustics*, JASA 1979; the
images are moved a little at random, as in E. De Sena et al. 2015, since walls that face each other exactly ring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.sound import Sound

SOUND_M_S = 343.0
WANDER_M = 0.08
"""How far an image may lie from where mirrors would put it."""
WALL_M = 0.5
"""Nearest that anybody or anything is to a wall."""

Point = NDArray[np.float64]
"""Metres from one corner, shape ``(3,)``."""


@dataclass(frozen=True, slots=True)
class Box:
    """A room: its sides in metres, and the seconds in which its sound falls by 60 dB."""

    sides: tuple[float, float, float]
    rt60_s: float

    @property
    def reflection(self) -> float:
        """Share of a sound wave that a wall gives back (Eyring)."""
        x, y, z = self.sides
        volume, surface = x * y * z, 2 * (x * y + y * z + x * z)
        return float(np.sqrt(np.exp(-24 * np.log(10) * volume / (SOUND_M_S * surface * self.rt60_s))))


def response(box: Box, talker: Point, microphone: Point, rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Impulse response, shape ``(n,)``; its first sound comes as late as the way takes, and is 1 from a metre away."""
    size = round(box.rt60_s * rate)
    reach = size / rate * SOUND_M_S
    sides = np.array(box.sides)
    count = np.ceil(reach / (2 * sides)).astype(int)
    grid = np.stack(np.meshgrid(*(np.arange(-c, c + 1) for c in count), indexing="ij"), axis=-1).reshape(-1, 3)
    out = np.zeros(size + 2)
    for mirrored in np.ndindex(2, 2, 2):
        flip = np.array(mirrored)
        images = (1 - 2 * flip) * talker + 2 * grid * sides
        bounces = np.abs(2 * grid - flip).sum(axis=1)
        if any(mirrored):
            images = images + rng.uniform(-WANDER_M, WANDER_M, images.shape)
        else:
            images = images + rng.uniform(-WANDER_M, WANDER_M, images.shape) * (bounces > 0)[:, None]
        way = np.maximum(np.sqrt(((images - microphone) ** 2).sum(axis=1)), 0.1)
        near = way < reach
        strength = box.reflection ** bounces[near] / way[near]
        at = way[near] / SOUND_M_S * rate
        whole = at.astype(np.int64)
        np.add.at(out, whole, strength * (whole + 1 - at))
        np.add.at(out, whole + 1, strength * (at - whole))
    later = np.maximum(0, np.arange(len(out)) - int(np.flatnonzero(out)[0])) / rate
    return np.asarray(out * 10 ** (-3 * later * (1 / box.rt60_s - 1 / decay_s(out, rate))))


def decay_s(impulse: NDArray[np.float64], rate: int) -> float:
    """Seconds in which the ringing falls by 60 dB, from how it falls in the first half of ``impulse``.

    In a box whose walls are alike it falls more slowly than Eyring has it: some waves meet few walls.
    """
    left = 10 * np.log10(np.cumsum(impulse[::-1] ** 2)[::-1] + 1e-20)
    early, late = len(impulse) * 15 // 100, len(impulse) // 2
    return float(60 * (late - early) / rate / (left[early] - left[late]))


def place(box: Box, rng: np.random.Generator, height: tuple[float, float]) -> Point:
    """A place in the room between two heights."""
    x, y, _ = box.sides
    return np.array([rng.uniform(WALL_M, x - WALL_M), rng.uniform(WALL_M, y - WALL_M), rng.uniform(*height)])


def heard(sound: Sound, impulse: NDArray[np.float64]) -> NDArray[np.float64]:
    """``sound`` through the room, with what rings on behind its end, shape ``(n + len(impulse) - 1,)``."""
    total = len(sound) + len(impulse) - 1
    size = 1 << (total - 1).bit_length()
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(impulse, size), size)[:total])
