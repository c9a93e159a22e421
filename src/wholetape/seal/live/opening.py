"""Opens an encrypted recording: its sound, its print and its whole seal, for one of those it was encrypted to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from wholetape.errors import UsageError, VerificationFailed
from wholetape.log.kinds import FileFacts
from wholetape.media.guard import open_regular
from wholetape.media.streamed import wav_header
from wholetape.seal.live.closing import ESCROWED_SEED
from wholetape.seal.live.params import AGE, PRINT, SEAL, WAV
from wholetape.seal.live.sound import open_records
from wholetape.seal.live.vault import decrypt
from wholetape.seal.members import MAX_SEAL, SEED
from wholetape.seal.sealfile import Seal, parse_seal
from wholetape.store.atomic import atomic_write
from wholetape.store.files import read_file
from wholetape.store.folder import HeldFolder

_PIECE = 1 << 20
_MAX_PRINT = 1 << 30


def open_hidden(folder: str, identities: Sequence[Any], out: str) -> Seal:
    """Writes ``recording.wav``, ``.print`` and ``.seal``, with its seed, into the new folder ``out``; returns the seal.

    All of it or nothing: sound that is not all there, or not what was sealed, leaves no file.

    Raises:
        UsageError: ``folder`` holds no encrypted recording that is closed, or ``out`` holds other files.
        VerificationFailed: ``identities`` do not open it, or what they open is not what was sealed.
        MalformedFile, UnreadableInput, StorageFailed: a file is damaged, missing, or cannot be written.
    """
    public = parse_seal(read_file(f"{folder}/{SEAL}", MAX_SEAL))
    if ESCROWED_SEED not in public.members or public.close is None:
        raise UsageError(f"{folder!r} holds no encrypted recording", "name the folder given to `record -o`")
    seed = decrypt(public.members[ESCROWED_SEED], identities)
    seal = public.with_({SEED: seed.hex().encode() + b"\n", ESCROWED_SEED: None})
    printed = decrypt(read_file(f"{folder}/{PRINT}.age", _MAX_PRINT), identities)
    if public.close.print != FileFacts(len(printed), hashlib.sha256(printed).digest()):
        raise VerificationFailed("the encrypted print is not the one that was sealed")
    held = HeldFolder(out, make=True)
    try:
        if not held.is_empty():
            raise UsageError(f"{out!r} holds other files", "open it into a new folder")
        atomic_write(held.name(WAV), _sound(f"{folder}/{AGE}", identities, seal))
        atomic_write(held.name(PRINT), printed)
        atomic_write(held.name(SEAL), seal.encode())
    finally:
        held.release()
    return seal


def _sound(path: str, identities: Sequence[Any], seal: Seal) -> Iterator[bytes]:
    """The bytes of the recording's file; raises at their end where they are not what was sealed."""
    header, whole, size = seal.header, hashlib.sha256(), 0
    assert header.sample_format is not None
    assert seal.close is not None

    def counted() -> Iterator[bytes]:
        yield wav_header(header.rate, header.channels, header.sample_format, None)  # type: ignore[arg-type]
        with open_regular(path) as file:
            for box in open_records(iter(lambda: file.read(_PIECE), b"")):
                yield decrypt(box, identities)

    for piece in counted():
        whole.update(piece)
        size += len(piece)
        yield piece
    if seal.close.file != FileFacts(size, whole.digest()):
        raise VerificationFailed("the encrypted sound is not all there, or not what was sealed", "get another copy")
