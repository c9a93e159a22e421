"""How the mains really ran: recordings of the voltage itself, which ``eval/mains.json`` names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.sound import read, recordings

_RATE = 400
_NOMINAL_HZ = 50.0
_EDGE_S = 1.0


def mains_folder(speech: Path) -> Path:
    """Where the recordings of the mains are kept: beside those of speech, under the same name and ``-mains``."""
    return speech.with_name(speech.name + "-mains")


def wander(folder: Path, rng: np.random.Generator, count: int, rate: int) -> NDArray[np.float64]:
    """(count,) radians at ``rate`` by which the mains led a steady 50 Hz, from any place of any file in ``folder``.

    Raises ``FileNotFoundError`` where there is none.
    """
    files = recordings(folder) if folder.is_dir() else []
    if not files:
        raise FileNotFoundError(f"{folder} holds no recordings of the mains; eval/mains.json names some")
    sound = read(files[int(rng.integers(len(files)))], _RATE)
    taper = np.hanning(_RATE // 2)
    turned = sound * np.exp(-2j * np.pi * _NOMINAL_HZ * np.arange(len(sound)) / _RATE)
    smooth = np.convolve(turned, taper, "same")
    edge = round(_EDGE_S * _RATE)
    phase = np.unwrap(np.angle(smooth))[edge:-edge]
    length = round(count / rate * _RATE) + 1
    first = int(rng.integers(len(phase) - length))
    return np.asarray(np.interp(np.arange(count) / rate * _RATE, np.arange(length), phase[first : first + length]))
