"""Sequential decoding, packet by packet: the engine that takes any file and knows where each loss is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from wholetape.errors import UnreadableInput
from wholetape.media.blocks import Batch, DamageLog, Samples
from wholetape.media.claims import claims
from wholetape.media.convert import Converter, plausible
from wholetape.media.decoders import preferred
from wholetape.media.demux import demuxed
from wholetape.media.facts import cannot_read, no_sound
from wholetape.media.guard import open_container, open_regular
from wholetape.media.pauses import Decoding

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.packet import Packet

_BLOCK_SECONDS = 4
"""Sound merged into one block: long enough that work per block does not count, short enough for memory."""
_JUMP_SECONDS = 0.015
"""Smallest jump of the time stamps that is told: shorter than a packet of speech, longer than their rounding."""


class PacketReader:
    """One audio stream of a file, decoded in order. ``rate`` (Hz) and ``channels`` are those of the first frame.

    Damaged packets are skipped and noted in ``damage``. Frames of another rate or channel count are converted to the
    first's, as ``ffmpeg`` does. ``preferred`` decodes in the place of the stream's own decoder, if it is not None.

    Raises:
        UnreadableInput: from the constructor, when nothing in the stream can be decoded.
    """

    def __init__(self, path: str | os.PathLike[str], stream: int = 0) -> None:
        self.name = os.fspath(path)
        self._file = open_regular(path)
        try:
            self.container = open_container(self._file, self.name)
        except BaseException:
            self._file.close()
            raise
        try:
            audio = self.container.streams.audio
            if not 0 <= stream < len(audio):
                raise UnreadableInput(f"{self.name!r} has no audio stream {stream}", hint="count audio streams from 0")
            self.stream = audio[stream]
            context: AudioCodecContext | None = self.stream.codec_context
            if context is None:
                hint = "convert it to a common format such as FLAC first"
                raise UnreadableInput(f"no decoder for the sound of {self.name!r}", hint=hint)
            self.claims = claims(self._file, self.container, self.stream)
            self.damage = DamageLog(stream)
            self.preferred = preferred(self.stream)
            self._clock = 0.0  # seconds of sound that the decoder has yielded
            self._frames = self._decode()
            first = self._first()
            self._pending: AudioFrame | None = first
            self.rate = first.sample_rate
            self.channels = first.layout.nb_channels
            self.first_pts = first.pts
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.container.close()
        self._file.close()

    def first_samples(self) -> Samples:
        """The first frame's samples, shape (channels, n); callable before :meth:`blocks` only."""
        if self._pending is None:
            raise ValueError("decoding has begun")
        batch = Batch(self._pending.format.name, self.channels)
        batch.add(self._pending, self._pending.samples)
        return batch.take()

    def frames(self) -> Iterator[AudioFrame]:
        """All frames as the decoder yields them, in order, whatever their form; to be called once."""
        first, self._pending = self._pending, None
        if first is None:
            raise ValueError("decoding has begun already")
        yield first
        yield from self._frames

    def position(self) -> float:
        """The share of the file's bytes that has been read, 0 to 1."""
        if self._file.closed:
            return 1.0
        return min(1.0, self._file.tell() / os.fstat(self._file.fileno()).st_size)

    def blocks(self) -> Iterator[Samples]:
        """All sound, in order, in blocks of a few seconds; to be called once."""
        first, self._pending = self._pending, None
        if first is None:
            raise ValueError("decoding has begun already")
        total = 0
        rate, channels = self.rate, self.channels
        enough = rate * _BLOCK_SECONDS
        converter = Converter(first)
        format_ = first.format.name
        batch = Batch(format_, channels)
        batch.add(first, first.samples)
        for frame in self._frames:
            if frame.sample_rate == rate and frame.format.name == format_ and frame.layout.nb_channels == channels:
                batch.add(frame, frame.samples)
                if batch.count < enough:
                    continue
                block = batch.take()
            else:
                start = self._clock - frame.samples / (frame.sample_rate or rate)
                block = np.concatenate((batch.take(), converter.convert(frame)), axis=1)
                if not converter.understood:
                    self.damage.add(start, 1, "the sound's form changes to one that cannot be converted")
            total += block.shape[1]
            if block.shape[1]:
                yield block
        block = np.concatenate((batch.take(), converter.finish()), axis=1)
        total += block.shape[1]
        self.note_short_end(total)
        if block.shape[1]:
            yield block

    def note_short_end(self, total: int) -> None:
        """Note damage when ``total`` samples are clearly fewer than the file's header announces."""
        end = total / self.rate
        if reason := self.claims.broken(end):
            self.damage.add(end, 0, reason)

    def _first(self) -> AudioFrame:
        for frame in self._frames:
            if not plausible(frame.sample_rate, frame.layout.nb_channels):
                raise UnreadableInput(
                    f"{self.name!r} claims {frame.sample_rate} Hz and {frame.layout.nb_channels} channels",
                    hint="its header is damaged; get another copy",
                )
            return frame
        raise no_sound(self.name)

    def _decode(self) -> Iterator[AudioFrame]:
        """Frames that hold sound; notes packets that cannot be decoded and time stamps that jump."""
        import av

        own = Decoding(self.stream).decode
        decode = own if self.preferred is None else self.preferred.decode
        stamped = self.preferred is None  # the other does not know when the first sample is that the encoder left
        base = float(self.stream.time_base or 0)
        expected: float | None = None
        lost = False  # whether a packet was lost since the last good frame
        for packet in self._packets():
            try:
                stamps = [] if stamped else [frame.pts for frame in own(packet)]
                frames = decode(packet)
            except (av.FFmpegError, ValueError, OSError):
                if packet is not None:
                    self.damage.add(self._clock, 1, "packets cannot be decoded")
                    lost = True
                continue
            for frame in frames:
                count = frame.samples
                if not count:
                    continue
                if not stamped:
                    frame.pts, stamped = (stamps or [frame.pts])[0], True
                pts = frame.pts
                if pts is not None:
                    here = pts * base
                    if expected is not None and abs(here - expected) > max(_JUMP_SECONDS, 2 * base) and not lost:
                        way = "ahead" if here > expected else "back"
                        reason = f"time stamps jump {way} by {abs(here - expected):.3f} s"
                        self.damage.add(self._clock, 0, reason)
                    expected = here
                if frame.is_corrupt:
                    self.damage.add(self._clock, 1, "packets are marked as damaged")
                lost = False
                length = count / (frame.sample_rate or 1)
                if expected is not None:
                    expected += length
                self._clock += length
                yield frame

    def _packets(self) -> Iterator[Packet[AudioStream] | None]:
        """The stream's packets, then None to flush the decoder; a file that cannot be read on ends there, noted."""
        import av

        try:
            for packet in demuxed(self.container, self.stream):
                if packet.size:  # an empty packet would flush the decoder in the middle
                    yield packet
        except (av.FFmpegError, ValueError) as problem:
            self.damage.add(self._clock, 0, f"the file cannot be read on from here ({_words(problem)})")
        except OSError as problem:
            raise cannot_read(self.name, problem) from problem
        yield None


def _words(problem: Exception) -> str:
    return str(getattr(problem, "strerror", None) or problem).lower()
