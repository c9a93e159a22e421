"""A stretch of the release laid upon the original's sound: how far it lags, through which filter, and what is left.

Both are whitened by one short predictor of the whole release, so that a codec's noise, which is shaped like the speech,
lies about as far below it at every pitch. Within a few seconds an equaliser, a resampler's phase and a slow change of
loudness are all one short filter, fitted by least squares: N. Wiener, *Extrapolation, Interpolation, and Smoothing of
Stationary Time Series*, 1949. What that filter cannot explain is the residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.match.original import Original, Sound, padded
from wholetape.match.params import PRINT
from wholetape.match.waveparams import WAVE

Array = NDArray[np.float64]
_TINY = 1e-12


def _low_pass() -> Array:
    """A filter that ends below half the sampling rate: near it, two samplings of one sound are not one another's."""
    at = np.arange(-WAVE.low_taps, WAVE.low_taps + 1)
    edge = 2 * WAVE.low_hz / PRINT.rate
    return np.asarray(np.sinc(at * edge) * edge * np.hanning(len(at) + 2)[1:-1])


_LOWER = _low_pass()


@dataclass(frozen=True, slots=True)
class Release:
    """The release's own samples at 8 kHz, how many there are, and the (p + 1,) filter that whitens them and others."""

    sound: Sound
    length: int
    whitener: Array

    @staticmethod
    def of(sound: Sound, length: int) -> Release:
        """The release whose samples ``sound`` gives."""
        starts = np.linspace(0, max(0, length - WAVE.spot), WAVE.spots).astype(int).tolist()
        heard = np.concatenate([padded(sound, length, a, a + WAVE.spot) for a in starts]).astype(np.float64)
        return Release(sound, length, np.convolve(predictor(heard), _LOWER))

    def read(self, start: int, end: int) -> Array:
        """(end - start,) samples; 0 beyond its ends."""
        return padded(self.sound, self.length, start, end).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Laid:
    """How a stretch follows the original: its sample n is what the original's samples around ``n + lag`` become.

    taps: (2 t + 1,) filter. usual: (2, k) logarithms of predicted power, rising, and of the power
    that the residual usually has beside it. ``ratio``: the second by the first where speech is loud.
    """

    lag: int
    taps: Array
    usual: Array
    ratio: float


def lay(release: Release, original: Original, start: int, end: int, offset: float, reach: int) -> Laid | None:
    """How samples [start, end) of the release follow the original ``offset`` samples on, give or take ``reach``.

    None when they do not, or when nothing is heard there.
    """
    side = WAVE.taps
    here = release.read(start, end)
    base = round(offset)
    there = original.read(start + base - reach - side, end + base + reach + side).astype(np.float64)
    if float(here @ here) < WAVE.silence * len(here) or float(there @ there) < WAVE.silence * len(here):
        return None
    y, x = np.convolve(here, release.whitener, "valid"), np.convolve(there, release.whitener, "valid")
    shift = lag(y, x[side : len(x) - side])
    if shift is None:
        return None
    x = x[shift : shift + len(y) + 2 * side]
    rows = np.lib.stride_tricks.sliding_window_view(x, 2 * side + 1)
    square = rows.T @ rows
    square[np.diag_indices(len(square))] += 1e-4 * square[0, 0] + 1e-12
    taps = np.asarray(np.linalg.solve(square, rows.T @ y), np.float64)
    predicted = rows @ taps
    usual = _usual(y - predicted, predicted)
    ratio = float(np.exp(usual[1, -WAVE.loud :] - usual[0, -WAVE.loud :]).mean())
    return Laid(base - reach + shift, taps, usual, ratio)


def lag(y: Array, x: Array) -> int | None:
    """Where in ``x`` (n + 2 r,) the samples ``y`` (n,) lie, from 0; None when no place stands out.

    The cross-spectrum's phase alone, as in C. Knapp and G. Carter, *The Generalized Correlation Method for Estimation
    of Time Delay*, 1976, but with quiet frequencies weighing less.
    """
    size = 1 << (len(x) + len(y)).bit_length()
    one, other = np.fft.rfft(y, size), np.fft.rfft(x, size)
    cross = other * one.conj()
    size_of = np.abs(cross)
    cross /= np.sqrt(size_of) + 1e-3 * np.sqrt(size_of.max()) + 1e-30
    found = np.fft.irfft(cross, size)[: len(x) - len(y) + 1]
    if len(found) < 8:
        return 0
    best = int(np.argmax(np.abs(found)))
    around = np.delete(found, np.arange(max(0, best - 8), min(len(found), best + 9)))
    if len(around) < 8:
        return best
    return best if abs(found[best]) > WAVE.stands_out * float(np.sqrt(np.mean(around**2))) else None


def predictor(sound: Array) -> Array:
    """(p + 1,) prediction error filter of ``sound``, by Levinson and Durbin."""
    order = WAVE.order
    size = 1 << (2 * len(sound)).bit_length()
    power = np.abs(np.fft.rfft(sound, size)) ** 2
    auto = np.fft.irfft(power, size)[: order + 1]
    auto[0] = auto[0] * 1.001 + 1e-9
    out = np.zeros(order + 1)
    out[0], error = 1.0, auto[0]
    for k in range(1, order + 1):
        reflection = -float(out[:k] @ auto[k:0:-1]) / error
        out[1 : k + 1] = out[1 : k + 1] + reflection * out[k - 1 :: -1][:k]
        error *= 1 - reflection**2
    return out


def smooth(values: Array, width: int) -> Array:
    """Running mean over ``width`` samples, same length."""
    half = width // 2
    total = np.concatenate(([0.0], np.cumsum(np.pad(values, (half, width - 1 - half), mode="edge"))))
    return np.asarray((total[width:] - total[:-width]) / width)


def _usual(residual: Array, predicted: Array) -> Array:
    """(2, k) as in ``Laid``: in pauses a codec leaves noise of its own, in speech little."""
    width = min(WAVE.smooth, len(residual))
    left, made = smooth(residual**2, width)[::8], smooth(predicted**2, width)[::8]
    order = np.argsort(made)
    parts = np.array_split(order, min(WAVE.parts, len(order)))
    powers = [(made[p].mean(), np.sort(left[p])[: -(len(p) // 8) or None].mean()) for p in parts]
    out = np.log(np.array(powers).T + _TINY)
    out[1] = np.maximum(out[1], out[0] + np.log(WAVE.least))
    return out


@dataclass(frozen=True, slots=True)
class Costs:
    """Of each sample: (n,) ``follow``, if it is the original's as ``laid``, and ``foreign``, if not; in nats."""

    follow: Array
    foreign: Array


def costs(release: Release, original: Original, laid: Laid, start: int, end: int) -> Costs:
    """The costs of the release's samples [start, end)."""
    side, ahead = WAVE.taps, WAVE.low_taps
    before = len(release.whitener) - 1 - ahead
    y = np.convolve(release.read(start - before, end + ahead), release.whitener, "valid")
    there = original.read(start - before + laid.lag - side, end + ahead + laid.lag + side)
    x = np.convolve(there.astype(np.float64), release.whitener, "valid")
    predicted = np.convolve(x, laid.taps[::-1], "valid")[: len(y)]
    left = y - predicted
    width = min(WAVE.smooth, len(y))
    made = np.log(smooth(predicted**2, width) + _TINY)
    spread = np.exp(np.interp(made, *laid.usual))
    usual = np.maximum(smooth(y**2, width), float(np.exp(laid.usual[1].min())))
    foreign = (y**2 / usual + np.log(usual)) / 2
    follow = (left**2 / spread + np.log(spread)) / 2
    return Costs(np.minimum(follow, foreign + WAVE.most), foreign)
