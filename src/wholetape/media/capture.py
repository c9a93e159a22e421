"""Sound as it comes: from a pipe, a file taken as if live, or a device; canonical bytes, a tenth of a second at a time.

The bytes are those of ``docs/spec/seal.md``, section Sound: interleaved, little-endian.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Generator, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import UnreadableInput, UsageError
from wholetape.log.kinds import SampleFormat
from wholetape.media.streamed import read_wav_form

BLOCKS_A_SECOND = 10
RATES = range(2000, 768_001)
CHANNELS = range(1, 65)
_RAW = SampleFormat.S16


class Capture(Protocol):
    """Sound that is coming. ``live`` is true where it waits for nobody: what is not taken in time is lost."""

    name: str
    rate: int
    channels: int
    sample_format: SampleFormat
    live: bool

    def blocks(self) -> Iterator[bytes]:
        """The samples in order, whole frames, about 0.1 s each; ends with the input.

        Raises:
            UnreadableInput: the input broke off in a way that is not its end.
        """

    def lost(self) -> int:
        """How often, since it was last asked, sound was lost because nobody took it in time."""

    def close(self) -> None:
        """Lets go of the input; may be called from another thread than the one that takes blocks."""


def open_input(
    what: str, *, rate: int | None = None, channels: int | None = None, device: bool = False, fd: int = 0
) -> Capture:
    """The sound of ``what``: a file's name; ``-`` for the open file ``fd``; a device's name if ``device`` is true.

    Args:
        what: see above; an empty name is the default device.
        rate: of raw samples and of a device, Hz; raw samples are 16-bit.
        channels: of raw samples and of a device.
        device: ``what`` names a device of PortAudio.
        fd: standard input.

    Raises:
        UsageError: rate or channels are impossible, or are given for a file that has its own.
        UnreadableInput: nothing there that gives sound.
    """
    if (rate is not None and rate not in RATES) or (channels is not None and channels not in CHANNELS):
        raise UsageError(
            f"no sound has {rate} Hz and {channels} channels", "say --rate 48000 --channels 1, for example"
        )
    if device:
        from wholetape.media.device import DeviceCapture

        return DeviceCapture(what, rate, channels)
    if what == "-":
        return PipeCapture(fd, rate, channels)
    if rate is not None or channels is not None:
        raise UsageError("--rate and --channels are for raw samples and devices", "a file has its own; leave them out")
    return FileCapture(what)


class PipeCapture:
    """Raw 16-bit samples where the rate is given, else WAV, from an open file descriptor."""

    live = True

    def __init__(self, fd: int, rate: int | None, channels: int | None) -> None:
        self.name = "standard input"
        self._fd = fd
        self._left: int | None = None
        try:
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                raise UnreadableInput("standard input is a folder", "pipe sound into it")
            if rate is None:
                form = read_wav_form(self._read)
                self.rate, self.channels, self.sample_format, self._left = form
            else:
                self.rate, self.channels, self.sample_format = rate, channels or 1, _RAW
        except OSError as problem:
            raise _broken(self.name, problem) from problem
        if channels is not None and channels != self.channels:
            raise UsageError(f"standard input is a WAV file of {self.channels} channels", "leave out --channels")

    def blocks(self) -> Generator[bytes, None, None]:
        """See :class:`Capture`."""
        frame = self.channels * self.sample_format.width
        size = max(1, self.rate // BLOCKS_A_SECOND) * frame
        held = b""
        while self._left is None or self._left:
            try:
                piece = self._read(size - len(held))
            except OSError as problem:
                raise _broken(self.name, problem) from problem
            if not piece:
                break
            if self._left is not None:
                piece = piece[: self._left]
                self._left -= len(piece)
            held += piece
            whole = len(held) // frame * frame
            if whole and (whole == size or self._left == 0):
                yield held[:whole]
                held = held[whole:]
        if whole := len(held) // frame * frame:
            yield held[:whole]

    def _read(self, size: int) -> bytes:
        return os.read(self._fd, size)

    def lost(self) -> int:
        """Never: whoever writes or reads it waits."""
        return 0

    def close(self) -> None:
        """Nothing: the caller opened it."""


class FileCapture:
    """A file as if it were live. Lossless sound keeps its form; of other sound the decoder's output becomes 16-bit."""

    live = False

    def __init__(self, path: str) -> None:
        from wholetape.media.pcm import Samples

        self.name = path
        samples = Samples(path)
        form = samples.form
        self.rate, self.channels = form.rate, form.channels
        if self.rate not in RATES or self.channels not in CHANNELS:
            samples.close()
            raise UnreadableInput(f"{path!r} has {self.rate} Hz and {self.channels} channels", "convert it first")
        self._lossless = form.wider or form.native
        self.sample_format = self._lossless or _RAW
        self._samples = samples
        self._decoding = threading.Lock()  # FFmpeg must not lose a file under its hands
        self._closed = False

    def blocks(self) -> Generator[bytes, None, None]:
        """See :class:`Capture`."""
        from wholetape.media.decode import Decoder
        from wholetape.media.pcm import OtherForm

        if self._lossless is not None:
            try:
                yield from self._cut(self._samples.blocks(self._lossless))
            except OtherForm as problem:
                raise UnreadableInput(f"{self.name!r}: {problem}", "convert it to WAV first") from problem
            return
        self._samples.close()
        with Decoder(self.name) as decoder:
            yield from self._cut(_as_16_bit(block.samples) for block in decoder.blocks())

    def _cut(self, pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
        size = max(1, self.rate // BLOCKS_A_SECOND) * self.channels * self.sample_format.width
        while True:
            with self._decoding:
                piece = None if self._closed else next(pieces, None)
            if piece is None:
                return
            for at in range(0, len(piece), size):
                yield piece[at : at + size]

    def lost(self) -> int:
        """Never: whoever writes or reads it waits."""
        return 0

    def close(self) -> None:
        """Closes the file, when what is being decoded of it is done; no more blocks come."""
        with self._decoding:
            self._closed = True
            self._samples.close()


def to_float(block: bytes | memoryview, sample_format: SampleFormat, channels: int) -> NDArray[np.float32]:
    """(channels, n) float32, full scale ±1, of canonical bytes; as the decoder makes them."""
    kind = sample_format
    if kind is SampleFormat.S24:
        wide = np.zeros((len(block) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(block, np.uint8).reshape(-1, 3)
        flat = wide.reshape(-1).view("<i4").astype(np.float32) * np.float32(2.0**-31)
    elif kind is SampleFormat.U8:
        flat = (np.frombuffer(block, np.uint8).astype(np.float32) - np.float32(128)) * np.float32(2.0**-7)
    elif kind in (SampleFormat.S16, SampleFormat.S32):
        scale = np.float32(2.0 ** (1 - 8 * kind.width))
        flat = np.frombuffer(block, f"<i{kind.width}").astype(np.float32) * scale
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            flat = np.frombuffer(block, f"<f{kind.width}").astype(np.float32)
    return np.ascontiguousarray(flat.reshape(-1, channels).T)


def _as_16_bit(samples: NDArray[np.float32]) -> bytes:
    with np.errstate(invalid="ignore", over="ignore"):
        whole = np.clip(np.nan_to_num(np.round(samples * np.float32(32768))), -32768, 32767)
    return bytes(whole.T.astype("<i2").tobytes())


def _broken(name: str, problem: OSError) -> UnreadableInput:
    words = "is closed" if problem.errno == errno.EBADF else f"broke off: {problem.strerror or problem}"
    return UnreadableInput(f"{name} {words}", "connect it again")
