"""Any rate to 8 kHz, by the formula of the print's specification: a Blackman-windowed sinc, evaluated exactly.

Source: J. O. Smith, *Digital Audio Resampling Home Page*, "windowed sinc interpolation".
"""

from __future__ import annotations

from copy import copy
from math import gcd

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import PRINT

_GROUP = 16
"""Outputs computed together: few enough that the matrix stays mostly full, enough that BLAS pays."""


def kernel(t: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """The resampler's impulse response at ``t`` (in output periods of the lower of both rates), scaled for ``rate``."""
    half = PRINT.filter_periods
    inside = np.abs(t) < half
    u = np.pi * t / half
    window = 0.42 + 0.5 * np.cos(u) + 0.08 * np.cos(2 * u)
    return np.asarray(np.where(inside, np.sinc(t) * window, 0.0) * min(1.0, PRINT.rate / rate))


def sane(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """``samples`` with 0 for what is no number, and within ±``PRINT.loudest``: broken float files hold anything."""
    limit = np.float32(PRINT.loudest)
    with np.errstate(over="ignore", invalid="ignore"):
        energy = [float(np.dot(row, row)) for row in (samples if samples.ndim > 1 else [samples])]
    if all(e <= PRINT.loudest**2 for e in energy):  # then no single sample is louder: the quick way
        return samples
    if not samples.size or (samples.max() <= limit and samples.min() >= -limit):
        return samples
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -limit, limit)


class Resampler:
    """Streams float32 samples at ``rate`` Hz into samples at 8 kHz; zero delay, zeros assumed before and after.

    ``feed`` returns what can be computed so far, ``finish`` the rest: ``ceil(N * 8000 / rate)`` samples in all.
    """

    def __init__(self, rate: int) -> None:
        if rate <= 0:
            raise ValueError("rate must be positive")
        self.rate = rate
        common = gcd(rate, PRINT.rate)
        self._up, self._down = PRINT.rate // common, rate // common
        slower = min(rate, PRINT.rate)
        self._reach = int(np.ceil(PRINT.filter_periods * rate / slower))
        group = self._up * max(1, round(_GROUP / self._up)) if self._up < _GROUP else _GROUP
        self._outputs = group
        self._tables: dict[int, NDArray[np.float32]] = {}
        self._slower = slower
        self._buffer = np.zeros(self._reach, np.float32)
        self._origin = -self._reach  # index of the buffer's first sample on the input clock
        self._received = 0
        self._made = 0

    def copy(self) -> Resampler:
        """Another one in the same state."""
        other = copy(self)
        other._buffer = self._buffer.copy()
        return other

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take (n,) samples and return those outputs whose whole neighbourhood has arrived."""
        samples = sane(samples)
        if self.rate == PRINT.rate:
            self._received += len(samples)
            return samples
        self._buffer = np.concatenate((self._buffer, samples))
        self._received += len(samples)
        last = self._received - self._reach - 2  # the newest input that has its whole neighbourhood, and one more
        ready = last * PRINT.rate // self.rate + 1 if last >= 0 else 0
        return self._make(max(self._made, ready - (ready - self._made) % self._outputs))

    def finish(self) -> NDArray[np.float32]:
        """Return the remaining outputs; the input counts as zero from its end on."""
        if self.rate == PRINT.rate:
            return np.zeros(0, np.float32)
        total = -(-self._received * PRINT.rate // self.rate)
        self._buffer = np.concatenate((self._buffer, np.zeros(2 * self._reach + 2 * self._down + 1, np.float32)))
        head = self._make(self._made + (total - self._made) // self._outputs * self._outputs)
        spare = self._outputs * self.rate // PRINT.rate + 3
        self._buffer = np.concatenate((self._buffer, np.zeros(spare, np.float32)))
        rest = total - self._made
        return np.concatenate((head, self._make(self._made + self._outputs)[:rest] if rest else head[:0]))

    def _make(self, until: int) -> NDArray[np.float32]:
        """Outputs from the last one made up to ``until``, a multiple of the group further on."""
        groups = (until - self._made) // self._outputs
        if groups <= 0:
            return np.zeros(0, np.float32)
        out = np.empty((groups, self._outputs), np.float32)
        cycle = self._up // gcd(self._up, self._outputs)  # groups until the phases repeat
        first = self._made
        for phase in range(min(cycle, groups)):
            m = first + phase * self._outputs
            table = self._table(m)
            width = table.shape[0]
            starts = m * self.rate // PRINT.rate - self._reach - self._origin
            step = cycle * self._outputs * self.rate // PRINT.rate
            count = len(range(phase, groups, cycle))
            rows = np.lib.stride_tricks.sliding_window_view(self._buffer[starts:], width)[::step][:count]
            out[phase::cycle] = rows @ table
        self._made = until
        keep = until * self.rate // PRINT.rate - self._reach - self._origin
        self._buffer = self._buffer[keep:]
        self._origin += keep
        return out.reshape(-1)

    def _table(self, m: int) -> NDArray[np.float32]:
        """Weights (inputs, outputs) of the group whose first output is ``m``."""
        key = m * self._down % self._up
        if key not in self._tables:
            if len(self._tables) > 1024:
                self._tables.clear()
            base = m * self.rate // PRINT.rate
            outputs = m + np.arange(self._outputs)
            span = int((m + self._outputs - 1) * self.rate // PRINT.rate) - base + 2 * self._reach + 2
            inputs = base - self._reach + np.arange(span)
            numerator = inputs[:, None] * PRINT.rate - outputs[None, :] * self.rate  # exact integers
            t = (numerator * (self._slower / (PRINT.rate * self.rate))).astype(np.float64)
            self._tables[key] = kernel(t, self.rate).astype(np.float32)
        return self._tables[key]


def resample(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """All of ``samples`` (n,) at ``rate`` Hz as 8 kHz samples, ``ceil(n * 8000 / rate)`` of them."""
    machine = Resampler(rate)
    return np.concatenate((machine.feed(samples), machine.finish()))
