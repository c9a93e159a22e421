"""The packets of one stream of an open file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet


def demuxed(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """The stream's packets, then an empty one; raises what PyAV does where the file cannot be read on.

    A transport stream may begin further streams on the way. PyAV does not know them, and fails when it flushes them:
    by then every packet has been read.
    """
    try:
        yield from container.demux(stream)
    except IndexError:
        return
