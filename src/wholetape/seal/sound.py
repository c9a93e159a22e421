"""The sound of a recording against its commitments: hashes by segment, and what a recording says of a seal."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Protocol

from wholetape.errors import UnreadableInput
from wholetape.log.kinds import FileFacts, Header, SampleFormat
from wholetape.log.salts import Label, salt
from wholetape.media.guard import is_empty
from wholetape.media.onepass import Taker, hash_file, plain_form, wav_pass
from wholetape.seal.lost import expected, is_lost, lost_of
from wholetape.seal.sealfile import Seal

if TYPE_CHECKING:
    from wholetape.media.pcm import SoundForm

Progress = Callable[[float], None]
PathLike = str | os.PathLike[str]


class SegmentHashes:
    """Takes samples in pieces of any length and makes the salted hash of each segment.

    Args:
        seed: of the salts; or the salts themselves, one for each segment.
        sizes: bytes of each segment, in order; what goes beyond them makes one more segment.
    """

    def __init__(self, seed: bytes | Sequence[bytes], sizes: Iterator[int]) -> None:
        self._seed = seed
        self._sizes = sizes
        self.digests: list[bytes] = []
        self.counts: list[int] = []
        """Bytes of each segment."""
        self._begin()

    def _begin(self) -> None:
        self._hash = hashlib.sha256(self._salt(len(self.digests)))
        self._size = next(self._sizes, 1 << 62)
        self._filled = 0

    def _salt(self, number: int) -> bytes:
        if isinstance(self._seed, bytes):
            return salt(self._seed, Label.SOUND, number)
        return self._seed[number] if number < len(self._seed) else b""

    def take(self, piece: memoryview | bytes) -> None:
        """The next samples."""
        view = memoryview(piece)
        at = 0
        while at < len(view):
            part = view[at : at + self._size - self._filled]
            self._hash.update(part)
            at += len(part)
            self._filled += len(part)
            if self._filled == self._size:
                self._end()

    def finish(self) -> None:
        """No more samples."""
        if self._filled:
            self._end()

    def _end(self) -> None:
        self.digests.append(self._hash.digest())
        self.counts.append(self._filled)
        self._begin()


@dataclass(frozen=True, slots=True)
class SealedSound:
    """What a recording gives to be sealed: ``digests`` is empty and ``pcm`` None where its sound is not hashed.

    ``counts`` are samples of each segment.
    """

    file: FileFacts
    rate: int
    channels: int
    sample_format: SampleFormat | None
    counts: tuple[int, ...]
    digests: tuple[bytes, ...]
    pcm: bytes | None


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a recording says of a seal: its bytes, and whether its samples are those that were sealed.

    ``samples`` is None where they were not compared; ``why`` says why, or where they differ.
    """

    path: str
    file: FileFacts
    samples: bool | None
    why: str


def measure(path: PathLike, seed: bytes, progress: Progress = lambda share: None) -> SealedSound:
    """All that sealing needs of the recording at ``path``, in bounded memory.

    Raises:
        UnreadableInput: it cannot be read, or has no sound.
    """
    wav = plain_form(path)
    if wav is not None:
        width = wav.channels * wav.sample_format.width
        hashes, pcm = SegmentHashes(seed, repeat(wav.rate * width)), hashlib.sha256()
        size, digest = wav_pass(path, wav, [hashes.take, pcm.update], progress)
        hashes.finish()
        return _sealed(FileFacts(size, digest), wav.rate, wav.channels, wav.sample_format, hashes, pcm.digest())
    from wholetape.media.pcm import OtherForm, Samples

    size, digest = hash_file(path, lambda share: progress(share / 4))
    file = FileFacts(size, digest)
    form = _form_of(path)
    for sample_format in (form.native, form.wider):
        if sample_format is None:
            continue
        width = form.channels * sample_format.width
        hashes, pcm = SegmentHashes(seed, repeat(form.rate * width)), hashlib.sha256()
        try:
            damaged = _feed(path, sample_format, [hashes.take, pcm.update], progress)
        except OtherForm:
            continue
        hashes.finish()
        if not damaged:
            return _sealed(file, form.rate, form.channels, sample_format, hashes, pcm.digest())
        break
    samples = Samples(path)
    try:
        for _ in samples.drain():
            progress(0.25 + 0.75 * samples.progress)
    finally:
        samples.close()
    whole, rest = divmod(samples.count, form.rate)
    counts = (form.rate,) * whole + ((rest,) if rest else ())
    return SealedSound(file, form.rate, form.channels, None, counts, (), None)


def compare(path: PathLike, seal: Seal, progress: Progress = lambda share: None) -> RecordingFacts:
    """What the recording at ``path`` says of ``seal``. Its bytes are hashed before anything of it is decoded.

    With the seed each segment is compared, without it all samples together.

    Raises:
        UnreadableInput: there is no such file, or it must not be read. Never for what is in it.
    """
    hashed = seal.close is not None and seal.header.sample_format is not None
    why = "the seal is unfinished" if seal.close is None else "the seal commits to the file's bytes only"
    return hear(path, seal.header, _Check(seal) if hashed else None, why, progress)


def hear(
    path: PathLike, header: Header, check: Check | None, why: str, progress: Progress = lambda share: None
) -> RecordingFacts:
    """What the sound at ``path``, in the form that ``header`` names, says to ``check``; None where, for the reason
    ``why``, only bytes are compared. Raises as :func:`compare` does.
    """
    name, wanted = os.fspath(path), header.sample_format
    if is_empty(path):  # bytes that differ, like any others
        nothing = FileFacts(0, hashlib.sha256().digest())
        return RecordingFacts(name, nothing, None if check is None else False, "the file is empty")
    wav = plain_form(path)
    if wav is not None and check is not None:
        same = (wav.rate, wav.channels, wav.sample_format) == (header.rate, header.channels, wanted)
        if same:
            size, digest = wav_pass(path, wav, [check.take], progress)
            return RecordingFacts(name, FileFacts(size, digest), *check.answer())
    size, digest = hash_file(path, lambda share: progress(share / 4))
    file = FileFacts(size, digest)
    if check is None:
        return RecordingFacts(name, file, None, why)
    from wholetape.media.pcm import OtherForm  # which loads numpy

    assert wanted is not None
    try:
        form = _form_of(path)
        if form.native is None:
            return RecordingFacts(name, file, False, "its sound is not in a lossless format")
        if (form.rate, form.channels) != (header.rate, header.channels):
            why = f"it has {form.rate} Hz and {form.channels} channels, not {header.rate} Hz and {header.channels}"
            return RecordingFacts(name, file, False, why)
        damaged = _feed(path, wanted, [check.take], progress)
    except (OtherForm, UnreadableInput) as problem:
        return RecordingFacts(name, file, False, str(problem))
    good, why = check.answer()
    return RecordingFacts(name, file, good and not damaged, "the file is damaged" if good and damaged else why)


class Check(Protocol):
    """Takes all samples in order, and tells whether they are the right ones, and how that is known."""

    take: Taker

    def answer(self) -> tuple[bool, str]:
        """To be asked once, after the last sample."""


class _Check:
    """Compares samples with a seal's commitments as they come."""

    def __init__(self, seal: Seal) -> None:
        assert seal.close is not None
        self._pcm = seal.close.pcm
        self._segments = seal.segments
        self._rate = seal.header.rate
        self._lost = lost_of(seal.leaves)
        self._seed = seal.seed or b""
        self._width = seal.header.channels * (seal.header.sample_format or SampleFormat.S16).width
        sizes = (leaf.samples * self._width for leaf in self._segments)
        self._hashes = SegmentHashes(seal.seed, sizes) if seal.seed is not None else None
        self._whole = hashlib.sha256()
        self.take: Taker = self._hashes.take if self._hashes is not None else self._whole.update

    def answer(self) -> tuple[bool, str]:
        """Whether all samples are those that were sealed, and how that is known, or where they differ first."""
        if self._hashes is None:
            good = self._pcm is not None and self._whole.digest() == self._pcm
            return good, "all samples together have the sealed hash" if good else "its samples have another hash"
        self._hashes.finish()
        due = expected(self._segments, self._lost, self._seed, self._width)
        for leaf, found, wanted in zip(self._segments, self._hashes.digests, due, strict=False):
            if wanted != found:
                return False, f"its samples differ from second {leaf.first // self._rate} on"
        if len(due) != len(self._hashes.digests):
            longer = len(self._hashes.digests) > len(due)
            return False, "it goes on after the last segment" if longer else "it ends before the last segment"
        lost = sum(is_lost(leaf, self._lost) for leaf in self._segments)
        if lost:
            return True, f"{len(due) - lost} segments have their sealed hash; {lost} were lost, and are silence"
        return True, f"each of the {len(due)} segments has its sealed hash"


def _sealed(
    file: FileFacts, rate: int, channels: int, sample_format: SampleFormat, hashes: SegmentHashes, pcm: bytes
) -> SealedSound:
    width = channels * sample_format.width
    counts = tuple(count // width for count in hashes.counts)
    return SealedSound(file, rate, channels, sample_format, counts, tuple(hashes.digests), pcm)


def _form_of(path: PathLike) -> SoundForm:
    from wholetape.media.pcm import Samples

    samples = Samples(path)
    samples.close()
    return samples.form


def _feed(path: PathLike, wanted: SampleFormat, takers: Sequence[Taker], progress: Progress) -> bool:
    """Hands all samples to ``takers``; returns whether anything was damaged. Raises ``OtherForm``."""
    from wholetape.media.pcm import Samples

    samples = Samples(path)
    try:
        for block in samples.blocks(wanted):
            for taker in takers:
                taker(memoryview(block))
            progress(0.25 + 0.75 * samples.progress)
        return samples.damaged
    finally:
        samples.close()
