"""How the mains really ran: recordings of the voltage itself, which ``eval/mains.json`` names.

python -m eval.mains FOLDER     how their frequency wandered, and where a recorder lost a moment
"""

from __future__ import annotations

import argparse
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
    phase = _phase(files[int(rng.integers(len(files)))])
    length = round(count / rate * _RATE) + 1
    first = int(rng.integers(len(phase) - length))
    return np.asarray(np.interp(np.arange(count) / rate * _RATE, np.arange(length), phase[first : first + length]))


def _phase(path: Path) -> NDArray[np.float64]:
    """Radians at 400 Hz by which one recording led a steady 50 Hz, but for a second at either end."""
    sound = read(path, _RATE)
    turned = sound * np.exp(-2j * np.pi * _NOMINAL_HZ * np.arange(len(sound)) / _RATE)
    smooth = np.convolve(turned, np.hanning(_RATE // 2), "same")
    edge = round(_EDGE_S * _RATE)
    return np.asarray(np.unwrap(np.angle(smooth))[edge:-edge])


def wandering(folder: Path) -> str:
    """How the frequency of the recordings in ``folder`` changes in one second and in ten, and the largest change."""
    changes = []
    for path in recordings(folder):
        hertz = np.diff(_phase(path)[::_RATE]) / (2 * np.pi)
        one, ten = np.diff(hertz), hertz[10:] - hertz[:-10]
        changes.append((float(np.std(one)), float(np.std(ten)), float(np.abs(one).max()), path.name))
    one_s, ten_s = (1000 * float(np.median([change[k] for change in changes])) for k in (0, 1))
    most, _, worst = max((change[2], change[0], change[3]) for change in changes)
    words = f"{len(changes)} recordings: {one_s:.1f} mHz from one second to the next, {ten_s:.1f} in ten (medians)"
    return f"{words}; at most {1000 * most:.1f} in one, in {worst}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m eval.mains", description=__doc__)
    parser.add_argument("folder", type=Path)
    print(wandering(parser.parse_args().folder))
