"""The sound of a recording on disk while it grows: as a WAV file, or encrypted second by second."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from wholetape.errors import UsageError
from wholetape.log.kinds import Cipher, FileFacts, Header
from wholetape.media.streamed import HEADER, wav_header
from wholetape.seal.live.params import AGE, LIVE, WAV
from wholetape.seal.live.vault import decrypt, encrypt
from wholetape.store.folder import HeldFolder
from wholetape.store.growing import GrowingFile

_LENGTH = 8
"""Bytes of the length before each age file in ``sound.age``, big-endian."""


class SoundFile(Protocol):
    """Where the samples go. ``samples`` is how many were written, on disk or about to be."""

    samples: int

    def write(self, part: bytes) -> None:
        """The next samples, whole frames."""

    def end_segment(self) -> None:
        """A segment ends here: all its sound is handed to the operating system."""

    def sync(self) -> None:
        """Returns when all ended segments are on the disk."""

    def ciphers(self, segments: int, *, last: bool) -> Iterator[Cipher]:
        """Leaves due for the ciphertext of the first ``segments``; the rest of them when it is the ``last`` call."""

    def read(self, first: int, end: int) -> bytes:
        """Samples ``first`` up to ``end``, as they are on disk."""

    def finish(self, take: Callable[[bytes], None]) -> tuple[FileFacts, bytes]:
        """Facts of the recording's file, which now is complete, and SHA-256 of all samples.

        ``take`` gets all samples as they are on disk, if they can be read there.
        """

    def lose(self, first: int, end: int) -> None:
        """The samples ``first`` up to ``end`` of a segment are lost: zeros stand there."""

    def recount(self, covered: int) -> None:
        """Of the segments that are on disk, the ciphertext of the first ``covered`` has its leaves."""

    def close(self) -> None:
        """Lets go of the file."""


class PlainSound:
    """``recording.wav``: any program plays it while it grows, and after a crash."""

    def __init__(self, folder: HeldFolder, header: Header) -> None:
        assert header.sample_format is not None
        self._header = header
        self._frame = header.channels * header.sample_format.width
        self._file = GrowingFile(folder.name(WAV))
        grown = self._head(None)
        if self._file.size < HEADER:
            self._file.truncate(0)
            self._file.append(grown)
            self._file.sync()
        elif self._file.read(0, HEADER) != grown:
            self._file.patch(0, grown)
        self.samples = (self._file.size - HEADER) // self._frame
        if self._file.size != self._at(self.samples):
            self._file.truncate(self._at(self.samples))

    def write(self, part: bytes) -> None:
        """See :class:`SoundFile`."""
        self._file.append(part)
        self.samples += len(part) // self._frame

    def end_segment(self) -> None:
        """Nothing: samples are with the operating system at once."""

    def sync(self) -> None:
        """See :class:`SoundFile`."""
        self._file.sync()

    def ciphers(self, segments: int, *, last: bool) -> Iterator[Cipher]:
        """See :class:`SoundFile`."""
        return iter(())

    def read(self, first: int, end: int) -> bytes:
        """See :class:`SoundFile`."""
        return self._file.read(self._at(first), self._at(end))

    def finish(self, take: Callable[[bytes], None]) -> tuple[FileFacts, bytes]:
        """See :class:`SoundFile`."""
        head = self._head(self._at(self.samples) - HEADER)
        self._file.patch(0, head)
        whole, pcm = hashlib.sha256(head), hashlib.sha256()
        for piece in self._file.pieces(HEADER, self._file.size):
            whole.update(piece)
            pcm.update(piece)
            take(piece)
        return FileFacts(self._file.size, whole.digest()), pcm.digest()

    def lose(self, first: int, end: int) -> None:
        """See :class:`SoundFile`."""
        self._file.zero(self._at(first), self._at(end))
        self.samples = max(self.samples, end)

    def recount(self, covered: int) -> None:
        """Nothing: there is no ciphertext."""

    def close(self) -> None:
        """See :class:`SoundFile`."""
        self._file.close()

    def _at(self, sample: int) -> int:
        return HEADER + sample * self._frame

    def _head(self, length: int | None) -> bytes:
        header = self._header
        assert header.sample_format is not None
        return wav_header(header.rate, header.channels, header.sample_format, length)


class HiddenSound:
    """``sound.age``: each segment an age file behind its length; what is not encrypted is in memory only.

    The recording's file is the WAV that opening it gives: the header of one whose end is not known, and the samples.
    """

    def __init__(
        self, folder: HeldFolder, header: Header, recipients: Sequence[str], identities: Sequence[Any] = ()
    ) -> None:
        assert header.sample_format is not None
        self._frame = header.channels * header.sample_format.width
        self._recipients, self._identities = recipients, identities
        self._file = GrowingFile(folder.name(AGE))
        self._held: list[bytes] = []
        self._cipher, self._covered, self._counted = hashlib.sha256(), 0, 0
        self._boxes: deque[bytes] = deque()
        self._pcm = hashlib.sha256()
        self._whole = hashlib.sha256(wav_header(header.rate, header.channels, header.sample_format, None))
        self.samples = 0
        if self._file.size and not identities:
            raise UsageError(
                "this recording is encrypted, and goes on only with an identity that opens it",
                "name one with --identity, or record into another folder",
            )
        end = 0
        for at, length in _records(self._file):
            plain = decrypt(self._file.read(at + _LENGTH, at + _LENGTH + length), identities)
            self._account(plain)
            end = at + _LENGTH + length
        if end != self._file.size:
            self._file.truncate(end)

    def write(self, part: bytes) -> None:
        """See :class:`SoundFile`."""
        self._held.append(part)
        self._account(part)

    def _account(self, part: bytes) -> None:
        self._pcm.update(part)
        self._whole.update(part)
        self.samples += len(part) // self._frame

    def end_segment(self) -> None:
        """See :class:`SoundFile`."""
        box = encrypt(b"".join(self._held), self._recipients)
        self._held.clear()
        record = len(box).to_bytes(_LENGTH, "big") + box
        self._file.append(record)
        self._boxes.append(record)

    def sync(self) -> None:
        """See :class:`SoundFile`."""
        self._file.sync()

    def ciphers(self, segments: int, *, last: bool) -> Iterator[Cipher]:
        """See :class:`SoundFile`."""
        while self._boxes and self._covered + self._counted < segments:
            self._cipher.update(self._boxes.popleft())
            self._counted += 1
            if self._counted == LIVE.together:
                yield self._cut()
        if last and self._counted:
            yield self._cut()

    def _cut(self) -> Cipher:
        leaf = Cipher(self._covered, self._counted, self._cipher.digest())
        self._cipher, self._covered, self._counted = hashlib.sha256(), self._covered + self._counted, 0
        return leaf

    def recount(self, covered: int) -> None:
        """See :class:`SoundFile`."""
        self._covered = covered
        self._boxes = deque(
            self._file.read(at, at + _LENGTH + length)
            for n, (at, length) in enumerate(_records(self._file))
            if n >= covered
        )

    def read(self, first: int, end: int) -> bytes:
        """See :class:`SoundFile`."""
        parts, here = [], 0
        for at, length in _records(self._file):
            if here >= end:
                break
            plain = decrypt(self._file.read(at + _LENGTH, at + _LENGTH + length), self._identities)
            count = len(plain) // self._frame
            low, high = max(first, here), min(end, here + count)
            if low < high:
                parts.append(plain[(low - here) * self._frame : (high - here) * self._frame])
            here += count
        return b"".join(parts)

    def finish(self, take: Callable[[bytes], None]) -> tuple[FileFacts, bytes]:
        """See :class:`SoundFile`."""
        return FileFacts(HEADER + self.samples * self._frame, self._whole.digest()), self._pcm.digest()

    def lose(self, first: int, end: int) -> None:
        """See :class:`SoundFile`. Sound that is there already, from an earlier call too, stays."""
        if first == self.samples:
            self.write(bytes((end - first) * self._frame))
            self.end_segment()

    def close(self) -> None:
        """See :class:`SoundFile`."""
        self._file.close()


def _records(file: GrowingFile) -> Iterator[tuple[int, int]]:
    """Place and length of each whole age file."""
    at = 0
    while at + _LENGTH <= file.size:
        length = int.from_bytes(file.read(at, at + _LENGTH), "big")
        if at + _LENGTH + length > file.size:
            return
        yield at, length
        at += _LENGTH + length


def open_records(data: Iterator[bytes]) -> Iterator[bytes]:
    """Each age file in the bytes of a ``sound.age``, given in pieces; what is cut off at the end is left out."""
    held = b""
    for piece in data:
        held += piece
        while len(held) >= _LENGTH and len(held) >= _LENGTH + int.from_bytes(held[:_LENGTH], "big"):
            length = int.from_bytes(held[:_LENGTH], "big")
            yield held[_LENGTH : _LENGTH + length]
            held = held[_LENGTH + length :]
