"""How much of the original is heard in a copy of it, moment by moment: the share of each band that moves with it.

Per frequency one complex gain is fitted over seconds, which takes out equalisers and whatever delay is left. Then, in
each band, the coherence of the copy with what the original would have made of it: 1 where it is the same wave, 0 where
other sound stands there. Loudness does not matter. Noise laid over lowers it, but does not make it vanish.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wholetape.match.original import Original
from wholetape.match.params import PRINT
from wholetape.match.waveform import Array, Release
from wholetape.match.waveparams import ABSENT

_WINDOW = np.hanning(PRINT.window + 1)[:-1]


def _bands() -> tuple[int, int, NDArray[np.int64]]:
    """First and last FFT bin, and the first bin of each band from there on."""
    edges = np.geomspace(ABSENT.low_hz, ABSENT.high_hz, ABSENT.bands + 1)
    bins = np.unique(np.round(edges / (PRINT.rate / PRINT.window)).astype(np.int64))
    return int(bins[0]), int(bins[-1]), bins[:-1] - bins[0]


_FIRST, _LAST, _STARTS = _bands()


@dataclass(frozen=True, slots=True)
class Laid:
    """Of n frames, each (n, bands): ``shared`` power of copy and original, that ``expected`` of it, that ``found``."""

    shared: Array
    expected: Array
    found: Array


def laid(release: Release, original: Original, start: int, end: int, lag: int) -> Laid:
    """Frames [start, end) of the release beside the original ``lag`` samples on."""
    half = PRINT.window // 2
    first, last = start * PRINT.hop - half, (end - 1) * PRINT.hop + half
    own = _spectra(release.read(first, last))
    other = _spectra(original.read(first + lag, last + lag).astype(np.float64))
    gain = (own * other.conj()).sum(axis=0) / ((np.abs(other) ** 2).sum(axis=0) + 1e-9)
    made = gain * other
    parts = ((own * made.conj()).real, np.abs(made) ** 2, np.abs(own) ** 2)
    return Laid(*(np.add.reduceat(part, _STARTS, axis=1) for part in parts))


def _spectra(sound: Array) -> NDArray[np.complex128]:
    windows = np.lib.stride_tricks.sliding_window_view(sound, PRINT.window)[:: PRINT.hop]
    return np.asarray(np.fft.rfft(windows * _WINDOW, axis=1)[:, _FIRST:_LAST])


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a copy: weight and (bands,) power of each band, the power of its loud part, and the presence."""

    weight: Array
    power: Array
    loud: float
    median: float

    @staticmethod
    def of(parts: list[Laid]) -> Usual:
        """What these parts, spread over the copy, tell."""
        names = ("shared", "expected", "found")
        shared, expected, found = (np.concatenate([getattr(p, name) for p in parts]) for name in names)
        weight = shared.sum(axis=0) / (np.sqrt(expected.sum(axis=0) * found.sum(axis=0)) + 1e-12)
        loud = float(np.percentile(expected.sum(axis=1), 95))
        usual = Usual(np.clip(weight, 0, 1) ** 2, expected.mean(axis=0) + 1e-12, loud, 1.0)
        seen = [present(part, usual) for part in parts]
        values = np.concatenate([p[heard] for p, heard in seen])
        return replace(usual, median=float(np.median(values)) if len(values) >= 100 else 0.0)


def present(part: Laid, usual: Usual) -> tuple[Array, NDArray[np.bool_]]:
    """(n - window + 1,) presence in each window of frames, and whether anything is heard there, in copy or original."""
    shared, expected, found = (_sums(x) for x in (part.shared, part.expected, part.found))
    size = ABSENT.window
    floor = usual.power * 1e-3 * size
    coherent = shared / np.sqrt((expected + floor) * (found + floor))
    louder = np.maximum(expected, found)
    above = 10 * np.log10(louder / (usual.power * size) + 1e-9)
    counts = np.clip(above / ABSENT.depth_db + 1, 0, 1) * usual.weight
    total = counts.sum(axis=1)
    share = total / (usual.weight.sum() + 1e-12)
    loud = 10 * np.log10(louder.sum(axis=1) / (size * usual.loud + 1e-12) + 1e-12)
    heard = (share >= ABSENT.heard) & (loud >= -ABSENT.audible_db)
    return np.asarray((coherent * counts).sum(axis=1) / (total + 1e-12)), heard


def missed(part: Laid, first: int, last: int, usual: Usual) -> bool:
    """True when frames [first, last) of the original would be heard, and the copy has much less than that there."""
    expected, found = (float(power[first:last].sum()) for power in (part.expected, part.found))
    audible = expected >= (last - first) * usual.loud * 10 ** (-ABSENT.audible_db / 10)
    return audible and found < expected * 10 ** (-ABSENT.missed_db / 10)


def _sums(values: Array) -> Array:
    """(n - window + 1, …) sums over windows."""
    total = np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)))
    return np.asarray(total[ABSENT.window :] - total[: -ABSENT.window])
