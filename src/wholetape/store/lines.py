"""Lines that are kept twice: a small file that everything hangs on, and its copy, each line with its own checksum.

A line is sixteen hex digits of SHA-256 of its payload, a space, the payload, a newline. What was appended is in both
files and synced before :meth:`TwinLines.append` returns, so that one of them may be cut off or damaged anywhere and no
line is lost; of a crash in the middle of an append, only lines of that append are.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from wholetape.errors import MalformedFile, storage_failed
from wholetape.store.atomic import atomic_write
from wholetape.store.growing import GrowingFile

MAX_LINE = 64 << 20
"""Bytes of a line at most; a longer one is damage."""
_MARK = 17


class TwinLines:
    """The payloads of the lines of ``path`` and ``copy``; opening them repairs both.

    Payloads hold no newline. Not safe for several threads at once, but for :meth:`line`.

    Raises:
        MalformedFile: the two hold different lines at one place, each with the right checksum.
        StorageFailed: they cannot be read or written.
    """

    def __init__(self, path: str, copy: str) -> None:
        self._starts = array("Q", [0])
        pair = (path, copy)
        if any(os.path.exists(name) for name in pair):
            _repair(pair)
        self._files = [GrowingFile(name) for name in pair]
        for payload in _whole(path):
            self._starts.append(self._starts[-1] + _MARK + len(payload) + 1)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, payloads: Sequence[bytes]) -> None:
        """Returns when all ``payloads`` are lines of both files, and on the disk."""
        lines = [_framed(payload) for payload in payloads]
        data = b"".join(lines)
        for file in self._files:
            file.append(data)
        for file in self._files:
            file.sync()
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))

    def line(self, number: int) -> bytes:
        """The payload of line ``number``."""
        start, end = self._starts[number], self._starts[number + 1]
        return self._files[0].read(start + _MARK, end - 1)

    def __iter__(self) -> Iterator[bytes]:
        for number in range(len(self)):
            yield self.line(number)

    def close(self) -> None:
        """Lets go of both files."""
        for file in self._files:
            file.close()


def _framed(payload: bytes) -> bytes:
    return hashlib.sha256(payload).hexdigest()[: _MARK - 1].encode() + b" " + payload + b"\n"


def _payload(line: bytes) -> bytes | None:
    """The payload of a whole line, or None of a damaged one."""
    payload = line[_MARK:-1]
    return payload if line == _framed(payload) else None


def _lines(path: str) -> Iterator[bytes]:
    """The file's lines as they are, damaged ones too; the last may lack its newline. None of a file that is missing."""
    try:
        with open(path, "rb") as file:
            while line := file.readline(MAX_LINE):
                yield line
    except FileNotFoundError:
        return
    except OSError as problem:
        raise storage_failed("read", path, problem) from problem


def _whole(path: str) -> Iterator[bytes]:
    for line in _lines(path):
        if (payload := _payload(line)) is None:
            return
        yield payload


def _merged(pair: tuple[str, str]) -> Iterator[bytes]:
    """Each line from whichever file has it whole, up to the first that neither has."""
    for number, lines in enumerate(zip_longest(*map(_lines, pair), fillvalue=b"")):
        first, second = map(_payload, lines)
        if first is not None and second is not None and first != second:
            raise MalformedFile(
                f"{pair[0]!r} and its copy differ in line {number + 1}, and neither is damaged: one was changed",
                "put back the files as the recorder left them",
            )
        payload = first if first is not None else second
        if payload is None:
            return
        yield _framed(payload)


def _repair(pair: tuple[str, str]) -> None:
    """Makes both files the merged lines; one at a time, each in one step, the worse one first."""
    sizes = [sum(map(len, (_framed(p) for p in _whole(name)))) for name in pair]
    whole = sum(map(len, _merged(pair)))
    names = sorted(pair, key=lambda name: sizes[pair.index(name)])
    for name in names:
        if sizes[pair.index(name)] != whole or not os.path.exists(name) or os.path.getsize(name) != whole:
            GrowingFile(name).close()  # so that a new one is not readable for others
            atomic_write(name, _merged(pair))
