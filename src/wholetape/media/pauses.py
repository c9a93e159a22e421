"""Decoding the packets of a stream, also those that the decoder which libavcodec chose refuses though they are whole.

A phone that saves power sends in pauses of the speech a frame that describes the noise, then empty ones. libavcodec's
own AMR decoders call them corrupt or not implemented; OpenCORE's, which it is mostly built with, makes the noise.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.packet import Packet

_OTHER = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}
_PAUSES = {"amrnb": frozenset({8, 15}), "amrwb": frozenset({9, 14, 15})}
"""Frame types without speech: a description of the noise, a lost frame, and none at all."""
_SPEECH = {"amrnb": frozenset(range(8)), "amrwb": frozenset(range(9))}
_WARM_UP = 25
"""Packets of speech, half a second, that the other decoder hears first so that it goes on where its forerunner was."""


class Decoding:
    """The decoder of ``stream``; from the first frame of a pause on another one, where there is one.

    What is neither speech nor pause stays with the stream's own decoder, which tells damage; the other one guesses.
    """

    def __init__(self, stream: AudioStream) -> None:
        self._own: AudioCodecContext = stream.codec_context
        self._other: AudioCodecContext | None = None
        self._name = stream.codec_context.codec.name
        self._recent: deque[Packet[AudioStream]] = deque(maxlen=_WARM_UP)

    def decode(self, packet: Packet[AudioStream] | None) -> list[AudioFrame]:
        """The frames of ``packet``, or with None those that are left.

        Raises:
            av.FFmpegError: the packet cannot be decoded.
        """
        if self._name not in _OTHER or packet is None:
            return self._own.decode(packet)
        kind = bytes(packet)[0] >> 3 & 15
        if kind in _PAUSES[self._name] and self._other is None:
            self._other = self._make_other()
        if self._other is not None and kind in _PAUSES[self._name] | _SPEECH[self._name]:
            return self._other.decode(packet)
        self._recent.append(packet)
        return self._own.decode(packet)

    def _make_other(self) -> AudioCodecContext | None:
        """The other decoder as if it had heard what was decoded last; None where there is none."""
        import av
        from av.audio.codeccontext import AudioCodecContext

        try:
            other = av.CodecContext.create(_OTHER[self._name], "r")
        except ValueError:  # libavcodec was built without it
            return None
        if not isinstance(other, AudioCodecContext):
            return None
        other.sample_rate, other.layout = self._own.sample_rate, self._own.layout
        for packet in self._recent:
            other.decode(packet)
        self._recent.clear()
        return other
