"""The sound of a recording, whatever its file: in order, in bounded memory, on the clock of ``ffmpeg -i FILE``."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from types import TracebackType
from typing import Self

from wholetape.media.blocks import Damage, PcmBlock, Samples
from wholetape.media.packets import PacketReader
from wholetape.media.sidebyside import SideBySide, plan

__all__ = ["Damage", "Decoder", "PcmBlock"]

_BLOCK_SECONDS = 16
"""The longest block; views of a larger piece of memory."""


class Decoder:
    """One audio stream of one file; a context manager. ``jobs`` threads decode, which changes nothing in the result.

    Time zero is the first sample of ``ffmpeg -i FILE -map 0:a:N``: encoder delay and edit lists are applied, a late
    start is not filled. Lost packets leave no gap, as there: later sound moves up, and ``damage`` says where.

    Args:
        path: the file; taken literally, never as an address or a playlist.
        stream: number of the audio stream, from 0 among the audio streams.
        jobs: threads that decode side by side.

    Raises:
        UnreadableInput: no such file or stream, or nothing in it can be decoded.
    """

    def __init__(self, path: str | os.PathLike[str], stream: int = 0, *, jobs: int = 1) -> None:
        if jobs < 1:
            raise ValueError("at least one job decodes")
        self._reader = PacketReader(path, stream)
        self._path = path
        self._stream = stream
        self._jobs = jobs
        self._done = 0
        self._ended = False
        self.rate = self._reader.rate
        """Samples per second of every block."""
        self.channels = self._reader.channels
        """Rows of every block."""

    @property
    def damage(self) -> tuple[Damage, ...]:
        """Damaged places; complete once :meth:`blocks` is exhausted."""
        return self._reader.damage.all()

    @property
    def progress(self) -> float:
        """An estimate, 0 to 1, of how much has been handed on."""
        if self._ended:
            return 1.0
        claimed = self._reader.claims.seconds
        if claimed:
            return min(1.0, self._done / self.rate / claimed)
        return self._reader.position()

    def blocks(self) -> Generator[PcmBlock, None, None]:
        """All sound of the stream, contiguous from 0, a few seconds a block; to be called once."""
        lanes = self._lanes()
        if lanes is not None:
            self._reader.close()  # its index of a long file need not be in memory once more
            for samples in lanes.blocks():
                yield from self._cut(samples)
            if lanes.complete:
                self._reader.note_short_end(self._done)
                self._ended = True
                return
            self._reader = PacketReader(self._path, self._stream)
        known = self._done  # from the beginning again, the only place where every decoder's state is known
        for samples in self._reader.blocks():
            fresh = samples[:, known:]
            known -= samples.shape[1] - fresh.shape[1]
            yield from self._cut(fresh)
        self._ended = True

    def _lanes(self) -> SideBySide | None:
        source = plan(self._reader)
        return SideBySide(self._reader, source, self._jobs) if source is not None else None

    def _cut(self, samples: Samples) -> Iterator[PcmBlock]:
        step = _BLOCK_SECONDS * self.rate
        for first in range(0, samples.shape[1], step):
            part = samples[:, first : first + step]
            start, self._done = self._done, self._done + part.shape[1]
            yield PcmBlock(self._stream, start, part)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
