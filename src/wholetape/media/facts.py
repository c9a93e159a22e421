"""What a recording's file says about itself, before any of its sound is decoded."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wholetape.errors import UnreadableInput
from wholetape.media.guard import open_container, open_regular

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.stream import AudioStream
    from av.container import InputContainer


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One audio stream: ``index`` counts audio streams only, from 0; ``rate`` in Hz; 0 where the file does not say."""

    index: int
    codec: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One file: ``size`` in bytes, ``sha256`` of all of them in hex, ``seconds`` as its container claims, if it does.

    ``has_picture`` tells of a moving picture, which cover art and thumbnails are not. Claims, not findings: sound that
    was decoded counts more than what is written here.
    """

    path: str
    sha256: str
    size: int
    container: str
    streams: tuple[StreamFacts, ...]
    has_picture: bool
    seconds: float | None


def inspect(path: str | os.PathLike[str]) -> MediaFacts:
    """The facts of the recording at ``path``, which has at least one audio stream. Nothing is decoded but for probing.

    Raises:
        UnreadableInput: no such file, a folder, pipe or device, no permission, empty, not media, or without sound.
    """
    import av

    name = os.fspath(path)
    with open_regular(path) as file:
        try:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = os.fstat(file.fileno()).st_size
            file.seek(0)
        except OSError as problem:
            raise cannot_read(name, problem) from problem
        with open_container(file, name) as container:
            streams = tuple(_stream_facts(index, stream) for index, stream in enumerate(container.streams.audio))
            if not streams:
                hint = "name a recording; of a video, a copy that still has its sound track"
                raise UnreadableInput(f"{name!r} has no audio stream", hint=hint)
            if not any(stream.rate for stream in streams):
                raise no_sound(name)
            seconds = container.duration / av.time_base if container.duration else None
            return MediaFacts(name, digest, size, container.format.name, streams, _has_picture(container), seconds)


def no_sound(name: str) -> UnreadableInput:
    """The error for a stream in which there is nothing to decode, or nothing that can be."""
    hint = "check that the file is complete; play it, or get another copy"
    return UnreadableInput(f"{name!r} holds no sound that can be decoded", hint=hint)


def cannot_read(name: str, problem: OSError) -> UnreadableInput:
    """The error for a disk that fails while a recording is read."""
    why = (problem.strerror or str(problem)).lower()
    return UnreadableInput(f"cannot read {name!r}: {why}", hint="copy it to another disk and try again")


def _stream_facts(index: int, stream: AudioStream) -> StreamFacts:
    context: AudioCodecContext | None = stream.codec_context  # None: libavcodec has no decoder for it
    if context is None:
        return StreamFacts(index, "unknown", 0, 0)
    return StreamFacts(index, str(context.codec.canonical_name), context.sample_rate or 0, context.channels)


def _has_picture(container: InputContainer) -> bool:
    from av.stream import Disposition

    still = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
    return any(not stream.disposition & still for stream in container.streams.video)
