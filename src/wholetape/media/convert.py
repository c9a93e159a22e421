"""Sound whose rate, channels or sample format change on the way, brought to the form in which it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wholetape.media.blocks import Batch, Samples

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

_RATES = range(2000, 768_001)
_CHANNELS = range(1, 65)


def plausible(rate: int, channels: int) -> bool:
    """Whether anybody records so: 2 to 768 kHz, up to 64 channels. A lying header must not make memory explode."""
    return rate in _RATES and channels in _CHANNELS


class Converter:
    """Converts frames of any form to rate and channels of the one given first; ``understood`` tells of the last one."""

    def __init__(self, first: AudioFrame) -> None:
        self.understood = True
        self._rate = first.sample_rate
        self._layout = first.layout
        self._channels = first.layout.nb_channels
        self._resampler: AudioResampler | None = None
        self._form: tuple[int, str, str] | None = None

    def convert(self, frame: AudioFrame) -> Samples:
        """The frame's sound, shape (channels, n); as much silence where the form makes no sense.

        What a resampler holds back comes with the next call or with :meth:`finish`.
        """
        import av
        from av.audio.resampler import AudioResampler

        form = (frame.sample_rate, frame.format.name, frame.layout.name)
        parts = []
        if form != self._form:
            parts.append(self.finish())
            self._form = form
            self._resampler = AudioResampler(format="fltp", layout=self._layout, rate=self._rate)
        self.understood = plausible(frame.sample_rate, frame.layout.nb_channels) and self._resampler is not None
        if self.understood and self._resampler is not None:
            try:
                parts.append(self._joined(self._resampler.resample(frame)))
            except (av.FFmpegError, ValueError):
                self.understood = False
        if not self.understood:
            self._resampler = None
            parts.append(np.zeros((self._channels, frame.samples), np.float32))
        return np.concatenate(parts, axis=1)

    def finish(self) -> Samples:
        """What is still held back; later frames of the same form begin afresh."""
        import av

        resampler, self._resampler, self._form = self._resampler, None, None
        if resampler is None:
            return np.zeros((self._channels, 0), np.float32)
        try:
            return self._joined(resampler.resample(None))
        except (av.FFmpegError, ValueError):
            return np.zeros((self._channels, 0), np.float32)

    def _joined(self, frames: list[AudioFrame]) -> Samples:
        batch = Batch("fltp", self._channels)
        for frame in frames:
            if frame is not None and frame.samples:  # an idle resampler passes the flushing None through
                batch.add(frame, frame.samples)
        return batch.take()
