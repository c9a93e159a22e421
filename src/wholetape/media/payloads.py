"""The packets of an audio stream as they are stored, not decoded: what a copy without re-encoding carries over."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wholetape.media.demux import demuxed
from wholetape.media.guard import open_container, open_regular
from wholetape.media.packets import PacketReader

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

_DIGEST = 16
"""Bytes of a payload's hash that are kept: nobody finds another payload for it by 2^64 trials."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a decoder is told beside the packets; equal packets sound alike only where all of it is equal."""

    codec: str
    profile: str
    rate: int
    channels: int
    extra: bytes
    """the codec's own header, such as AAC's AudioSpecificConfig"""


@dataclass(frozen=True, slots=True)
class Payloads:
    """digests: (n, 16) uint8; starts: (n,) seconds at which each packet begins, on the clock of ``ffmpeg -i FILE``."""

    config: Config
    digests: NDArray[np.uint8]
    starts: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.starts)


def payloads(path: str | os.PathLike[str], stream: int) -> Payloads:
    """The packets of one audio stream of the file at ``path``.

    Raises:
        UnreadableInput: no such file or stream, or nothing in it can be decoded.
    """
    reader = PacketReader(path, stream)
    zero, context = reader.first_pts or 0, reader.stream.codec_context
    name = reader.stream.codec_context.codec.canonical_name
    config = Config(name, str(context.profile or ""), reader.rate, reader.channels, bytes(context.extradata or b""))
    reader.close()
    digests, stamps = bytearray(), []
    tick = 0.0
    with open_regular(path) as file, open_container(file, os.fspath(path)) as container:
        chosen = container.streams.audio[stream]
        tick = float(chosen.time_base or 0)
        for packet in _stored(container, chosen):
            if packet.size and packet.pts is not None:
                digests += hashlib.blake2b(packet, digest_size=_DIGEST).digest()
                stamps.append(packet.pts)
    starts = (np.array(stamps, np.float64) - zero) * tick
    return Payloads(config, np.frombuffer(bytes(digests), np.uint8).reshape(-1, _DIGEST), starts)


def _stored(container: InputContainer, chosen: AudioStream) -> Iterator[Packet[AudioStream]]:
    """The packets up to where the file cannot be read on."""
    import av

    try:
        yield from demuxed(container, chosen)
    except (av.FFmpegError, ValueError, OSError):
        return
