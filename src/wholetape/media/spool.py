"""Sound set aside on disk, so that later stages can look again while memory does not grow with duration."""

from __future__ import annotations

import tempfile
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from wholetape.errors import StorageFailed, storage_failed

_BYTES = 2


class Spool:
    """Mono int16 sound at ``CLOCK_HZ``, appended in order and read back anywhere; ``len()`` counts its samples.

    It lives in a temporary file without a name, which the operating system removes with the process. Threads may
    use it side by side.
    """

    def __init__(self) -> None:
        try:
            self._file = tempfile.TemporaryFile(prefix="wholetape-", buffering=0)  # noqa: SIM115  # closed by close()
        except OSError as problem:
            raise storage_failed("set sound aside in", tempfile.gettempdir(), problem) from problem
        self._samples = 0
        self._turn = Lock()  # who has it may move the file's one position

    def __len__(self) -> int:
        return self._samples

    def append(self, samples: npt.NDArray[np.int16]) -> None:
        """Add ``samples``, shape (n,), at the end.

        Raises:
            StorageFailed: the disk is full; what was there before can still be read.
        """
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise ValueError(f"a spool takes int16 samples of shape (n,), not {samples.dtype} of {samples.shape}")
        view = np.ascontiguousarray(samples).view(np.uint8).data
        with self._turn:
            try:
                self._file.seek(self._samples * _BYTES)
                while view:
                    view = view[self._file.write(view) :]
            except OSError as problem:
                raise self._failed(problem) from problem
            self._samples += len(samples)

    def read(self, start: int, end: int) -> npt.NDArray[np.int16]:
        """The samples ``[start, end)``, shape (end - start,).

        Raises:
            IndexError: the span reaches outside of what was appended.
            StorageFailed: the disk does not give back what it took.
        """
        if not 0 <= start <= end <= self._samples:
            raise IndexError(f"samples {start} to {end} of a spool that holds {self._samples}")
        wanted = np.empty(end - start, np.int16)
        view = wanted.view(np.uint8).data
        with self._turn:
            try:
                self._file.seek(start * _BYTES)
                while view:
                    got = self._file.readinto(view)
                    if not got:
                        raise OSError(5, "the temporary file is shorter than what was written to it")
                    view = view[got:]
            except OSError as problem:
                raise self._failed(problem) from problem
        return wanted

    def close(self) -> None:
        """Give the disk space back; the spool cannot be used afterwards."""
        self._file.close()

    def __del__(self) -> None:
        """Give the disk space back when nobody holds the spool any more, on whatever path that came about."""
        if hasattr(self, "_file"):
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def _failed(problem: OSError) -> StorageFailed:
        failed = storage_failed("set sound aside in", tempfile.gettempdir(), problem)
        failed.hint = "free some space, or point TMPDIR to another disk"
        return failed
