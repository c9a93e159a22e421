"""8 kHz sound to words: 33 band energies every 10 ms, and the signs of how their differences change.

Source: J. Haitsma and T. Kalker, *A Highly Robust Audio Fingerprinting System*, ISMIR 2002; here with 32 ms windows
for speech, two time lags in one word, and margins kept for the side whose sound is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import PRINT

_REACH = PRINT.slow_smooth + PRINT.slow_lag
"""Frames of context that a word needs on either side."""
_HALF = PRINT.window // 2
_BLOCK = 2048
"""Frames transformed at once: stays in the cache."""
_CLASS_EDGES = np.repeat(np.array([[0.25, 0.7, 1.5], [0.2, 0.6, 1.2]], np.float32), 32, axis=0)
"""(64, 3): margins that part the four classes of a bit's reliability, for the fast and the slow half."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Features of one track. ``n`` frames, frame i centred on sample 80 i of the track's 8 kHz sound.

    words: (n,) uint64, fast signs in bits 0–31, slow signs in 32–63. planes: (2, n) uint64, the low and high bit of
    each sign's reliability class 0–3 (0 least). level: (n,) uint8 as ``level_code``. tone: (n,) bool, nearly all energy
    in one narrow place. contrast: (n,) uint8, deviation of the log spectrum, 32 steps a neper.
    """

    words: NDArray[np.uint64]
    planes: NDArray[np.uint64]
    level: NDArray[np.uint8]
    tone: NDArray[np.bool_]
    contrast: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.words)

    def slice(self, start: int, end: int) -> Frames:
        """Frames [start, end) as views."""
        here = slice(start, end)
        return Frames(self.words[here], self.planes[:, here], self.level[here], self.tone[here], self.contrast[here])


def frame_count(samples: int) -> int:
    """Frames of a track of ``samples`` samples at 8 kHz."""
    return -(-samples // PRINT.hop)


def band_matrix(scale: float = 1.0) -> NDArray[np.float32]:
    """(129, 33) share of each FFT bin in each band; ``scale`` moves the bands for sound played at another speed."""
    edges = PRINT.low * (PRINT.high / PRINT.low) ** (np.arange(PRINT.bands + 1) / PRINT.bands) * scale
    width = PRINT.rate / PRINT.window
    centre = np.arange(_HALF + 1) * width
    upper = np.minimum(centre[:, None] + width / 2, edges[None, 1:])
    lower = np.maximum(centre[:, None] - width / 2, edges[None, :-1])
    return np.asarray(np.clip(upper - lower, 0.0, None) / width, np.float32)


def _hann() -> NDArray[np.float32]:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(PRINT.window) / PRINT.window), np.float32)


def _smoothing() -> NDArray[np.float32]:
    taps = 2 * PRINT.slow_smooth + 1
    weights = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1, taps + 1) / (taps + 1))
    return np.asarray(weights / weights.sum(), np.float32)


def _tone_groups() -> NDArray[np.float32]:
    edges = PRINT.low * (PRINT.high / PRINT.low) ** (np.arange(PRINT.bands + 1) / PRINT.bands)
    centres = np.sqrt(edges[1:] * edges[:-1])
    near = np.abs(centres[:, None] - centres[None, :]) <= PRINT.tone_width
    return np.asarray(near | np.eye(PRINT.bands, k=-1, dtype=np.bool_), np.float32)  # a tone may lie on an edge


_BANDS = band_matrix()
_WINDOW = _hann()
_SMOOTH = _smoothing()
_TONES = _tone_groups()


def level_code(energy: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Summed band energy as 0–127: a quarter octave of energy (0.75 dB) a step, 127 a full-scale tone, 0 silence."""
    with np.errstate(divide="ignore"):
        steps = np.floor(4 * np.log2(energy)) + 79
    return np.asarray(np.clip(np.nan_to_num(steps, neginf=0.0), 0, 127), np.uint8)


def energies(padded: NDArray[np.float32], starts: NDArray[np.int64], bands: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 33) band energies of the windows of ``padded`` (m,) that begin at ``starts`` (n,)."""
    out = np.empty((len(starts), PRINT.bands), np.float32)
    if not len(starts):
        return out
    windows = np.lib.stride_tricks.sliding_window_view(padded, PRINT.window)
    uniform = len(starts) > 1 and bool(np.all(np.diff(starts) == PRINT.hop))
    for i in range(0, len(starts), _BLOCK):
        part = starts[i : i + _BLOCK]
        chosen = windows[part[0] : part[-1] + 1 : PRINT.hop] if uniform else windows[part]
        spectrum = np.fft.rfft(chosen * _WINDOW, axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        out[i : i + _BLOCK] = power @ bands
    return out


def describe(energy: NDArray[np.float32]) -> Frames:
    """Frames of (n + 18, 33) band energies: the first and last nine rows are context and yield no frame."""
    n = len(energy) - 2 * _REACH
    floor = np.float32(PRINT.floor)
    smooth = np.zeros((len(energy) - 2 * PRINT.slow_smooth, PRINT.bands), np.float32)
    for k, weight in enumerate(_SMOOTH):
        smooth += weight * energy[k : k + len(smooth)]
    margins = np.empty((n, 64), np.float32)
    _signs(energy, _REACH, n, PRINT.fast_lag, floor, margins[:, :32])
    slow = _signs(smooth, _REACH - PRINT.slow_smooth, n, PRINT.slow_lag, floor, margins[:, 32:])
    contrast = np.clip(32 * slow.std(axis=1), 0, 255).astype(np.uint8)
    size = np.abs(margins)
    first, second, third = (size > _CLASS_EDGES[:, k] for k in range(3))
    inner = energy[_REACH : _REACH + n]
    total = inner.sum(axis=1)
    narrow = (inner @ _TONES).max(axis=1)
    tone = (narrow >= np.float32(PRINT.tone_share) * total) & (total > 64 * floor)
    planes = np.stack((_pack((first & ~second) | third), _pack(second)))
    return Frames(_pack(margins > np.float32(PRINT.least_change)), planes, level_code(total), tone, contrast)


def _signs(
    energy: NDArray[np.float32], first: int, n: int, lag: int, floor: np.float32, out: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Write (n, 32): how the log difference of neighbouring bands changes from ``lag`` frames before to after.

    Returns the (n, 33) log energies themselves, over the floor: near it, float32 is more exact so.
    """
    logs = np.log(energy / floor + np.float32(1.0))
    change = logs[first + lag : first + lag + n] - logs[first - lag : first - lag + n]
    np.subtract(change[:, 1:], change[:, :-1], out=out)
    return np.asarray(logs[first : first + n])


def _pack(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    return np.packbits(bits, axis=1, bitorder="little").view("<u8")[:, 0].astype(np.uint64, copy=False)


class FrameStream:
    """Streams 8 kHz float32 sound into ``Frames``; memory is bounded, the frames do not depend on the pieces fed."""

    def __init__(self) -> None:
        self._sound = np.zeros(_HALF, np.float32)
        self._energy: NDArray[np.float32] | None = None
        self._samples = 0
        self._framed = 0

    def copy(self) -> FrameStream:
        """Another one in the same state; the arrays are never written to, so they are shared."""
        return copy(self)

    def feed(self, samples: NDArray[np.float32]) -> Frames:
        """Take (m,) samples; return the frames completed by them."""
        return self._describe(self.energy(samples), last=False)

    def finish(self) -> Frames:
        """Return the remaining frames; the sound counts as zero from its end on."""
        return self._describe(self.last_energy(), last=True)

    def energy(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take (m,) samples; return the (n, 33) band energies of the frames completed by them, and nothing else."""
        self._samples += len(samples)
        self._sound = np.concatenate((self._sound, samples))
        return self._frame(max(0, (len(self._sound) - PRINT.window) // PRINT.hop + 1))

    def last_energy(self) -> NDArray[np.float32]:
        """The (n, 33) band energies of the remaining frames."""
        missing = frame_count(self._samples) - self._framed
        self._sound = np.concatenate((self._sound, np.zeros(PRINT.window, np.float32)))
        return self._frame(max(0, missing))

    def _frame(self, count: int) -> NDArray[np.float32]:
        rows = energies(self._sound, np.arange(count, dtype=np.int64) * PRINT.hop, _BANDS)
        self._sound = self._sound[count * PRINT.hop :]
        self._framed += count
        return rows

    def _describe(self, rows: NDArray[np.float32], last: bool) -> Frames:
        if self._energy is None and len(rows):
            self._energy = np.repeat(rows[:1], _REACH, axis=0)
        if self._energy is not None:
            rows = np.concatenate((self._energy, rows))
        if last and len(rows):
            rows = np.concatenate((rows, np.repeat(rows[-1:], _REACH, axis=0)))
        if len(rows) <= 2 * _REACH:
            self._energy = rows if len(rows) else None
            return empty_frames()
        self._energy = rows[len(rows) - 2 * _REACH :]
        return describe(rows)


def empty_frames() -> Frames:
    """No frames."""
    word = np.zeros(0, np.uint64)
    return Frames(
        word, np.zeros((2, 0), np.uint64), np.zeros(0, np.uint8), np.zeros(0, np.bool_), np.zeros(0, np.uint8)
    )


def join(parts: list[Frames]) -> Frames:
    """The frames of ``parts`` one after another."""
    parts = parts or [empty_frames()]
    return Frames(
        np.concatenate([p.words for p in parts]),
        np.concatenate([p.planes for p in parts], axis=1),
        np.concatenate([p.level for p in parts]),
        np.concatenate([p.tone for p in parts]),
        np.concatenate([p.contrast for p in parts]),
    )


def levels_of(pieces: Iterable[NDArray[np.float32]]) -> NDArray[np.uint8]:
    """(n,) levels of the frames of 8 kHz sound that comes in ``pieces``, at half the cost of the frames."""
    stream = FrameStream()
    rows = [stream.energy(piece).sum(axis=1) for piece in pieces]
    return level_code(np.concatenate([*rows, stream.last_energy().sum(axis=1)]))


def frames_of(sound: NDArray[np.float32]) -> Frames:
    """All frames of ``sound`` (m,) at 8 kHz."""
    stream = FrameStream()
    return join([stream.feed(sound), stream.finish()])


def frames_at(sound: NDArray[np.float32], speed: float, resampled: bool, offset: float = 0.0) -> Frames:
    """Frames of ``sound`` (m,) as if played ``1 / speed`` as fast: frame i centred on sample ``offset + 80 i / speed``.

    ``speed`` is reference seconds per release second. ``resampled``: pitch went with the speed, so the bands are moved
    with it; else only the frames are respaced.
    """
    count = int(np.ceil((len(sound) - offset) * speed / PRINT.hop))
    if count <= 0:
        return empty_frames()
    padded = np.concatenate((np.zeros(_HALF, np.float32), sound, np.zeros(2 * PRINT.window, np.float32)))
    starts = np.round(offset + np.arange(count) * (PRINT.hop / speed)).astype(np.int64)
    rows = energies(padded, starts, band_matrix(speed) if resampled else _BANDS)
    return describe(np.concatenate((np.repeat(rows[:1], _REACH, axis=0), rows, np.repeat(rows[-1:], _REACH, axis=0))))
