"""Seals a finished file: the use case behind ``wholetape seal``."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from wholetape.errors import UnreadableInput, UsageError
from wholetape.log.keys import PrivateKey, encode_public, parse_public
from wholetape.log.kinds import Capture, FileFacts, Header, PrintForm, Segment
from wholetape.log.salts import Label, commit, salt
from wholetape.match.printfile import Print
from wholetape.seal.build import Builder, key_members
from wholetape.seal.rows import rows_of
from wholetape.seal.sealfile import Seal
from wholetape.seal.sound import Progress, SealedSound, measure


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is to be sealed beside the sound: the ``.pub`` files of the other parties, documents with their names."""

    parties: tuple[bytes, ...] = ()
    documents: tuple[tuple[str, bytes], ...] = ()
    challenge: bool = False


def seal_recording(
    path: str | os.PathLike[str],
    made: Print,
    key: PrivateKey,
    sealing: Sealing | None = None,
    progress: Progress = lambda share: None,
) -> Seal:
    """The seal of the recording at ``path``, whose print is ``made``, signed by its recorder; not yet by the parties.

    Raises:
        UnreadableInput: the recording cannot be read, or is not the one that the print was made from.
        UsageError: a party twice.
        MalformedFile, VerificationFailed: a ``.pub`` file is none, or its key is weak.
    """
    sealing = sealing or Sealing()
    files = [encode_public(key), *sealing.parties]
    parties = tuple(parse_public(data) for data in files)
    if len({p.name for p in parties}) != len(parties) or len({p.raw for p in parties}) != len(parties):
        raise UsageError("two parties have one name or one key", "each party has its own; yours is in the seal already")
    seed, origin = secrets.token_bytes(32), f"wholetape/{secrets.token_hex(16)}"
    sound = measure(path, seed, progress)
    if made.recording != sound.file.sha256:
        raise UnreadableInput(f"{os.fspath(path)!r} changed while it was read", "seal a file that nobody writes to")
    header = Header(
        origin,
        parties,
        Capture.FINISHED_FILE,
        sound.rate,
        sound.channels,
        sound.sample_format,
        sound.rate,
        PrintForm(tuple((track.stream, track.channel) for track in made.tracks)),
        sealing.challenge,
    )
    builder = Builder(header, seed)
    _segments(builder, sound, made)
    for name, content in sealing.documents:
        builder.document(name, content)
    data = made.encode()
    printed = FileFacts(len(data), hashlib.sha256(data).digest())
    builder.close("challenge" if sealing.challenge else "finished-file", printed, file=sound.file, pcm=sound.pcm)
    return builder.seal(builder.head(key), key_members(files))


def _segments(builder: Builder, sound: SealedSound, made: Print) -> None:
    firsts = _firsts(sound.counts)
    rows = rows_of(made, builder.header.print.tracks, firsts, sound.rate)
    for n, (first, count, row) in enumerate(zip(firsts, sound.counts, rows, strict=True)):
        digest = sound.digests[n] if sound.digests else None
        builder.add(Segment(n, first, count, digest, commit(salt(builder.seed, Label.PRINT, n), row)))


def _firsts(counts: Sequence[int]) -> list[int]:
    firsts, at = [], 0
    for count in counts:
        firsts.append(at)
        at += count
    return firsts
