"""How a file is laid out: its boxes or chunks in order, its tags, and what an edit list leaves out.

Sources: ISO/IEC 14496-12 (boxes), Microsoft and IBM, *Multimedia Programming Interface* 1.0 (RIFF).
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from wholetape.media.guard import open_container, open_regular

_MOST_BOXES = 200
_LARGEST_HEAD = 1 << 26
_INSIDE = frozenset({b"moov", b"trak", b"edts", b"mdia"})


@dataclass(frozen=True, slots=True)
class Structure:
    """``order``: names of the outermost boxes or chunks; ``tags``: lower-case names and values of file and stream.

    ``edits``: of each entry of the first track's edit list the seconds of its length, and of the media where it begins
    (negative for an empty one).
    """

    order: tuple[str, ...]
    tags: dict[str, str]
    edits: tuple[tuple[float, float], ...]


def structure(path: str | os.PathLike[str]) -> Structure:
    """The layout of the file at ``path``; what it does not have stays empty. Raises ``UnreadableInput``."""
    name = os.fspath(path)
    with open_regular(path) as file:
        head = file.read(12) or b""
        order: list[str] = []
        edits: list[tuple[float, float]] = []
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            for kind, start, size in _boxes(file):
                order.append(kind.decode("latin-1"))
                if kind == b"moov" and size <= _LARGEST_HEAD:
                    file.seek(start)
                    edits += _edit_list(file.read(size) or b"")
        elif head[:4] in (b"RIFF", b"RF64"):
            order += _chunks(file)
        file.seek(0)
        with open_container(file, name) as container:
            tags = {key.lower(): str(value) for key, value in container.metadata.items()}
            for stream in container.streams.audio[:1]:
                tags |= {key.lower(): str(value) for key, value in stream.metadata.items() if key.lower() not in tags}
    return Structure(tuple(order), tags, tuple(edits))


def _boxes(file: io.FileIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and size of the content of each outermost box."""
    end, at = os.fstat(file.fileno()).st_size, 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16) or b""
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head[:8])
        skip = 8
        if size == 1 and len(head) == 16:
            size, skip = struct.unpack(">Q", head[8:16])[0], 16
        if size == 0:
            size = end - at
        if size < skip:
            return
        yield kind, at + skip, size - skip
        at += size


def _chunks(file: io.FileIO) -> Iterator[str]:
    at = 12
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(8) or b""
        if len(head) < 8:
            return
        yield head[:4].decode("latin-1")
        at += 8 + (size := int.from_bytes(head[4:], "little")) + size % 2


def _edit_list(moov: bytes) -> list[tuple[float, float]]:
    """The first edit list, in seconds by the clocks of the movie and of its track."""
    movie, media, entries = 0, 0, b""
    for kind, body in _inner(moov):
        if kind == b"mvhd" and len(body) >= 24:
            movie = int.from_bytes(body[20:24] if body[0] == 1 else body[12:16], "big")
        if kind == b"mdhd" and not media and len(body) >= 24:
            media = int.from_bytes(body[20:24] if body[0] == 1 else body[12:16], "big")
        if kind == b"elst" and not entries:
            entries = body
    if not movie or not media or len(entries) < 8:
        return []
    form = ">Qq4x" if entries[0] == 1 else ">Ii4x"
    step = struct.calcsize(form)
    count = min(int.from_bytes(entries[4:8], "big"), (len(entries) - 8) // step, 1000)
    rows = [struct.unpack_from(form, entries, 8 + k * step) for k in range(count)]
    return [(length / movie, -1.0 if start < 0 else start / media) for length, start in rows]


def _inner(data: bytes, depth: int = 0) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data) and depth < 6:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8 or at + size > len(data):
            return
        body = data[at + 8 : at + size]
        if kind in _INSIDE:
            yield from _inner(body, depth + 1)
        else:
            yield kind, body
        at += size
