"""The outline of a sound for a drawing: the loudest sample of each of some hundred equal parts, in bounded memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_FINE = 100
"""Bins a second to begin with."""
_MOST = 1 << 17
"""Bins kept at most; then every two become one."""


class Outline:
    """Takes sound block by block, however much, and is read at the end."""

    def __init__(self, rate: int) -> None:
        self._bin = max(1, rate // _FINE)
        self._rest: npt.NDArray[np.float32] = np.zeros(0, np.float32)
        self._bins: list[npt.NDArray[np.float32]] = []
        self._count = 0

    def feed(self, sound: npt.NDArray[np.float32]) -> None:
        """Takes (n,) samples."""
        loud = np.concatenate([self._rest, np.abs(sound)])
        whole = len(loud) // self._bin * self._bin
        self._rest = loud[whole:]
        self._bins.append(loud[:whole].reshape(-1, self._bin).max(axis=1, initial=0.0))
        self._count += whole // self._bin
        while self._count >= _MOST:
            self._halve()

    def read(self, columns: int) -> tuple[float, ...]:
        """The loudest sample of each of at most ``columns`` parts, from 0 to 1; fewer where there is less sound."""
        last = self._rest.max(initial=0.0, keepdims=True)
        bins = np.concatenate([*self._bins, last if len(self._rest) else last[:0]])
        if not len(bins):
            return ()
        starts = np.unique(np.arange(columns) * len(bins) // columns)
        return tuple(np.minimum(1.0, np.maximum.reduceat(bins, starts)).tolist())

    def _halve(self) -> None:
        bins = np.concatenate(self._bins)
        even = len(bins) // 2 * 2
        odd = np.repeat(bins[even:], self._bin)  # stands before the rest, as loud as its bin was
        self._bins = [bins[:even].reshape(-1, 2).max(axis=1)]
        self._count, self._bin = even // 2, self._bin * 2
        self._rest = np.concatenate([odd, self._rest])
