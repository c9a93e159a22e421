"""A microphone or line input by PortAudio, through the package ``sounddevice``: the extra ``wholetape[record]``."""

from __future__ import annotations

import queue
from collections.abc import Generator
from typing import Any

from wholetape.errors import UnreadableInput
from wholetape.log.kinds import SampleFormat

_PATIENCE = 5.0
"""Seconds without sound after which a device counts as unplugged: PortAudio often does not tell."""
_HELD = 600
"""Blocks kept for a program that is late: a minute."""
_GET = "pip install 'wholetape[record]'; on Linux also the system's package libportaudio2"


class DeviceCapture:
    """Sound of a device, 16-bit; ``name`` is the device's own.

    Raises:
        UnreadableInput: no PortAudio, no such device, or not in this form.
    """

    live = True
    sample_format = SampleFormat.S16

    def __init__(self, what: str, rate: int | None, channels: int | None) -> None:
        try:
            import sounddevice
        except (ImportError, OSError) as problem:  # OSError: the package is there, the system's library is not
            raise UnreadableInput("recording from a device needs PortAudio, which is not installed", _GET) from problem
        self._held: queue.Queue[bytes | None] = queue.Queue(_HELD)
        self._lost = 0
        self._closed = False
        try:
            device: str | int | None = int(what) if what.isdecimal() else what or None
            found: Any = sounddevice.query_devices(device, "input")
            self.name = str(found["name"])
            self.rate = rate or int(found["default_samplerate"])
            self.channels = channels or 1
            self._stream: Any = sounddevice.RawInputStream(
                samplerate=self.rate,
                blocksize=self.rate // 10,
                device=device,
                channels=self.channels,
                dtype="int16",
                callback=self._take,
                finished_callback=self._end,
            )
            self._stream.start()
        except (ValueError, sounddevice.PortAudioError) as problem:
            raise UnreadableInput(
                f"the device {what or 'that is the default'!r} cannot be recorded from: {problem}",
                "`python -m sounddevice` lists the devices",
            ) from problem

    def blocks(self) -> Generator[bytes, None, None]:
        """See ``Capture``; raises ``UnreadableInput`` when the device is gone."""
        while True:
            try:
                block = self._held.get(timeout=_PATIENCE)
            except queue.Empty:
                block = None
            if block is None:
                if self._closed:
                    return
                raise UnreadableInput(f"the device {self.name} gives no sound any more", "is it still plugged in?")
            yield block

    def lost(self) -> int:
        """How often PortAudio, or whoever takes the blocks, was too slow."""
        count, self._lost = self._lost, 0
        return count

    def close(self) -> None:
        """Stops recording from the device."""
        self._closed = True
        self._stream.close()
        self._end()

    def _take(self, data: Any, frames: int, time: Any, status: Any) -> None:  # in PortAudio's own thread
        if status.input_overflow:
            self._lost += 1
        try:
            self._held.put_nowait(bytes(data))
        except queue.Full:
            self._lost += 1

    def _end(self) -> None:
        try:
            self._held.put_nowait(None)
        except queue.Full:  # whoever takes them will find nothing more behind them, and wait in vain for a while
            return
