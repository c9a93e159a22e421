"""One pass over a recording that is sealed or verified: the hash of its bytes, and its samples for whoever counts them.

Of a plain WAV file both come from one reading, side by side in threads: hashing lets go of the interpreter's lock.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from wholetape.media.facts import cannot_read
from wholetape.media.guard import open_regular
from wholetape.media.wav import PlainWav, plain_wav

Taker = Callable[[memoryview], Any]
"""Called with all samples in order, in pieces of any length; each taker from one thread of its own."""
Progress = Callable[[float], None]
_CHUNK = 1 << 22
_AHEAD = 3
"""Chunks read ahead of the slowest taker."""


class Pipe:
    """Hands chunks to takers, each in a thread of its own; a chunk's memory is used again once all have taken it."""

    def __init__(self, stack: ExitStack, takers: Sequence[Taker]) -> None:
        self._pools = [(stack.enter_context(ThreadPoolExecutor(1, "hash")), taker) for taker in takers]
        self._under_way: deque[list[Future[Any]]] = deque()

    def put(self, *parts: tuple[int, memoryview]) -> None:
        """Hands each ``(number of taker, piece)`` on; returns when at most a few chunks are under way."""
        self._under_way.append(
            [self._pools[number][0].submit(self._pools[number][1], piece) for number, piece in parts]
        )
        while len(self._under_way) > _AHEAD - 1:
            self._wait()

    def finish(self) -> None:
        """Returns when everything was taken; raises what a taker raised."""
        while self._under_way:
            self._wait()

    def _wait(self) -> None:
        for future in self._under_way.popleft():
            future.result()


def plain_form(path: str | os.PathLike[str]) -> PlainWav | None:
    """The form of a plain WAV file, else None; raises ``UnreadableInput`` for what is no file."""
    with open_regular(path) as file:
        return plain_wav(file)


def hash_file(path: str | os.PathLike[str], progress: Progress = lambda share: None) -> tuple[int, bytes]:
    """Size and SHA-256, 32 bytes, of a file; nothing of it is decoded. Raises ``UnreadableInput``."""
    digest = hashlib.sha256()
    size = 0
    with open_regular(path) as file:
        total = os.fstat(file.fileno()).st_size
        buffer = memoryview(bytearray(_CHUNK))
        while count := _read(file, buffer, path):
            digest.update(buffer[:count])
            size += count
            progress(min(1.0, size / total))
    return size, digest.digest()


def wav_pass(
    path: str | os.PathLike[str], wav: PlainWav, takers: Sequence[Taker], progress: Progress = lambda share: None
) -> tuple[int, bytes]:
    """Size and SHA-256 of a plain WAV file, while ``takers`` get its samples."""
    digest = hashlib.sha256()
    first, end = wav.offset, wav.offset + wav.length
    at = 0
    buffers = [memoryview(bytearray(_CHUNK)) for _ in range(_AHEAD + 1)]
    with ExitStack() as stack:
        file = stack.enter_context(open_regular(path))
        total = os.fstat(file.fileno()).st_size
        pipe = Pipe(stack, [digest.update, *takers])
        turn = 0
        while count := _read(file, buffers[turn], path):
            chunk = buffers[turn][:count]
            sound = chunk[max(0, first - at) : max(0, min(count, end - at))]
            parts = [(0, chunk)]
            if len(sound):
                parts += [(number, sound) for number in range(1, len(takers) + 1)]
            pipe.put(*parts)
            at += count
            turn = (turn + 1) % len(buffers)
            progress(min(1.0, at / total))
        pipe.finish()
    return at, digest.digest()


def _read(file: io.FileIO, buffer: memoryview, path: str | os.PathLike[str]) -> int:
    try:
        return file.readinto(buffer) or 0
    except OSError as problem:
        raise cannot_read(os.fspath(path), problem) from problem
