"""Which decoder a stream gets, where libavcodec has more than one for its codec."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.stream import AudioStream

_PREFERRED = {"opus": "libopus"}
"""By codec: the decoder that browsers and telephones hear with. FFmpeg's own for Opus interpolates speech at low rates
another way, and lies 15 dB below the sound, and most of a sample, beside it."""


def preferred(stream: AudioStream) -> AudioCodecContext | None:
    """Another decoder than the stream's own that is to be used in its place; None where there is none."""
    from av.audio.codeccontext import AudioCodecContext as Context
    from av.codec import CodecContext

    own = stream.codec_context
    name = _PREFERRED.get(own.codec.canonical_name)
    if name is None or name == own.codec.name:
        return None
    try:
        context = CodecContext.create(name, "r")
    except ValueError:  # this libavcodec was built without it
        return None
    if not isinstance(context, Context):
        return None
    context.extradata = own.extradata
    context.options = {"request_sample_fmt": "flt"}
    return context
