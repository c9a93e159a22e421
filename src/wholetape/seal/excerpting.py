"""Makes an excerpt: its seconds as lossless sound, and the proof of their place; the use case behind the command."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wholetape.errors import UsageError, VerificationFailed
from wholetape.log.kinds import FileFacts, Header, SampleFormat, Segment
from wholetape.log.proof import Proof
from wholetape.log.salts import Label, salt
from wholetape.match.printfile import parse
from wholetape.seal.excerptfile import Excerpt, Opened, encode_opened, encode_proofs, excerpt_from
from wholetape.seal.judged import judge_print
from wholetape.seal.members import EXCERPT, HEAD, LEAVES, OPENED
from wholetape.seal.rows import rows_of
from wholetape.seal.sealfile import Seal
from wholetape.seal.sound import PathLike
from wholetape.seal.verify import verify

SOUNDS = (".wav", ".flac")
"""How the name of an excerpt's sound may end."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part: leaves from number ``low`` up to, not including, ``high``, from segment to segment."""

    low: int
    high: int


def choose(seal: Seal, start: float, end: float) -> Cut:
    """The leaves of the whole segments that hold everything from ``start`` to ``end``, in seconds.

    Raises:
        UsageError: nothing of the recording lies there.
    """
    rate = seal.header.rate
    total = sum(leaf.samples for leaf in seal.segments)
    if not 0 <= start < end or start * rate >= total:
        raise UsageError(
            f"there is nothing from {start:g} s to {end:g} s in a recording of {total / rate:g} s",
            "--from and --to are seconds, or H:MM:SS, from the recording's beginning",
        )
    inside = [
        number
        for number, leaf in enumerate(seal.leaves)
        if isinstance(leaf, Segment) and leaf.first < end * rate and leaf.first + leaf.samples > start * rate
    ]
    return Cut(inside[0], inside[-1] + 1)


def prove_excerpt(seal: Seal, cut: Cut, sealed_print: bytes | None) -> Excerpt:
    """The proof for the leaves of ``cut``; with the sealed print also their rows, for checks of lossy copies.

    It holds the salts of the excerpt's own segments, and no others.

    Raises:
        UsageError: the seal is public, and has no seed.
        VerificationFailed: the seal does not hold in itself, or the print is not the sealed one.
    """
    if seal.seed is None:
        raise UsageError(
            "this is a public seal, without the seed that opens a part of it", "use the parties' whole seal"
        )
    failure = verify(seal, seal.header.parties[:1]).failure
    if failure is not None:
        raise VerificationFailed(f"no excerpt: {failure.words}", failure.hint)
    rows: dict[int, bytes] = {}
    if sealed_print is not None:
        if wrong := judge_print(seal, sealed_print).wrong:
            raise VerificationFailed(f"no excerpt: {wrong}", "name the sealed print with --print")
        firsts = [leaf.first for leaf in seal.segments]
        rows = dict(enumerate(rows_of(parse(sealed_print), seal.header.print.tracks, firsts, seal.header.rate)))
    tree, last = seal.tree, len(seal.leaves) - 1
    chosen = seal.leaves[cut.low : cut.high]
    opened = [_open(seal.seed, leaf, rows.get(leaf.n)) for leaf in chosen if isinstance(leaf, Segment)]
    places = {"header": 0, "first": cut.low, "last": cut.high - 1, "close": last}
    members = {
        EXCERPT: encode_proofs({name: Proof(at, tuple(tree.prove_inclusion(at))) for name, at in places.items()}),
        HEAD: seal.head.data,
        LEAVES: b"".join(line + b"\n" for line in (seal.raw[0], *seal.raw[cut.low : cut.high], seal.raw[last])),
        OPENED: b"".join(encode_opened(entry) + b"\n" for entry in opened),
        **_stamps(seal),
    }
    return excerpt_from(members)


def sound_of(path: PathLike, seal: Seal, cut: Cut) -> Iterator[bytes]:
    """A WAV file with the samples of ``cut``, piece by piece; each segment is compared before it is handed on.

    Of a recording in a lossy format, whose seal commits to no samples, what a decoder makes of the sealed file.

    Raises:
        UsageError: the seal is public.
        VerificationFailed: the recording's samples are not those that were sealed.
        UnreadableInput: it cannot be read, or ends too early.
    """
    seed = seal.seed
    if seed is None:
        raise UsageError("this is a public seal, without the seed that opens a part of it", "use the parties' seal")
    segments = [leaf for leaf in seal.leaves[cut.low : cut.high] if isinstance(leaf, Segment)]
    return _sound(path, seal, segments, [salt(seed, Label.SOUND, leaf.n) for leaf in segments])


def sound_of_proof(path: PathLike, excerpt: Excerpt) -> Iterator[bytes]:
    """The same of the segments that a proof opens, out of the whole recording at ``path``.

    Raises:
        UsageError: the proof does not open their sound.
        VerificationFailed, UnreadableInput: as :func:`sound_of`.
    """
    salts = [entry.sound for entry in excerpt.opened]
    if excerpt.seal.header.sample_format is not None and None in salts:
        raise UsageError("this proof opens its seconds' print, not their sound", "check a copy against it instead")
    return _sound(path, excerpt.seal, excerpt.segments, [one or b"" for one in salts])


def _sound(path: PathLike, seal: Seal, segments: Sequence[Segment], salts: Sequence[bytes]) -> Iterator[bytes]:
    from wholetape.media.streamed import wav_header

    header = seal.header
    if header.sample_format is None:
        yield from _decoded(path, seal, segments)
        return
    width = header.channels * header.sample_format.width
    yield wav_header(header.rate, header.channels, header.sample_format, width * sum(leaf.samples for leaf in segments))
    pieces = _samples(path, seal, segments[0].first * width)
    held = bytearray()
    for leaf, own in zip(segments, salts, strict=True):
        need = leaf.samples * width
        while len(held) < need:
            piece = next(pieces, None)
            if piece is None:
                raise VerificationFailed(
                    "the recording is not the one that was sealed: it ends too early", "use the sealed file"
                )
            held += piece
        part = bytes(held[:need])
        del held[:need]
        if hashlib.sha256(own + part).digest() != leaf.sound:
            second = leaf.first // header.rate
            raise VerificationFailed(
                f"the recording is not the one that was sealed: its samples differ at second {second}",
                "use the sealed file, or a lossless copy of it",
            )
        yield part


def _decoded(path: PathLike, seal: Seal, segments: Sequence[Segment]) -> Iterator[bytes]:
    """The same from the sealed file, byte for byte, decoded to 16 bits: no other decoder need agree to the last bit."""
    from wholetape.media.capture import FileCapture
    from wholetape.media.onepass import hash_file
    from wholetape.media.streamed import wav_header

    if seal.close is None or seal.close.file != FileFacts(*hash_file(path)):
        raise VerificationFailed(
            "the recording is not the one that was sealed: its bytes differ", "use the sealed file"
        )
    capture = FileCapture(os.fspath(path))
    try:
        frame = capture.channels * SampleFormat.S16.width
        skip, left = segments[0].first * frame, frame * sum(leaf.samples for leaf in segments)
        yield wav_header(capture.rate, capture.channels, SampleFormat.S16, left)
        for block in capture.blocks():
            piece = block[skip:][:left]
            skip, left = max(0, skip - len(block)), left - len(piece)
            yield piece
            if not left:
                return
        yield bytes(left)
    finally:
        capture.close()


def _samples(path: PathLike, seal: Seal, skip: int) -> Iterator[bytes]:
    """The recording's canonical bytes from byte ``skip`` on."""
    from wholetape.media.guard import open_regular
    from wholetape.media.onepass import plain_form
    from wholetape.media.pcm import OtherForm, Samples

    header, wav = seal.header, plain_form(path)
    assert header.sample_format is not None
    form = (header.rate, header.channels, header.sample_format)
    if wav is not None and (wav.rate, wav.channels, wav.sample_format) == form:
        with open_regular(path) as file:
            file.seek(wav.offset + skip)
            left = wav.length - skip
            while left > 0 and (piece := file.read(min(1 << 20, left))):
                left -= len(piece)
                yield piece
        return
    samples = Samples(path)
    try:
        if samples.form.native is None or (samples.form.rate, samples.form.channels) != form[:2]:
            raise VerificationFailed(
                "the recording is not the one that was sealed: its sound has another form", "use the sealed file"
            )
        for block in samples.blocks(header.sample_format):
            if len(block) > skip:
                yield block[skip:]
            skip = max(0, skip - len(block))
    except OtherForm as problem:
        raise VerificationFailed(f"the recording is not the one that was sealed: {problem}", "") from problem
    finally:
        samples.close()


def _open(seed: bytes, leaf: Segment, rows: bytes | None) -> Opened:
    return Opened(
        leaf.n,
        None if leaf.sound is None else salt(seed, Label.SOUND, leaf.n),
        None if leaf.print is None or rows is None else salt(seed, Label.PRINT, leaf.n),
        None if leaf.print is None else rows,
    )


def _stamps(seal: Seal) -> dict[str, bytes]:
    """The time-stamps over the closing head, and the copies of it that they are over."""
    numbers = [n for n, head in seal.earlier.items() if head.checkpoint == seal.head.checkpoint]
    heads = {f"heads/{n:04}": seal.members[f"heads/{n:04}"] for n in numbers}
    stamps = {
        name: data
        for name, data in seal.members.items()
        if name.startswith(tuple(f"stamps/{n:04}-" for n in numbers) or ("-",))
    }
    return {**heads, **stamps} if stamps else {}


def sound_as(output: PathLike, sound: Iterator[bytes], header: Header) -> Iterator[bytes]:
    """``sound``, a WAV file of :func:`sound_of`, as the file that the name of ``output`` asks for.

    Raises:
        UsageError: FLAC cannot hold it.
    """
    if not os.fspath(output).endswith(".flac"):
        return sound
    from wholetape.media.flac import MAX_CHANNELS, flac

    if header.sample_format not in (SampleFormat.S16, SampleFormat.S24, None) or header.channels > MAX_CHANNELS:
        raise UsageError("FLAC holds 16-bit or 24-bit sound of up to 8 channels, not this", "name -o FILE.wav")
    return flac(sound)


def proof_name(output: PathLike) -> str:
    """Where the proof of an excerpt is: ``clip.excerpt`` for ``clip.wav``; raises ``UsageError`` for other names."""
    name = os.fspath(output)
    stem, suffix = os.path.splitext(name)
    if suffix == ".excerpt":
        return name
    if suffix not in SOUNDS:
        raise UsageError(
            f"{name} ends neither in .wav, .flac nor .excerpt",
            "the excerpt is a WAV or FLAC file, and FILE.excerpt, its proof, is written beside it",
        )
    return stem + ".excerpt"
