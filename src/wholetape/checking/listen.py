"""One pass over a recording's sound: its frames, track by track, and its 8 kHz sound set aside for a second look.

Channels are framed apart only from where they differ: most stereo files hold one signal twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import UnreadableInput
from wholetape.match.bands import Frames, FrameStream, join
from wholetape.match.printfile import ALL_CHANNELS, Print, Track
from wholetape.match.resample import Resampler, sane
from wholetape.media.decode import Damage, Decoder
from wholetape.media.facts import MediaFacts, inspect
from wholetape.media.spool import Spool
from wholetape.times import CLOCK_HZ

Progress = Callable[[float], None]
Sound = NDArray[np.float32]

_SAME = 10 ** (-9 / 10)
"""Channels whose difference is 9 dB below them, wherever they are heard, are one: stereo codecs leave as much."""
_QUIET = 10 ** (-36 / 10)
"""Parts so far below the loudest one are not compared."""
_COMPARED_HZ = 11025
"""Rate to which channels are brought, roughly, to be compared: the print hears nothing above 3.5 kHz."""
_CANCELLED = 10 ** (-11 / 10)
"""Channels whose mean is 11 dB below what different signals would leave of it cancel each other."""
_FAINT = 1e-6
"""Mean square up to which a part is too faint to tell whether channels cancel in it (-60 dBFS)."""
_PART_S = 0.05
"""Seconds over which channels are compared."""
_SILENT = 1e-7
"""Mean square below which a part counts as silent (-70 dBFS)."""


@dataclass
class _Voice:
    """One track while it is being made."""

    stream: int
    channel: int
    resampler: Resampler
    frames: FrameStream = field(default_factory=FrameStream)
    parts: list[Frames] = field(default_factory=list)
    spool: Spool | None = None

    def take(self, sound: Sound) -> None:
        self._hand_on(self.resampler.feed(sound))

    def finish(self) -> None:
        self._hand_on(self.resampler.finish())
        self.parts.append(self.frames.finish())

    def _hand_on(self, sound: Sound) -> None:
        if self.spool is not None:
            self.spool.append(np.clip(np.round(sound * 32768.0), -32768, 32767).astype(np.int16))
        self.parts.append(self.frames.feed(sound))


@dataclass(frozen=True, slots=True)
class Voice:
    """One track that was listened to. ``channel`` is ALL_CHANNELS for the mean of all; ``spool`` its sound at 8 kHz."""

    stream: int
    channel: int
    frames: Frames
    spool: Spool | None

    @property
    def samples(self) -> int:
        """Samples at 8 kHz."""
        return len(self.spool) if self.spool is not None else 0

    @property
    def silent(self) -> bool:
        """True when nothing in it rises above digital silence."""
        return not bool(self.frames.level.any())

    def sound(self, start: int, end: int) -> Sound:
        """(end - start,) samples at 8 kHz."""
        assert self.spool is not None
        return self.spool.read(max(0, start), min(end, len(self.spool))).astype(np.float32) / 32768.0


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A stretch, in samples at 8 kHz, where the channels cancel each other: gone for who hears their sum."""

    stream: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording after one pass: ``samples`` at 8 kHz of its first audio stream.

    ``voices``: of each stream the mean of its channels, then each channel if they differ. Where the sound is kept, for
    a check, the mean of channels that differ is left out: nothing is held against it.
    """

    facts: MediaFacts
    samples: int
    voices: tuple[Voice, ...]
    damage: tuple[Damage, ...]
    cancelled: tuple[Cancelled, ...]

    def to_print(self) -> Print:
        """The print of this recording."""
        length = -(-self.samples // 80)
        tracks = []
        for voice in self.voices:
            frames = voice.frames
            if len(frames) != length:
                frames = _fit(frames, length)
            tracks.append(Track.of(frames, voice.stream, voice.channel))
        return Print(self.samples, bytes.fromhex(self.facts.sha256), tuple(tracks))


def listen(
    path: str | os.PathLike[str],
    *,
    jobs: int,
    keep_sound: bool,
    keep_mean: bool = False,
    progress: Progress = lambda share: None,
) -> Heard:
    """Decode all audio streams of ``path`` once; raises ``UnreadableInput`` when there is no sound in it.

    ``keep_mean``: the mean of channels that differ is kept where the sound is, as in a reference.
    """
    facts = inspect(path)
    voices: list[Voice] = []
    damage: list[Damage] = []
    cancelled: list[Cancelled] = []
    samples = 0
    count = len(facts.streams)
    for stream in facts.streams:
        with Decoder(path, stream.index, jobs=jobs) as decoder:
            listener = _Listener(stream.index, decoder.rate, keep_sound, keep_mean or not keep_sound)
            for block in decoder.blocks():
                listener.take(block.samples)
                progress((stream.index + decoder.progress) / count)
            listener.finish()
            damage += decoder.damage
        voices += listener.result()
        cancelled += listener.cancelled()
        if stream.index == 0:
            samples = -(-listener.received * CLOCK_HZ // decoder.rate)
    if not samples and not any(len(v.frames) for v in voices):
        raise UnreadableInput(f"{os.fspath(path)}: there is no sound in it", "the file may be cut off or empty")
    return Heard(facts, samples, tuple(voices), tuple(damage), tuple(cancelled))


class _Listener:
    """Takes the blocks of one stream and feeds the mean of its channels, and each channel from where they differ."""

    def __init__(self, stream: int, rate: int, keep_sound: bool, keep_mean: bool) -> None:
        self._stream = stream
        self._rate = rate
        self._keep = keep_sound
        self._keep_mean = keep_mean
        self._mean = self._voice(ALL_CHANNELS)
        self._channels: list[_Voice] = []
        self._part = max(1, round(rate * _PART_S))
        self._step = max(1, round(rate / _COMPARED_HZ))
        self._loud = 0.0
        self._rest: Sound | None = None
        self._cancel: list[tuple[int, int]] = []
        self._bridge = -1  # where the last of them ends, or what is too faint behind it
        self.received = 0

    def _voice(self, channel: int) -> _Voice:
        return _Voice(self._stream, channel, Resampler(self._rate), spool=Spool() if self._keep else None)

    def take(self, block: Sound) -> None:
        """One block (channels, n)."""
        if len(block) > 1:  # parts are counted from the first sample on, however the file is decoded
            block = np.concatenate((self._rest, block), axis=1) if self._rest is not None else block
            whole = block.shape[1] // self._part * self._part
            block, self._rest = block[:, :whole], block[:, whole:]
        if block.shape[1]:
            self._hear(block)

    def _hear(self, block: Sound) -> None:
        block = sane(block)
        mean = _mean(block)
        if len(block) > 1:
            if not self._channels and self._differ(block):
                self._open(len(block))
            self._watch(block, mean)
        for voice, sound in zip(self._channels, block, strict=False):
            voice.take(np.ascontiguousarray(sound))
        if self._keep_mean or not self._channels:
            self._mean.take(mean)
        self.received += block.shape[1]

    def _differ(self, block: Sound) -> bool:
        """True when a channel is not the first one, but for its gain, in some part of the block."""
        n = block.shape[1] // self._part * self._part
        if all(np.array_equal(channel, block[0]) for channel in block[1:]):  # as most stereo files have it
            block = block[:1]
        parts = block[:, :n].reshape(len(block), -1, self._part) if n else block[:, None, :]
        parts = self._lower(parts)
        power = np.einsum("cpt,cpt->cp", parts, parts) / parts.shape[2]
        self._loud = max(self._loud, float(power.max()))
        quiet = max(_SILENT, self._loud * _QUIET)
        first = parts[0]
        for channel in range(1, len(block)):
            cross = np.einsum("pt,pt->p", first, parts[channel]) / parts.shape[2]
            active = (power[0] > quiet) | (power[channel] > quiet)
            residual = power[0] * power[channel] - cross * cross
            alike = (residual <= _SAME * power[0] * power[channel]) & (cross > 0)
            even = np.abs(power[0] - power[channel]) <= 0.5 * np.maximum(power[0], power[channel])
            apart = active & ~(alike & even)
            gross = active & (residual > 0.4 * power[0] * power[channel])
            if bool(np.any(apart & (gross | ~even))) or bool(np.any(apart[1:] & apart[:-1])):
                return True
        return False

    def _lower(self, parts: Sound) -> Sound:
        """What the print can hear of (channels, parts, n) samples; above, codecs put a noise of their own in each."""
        step = self._step
        whole = parts.shape[2] // step * step
        if whole < 3 * step:
            return parts
        means = parts[:, :, 0:whole:step]
        if step > 1:
            means = means + parts[:, :, 1:whole:step]
            for k in range(2, step):
                means += parts[:, :, k:whole:step]
            means *= np.float32(1 / step)
        smooth = means[:, :, :-2] + means[:, :, 2:]
        smooth *= np.float32(0.25)
        smooth += np.float32(0.5) * means[:, :, 1:-1]
        return smooth

    def _open(self, channels: int) -> None:
        """Begin a voice for each channel; up to here they are the mean."""
        self._channels = [self._voice(channel) for channel in range(channels)]
        past = self._mean
        done = join(past.parts)
        for voice in self._channels:
            voice.resampler = past.resampler.copy()
            voice.frames = past.frames.copy()
            voice.parts = [done]
            if voice.spool is not None and past.spool is not None:
                for at in range(0, len(past.spool), 1 << 20):
                    voice.spool.append(past.spool.read(at, min(len(past.spool), at + (1 << 20))))

    def _watch(self, block: Sound, mean: Sound) -> None:
        """Note the parts where the channels cancel each other in their mean."""
        n = block.shape[1] // self._part * self._part
        if not n or not self._channels:
            return
        power = (block[:, :n].reshape(len(block), -1, self._part) ** 2).mean(axis=2)
        apart = power.sum(axis=0) / len(block) ** 2  # the mean's power, were the channels different signals
        summed = (mean[:n].reshape(-1, self._part) ** 2).mean(axis=1)
        faint = power.max(axis=0) <= _FAINT
        gone = ~faint & (summed < apart * _CANCELLED)
        for k in np.flatnonzero(gone | faint).tolist():
            start = self.received + k * self._part
            if not gone[k]:  # says nothing, and parts nothing
                self._bridge = start + self._part if self._bridge == start else self._bridge
                continue
            if self._cancel and self._bridge >= start - self._part:
                self._cancel[-1] = (self._cancel[-1][0], start + self._part)
            else:
                self._cancel.append((start, start + self._part))
            self._bridge = start + self._part

    def finish(self) -> None:
        """No more blocks."""
        if self._rest is not None and self._rest.shape[1]:
            self._hear(self._rest)
        for voice in self._voices():
            voice.finish()

    def result(self) -> list[Voice]:
        """The mean, then the channels where they differ."""
        return [Voice(v.stream, v.channel, join(v.parts), v.spool) for v in self._voices()]

    def _voices(self) -> list[_Voice]:
        return [self._mean, *self._channels] if self._keep_mean or not self._channels else self._channels

    def cancelled(self) -> list[Cancelled]:
        """Stretches of 0.1 s and more where the channels cancel, unless they do all the way."""
        spans = [(a, b) for a, b in self._cancel if b - a >= 2 * self._part]
        if sum(b - a for a, b in spans) > 0.8 * self.received:
            return []
        scale = CLOCK_HZ / self._rate
        return [Cancelled(self._stream, round(a * scale), round(b * scale)) for a, b in spans]


def _mean(block: Sound) -> Sound:
    """(n,) the mean of the channels of (channels, n)."""
    if len(block) == 1:
        return np.asarray(block[0])
    if len(block) == 2:  # what mean() computes, in a third of its time
        return np.asarray((block[0] + block[1]) * np.float32(0.5))
    return np.asarray(block.mean(axis=0, dtype=np.float32))


def _fit(frames: Frames, length: int) -> Frames:
    """``frames`` cut or padded with silence to ``length``."""
    if len(frames) >= length:
        return frames.slice(0, length)
    spare = length - len(frames)
    return Frames(
        np.pad(frames.words, (0, spare)),
        np.pad(frames.planes, ((0, 0), (0, spare))),
        np.pad(frames.level, (0, spare)),
        np.pad(frames.tone, (0, spare)),
        np.pad(frames.contrast, (0, spare)),
    )
