"""The products of sound with a bank's filters: an MDCT's by a Fourier transform, which is quicker, others' outright."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.codec.banks import Bank

Parts = tuple[NDArray[np.float32], NDArray[np.float32]]


def products(bank: Bank) -> Callable[[NDArray[np.float32]], Parts]:
    """The function that yields real and imaginary parts, (n, K) each, of the products with (n, taps) windows."""
    return _by_fourier(bank) if bank.codec == "aac" else _outright(bank)


def _by_fourier(bank: Bank) -> Callable[[NDArray[np.float32]], Parts]:
    """A filter of an MDCT is its window times exp(jπ/hop (k + ½)(n + ½ + hop/2)), k its index and n the sample."""
    hop = bank.hop
    index = np.rint(bank.angles * hop / np.pi - 0.5).astype(np.int64)
    turn = np.exp(1j * np.pi / (2 * hop) * np.arange(bank.taps))
    before = (np.abs(bank.filters[0]) * turn).astype(np.complex64)
    after = np.exp(1j * np.pi / hop * (index + 0.5) * (0.5 + hop / 2)).astype(np.complex64)

    def apply(windows: NDArray[np.float32]) -> Parts:
        spectrum = np.fft.fft(windows * before, axis=1)[:, bank.taps - index] * after
        return spectrum.real, spectrum.imag

    return apply


def _outright(bank: Bank) -> Callable[[NDArray[np.float32]], Parts]:
    columns = np.ascontiguousarray(np.concatenate((bank.filters.real, bank.filters.imag)).T, np.float32)
    size = len(bank.filters)

    def apply(windows: NDArray[np.float32]) -> Parts:
        product = windows @ columns
        return product[:, :size], product[:, size:]

    return apply
