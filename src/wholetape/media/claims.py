"""What a file's header says about the length of a stream, and what it means when less sound than that arrives."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_SHORT_SECONDS = 0.5
"""Sound that may be missing against the header's duration: encoder padding and rounding explain less."""
_HONEST_DURATIONS = frozenset({"flac", "w64", "mov,mp4,m4a,3gp,3g2,mj2"})
"""Demuxers that take a stream's duration from its own header instead of guessing it."""
_UNKNOWN_SIZE = 0x7FFFFF00
"""Sizes in a RIFF header from here on mean that the recorder did not know, or could not say."""


@dataclass(frozen=True, slots=True)
class Claims:
    """``seconds``: how long the stream, else the file, says it is; ``honest``: that this is from its own header.

    ``missing_bytes``: how much shorter the file is than its header says; only RIFF files are asked.
    """

    seconds: float | None
    honest: bool
    missing_bytes: int

    def broken(self, heard: float) -> str:
        """In words, what is missing at the end when ``heard`` seconds were decoded; empty when nothing is."""
        if self.missing_bytes:
            return f"the file ends {self.missing_bytes} bytes before the end that its header names"
        if self.honest and self.seconds is not None and self.seconds - heard > _SHORT_SECONDS:
            return f"the file ends {self.seconds - heard:.1f} s before the end that its header names"
        return ""


def claims(file: io.FileIO, container: InputContainer, stream: AudioStream) -> Claims:
    """The claims of ``file``, opened as ``container``, about ``stream``."""
    import av

    seconds, honest, missing = None, False, 0
    if stream.duration and stream.time_base:
        seconds = float(stream.duration * stream.time_base)
        honest = container.format.name in _HONEST_DURATIONS
    elif container.duration:
        seconds = container.duration / av.time_base
    if container.format.name == "wav":  # whose demuxer believes the file's size more than the header
        head = os.pread(file.fileno(), 8, 0)
        named = int.from_bytes(head[4:8], "little") + 8
        size = os.fstat(file.fileno()).st_size
        if head[:4] == b"RIFF" and size + 1 < named < _UNKNOWN_SIZE:
            missing = named - size
    return Claims(seconds, honest, missing)
