"""FLAC from WAV: the same samples in half the room."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator

from wholetape.errors import storage_failed

_PIECE = 1 << 20
MAX_CHANNELS = 8
"""Of a FLAC file."""


def flac(wav: Iterable[bytes]) -> Iterator[bytes]:
    """A FLAC file with the samples of a WAV file of 16 or 24 bits that comes in pieces, by way of temporary files.

    Raises:
        StorageFailed: there is no room for them.
    """
    import av

    folder = tempfile.gettempdir()
    try:
        with tempfile.TemporaryDirectory(prefix="wholetape-") as scratch:
            source, target = os.path.join(scratch, "sound.wav"), os.path.join(scratch, "sound.flac")
            with open(source, "wb") as file:
                for piece in wav:
                    file.write(piece)
            with av.open(source) as reader, av.open(target, "w", format="flac") as writer:
                sound = reader.streams.audio[0]
                stream = writer.add_stream("flac", rate=sound.rate, layout=sound.layout.name, format=sound.format.name)
                for frame in reader.decode(sound):
                    frame.pts = None
                    writer.mux(stream.encode(frame))
                writer.mux(stream.encode(None))
            with open(target, "rb") as file:
                while piece := file.read(_PIECE):
                    yield piece
    except OSError as problem:
        raise storage_failed("set sound aside in", folder, problem) from problem
