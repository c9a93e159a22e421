"""A sealed recording to take excerpts from, and excerpts read back, verified, and tampered with."""

from __future__ import annotations

import hashlib
import wave

from tests.seal import made
from wholetape.checking import make_print
from wholetape.log.checkpoint import cosign
from wholetape.log.keys import encode_public
from wholetape.match.printfile import Print
from wholetape.seal.excerpted import compare_excerpt, verify_excerpt
from wholetape.seal.excerptfile import (
    PROOFS,
    Excerpt,
    encode_proofs,
    excerpt_from,
    parse_excerpt,
)
from wholetape.seal.excerpting import choose, prove_excerpt, sound_of
from wholetape.seal.make import Sealing, seal_recording
from wholetape.seal.sealfile import Seal
from wholetape.seal.verify import AtHand

PINNED = (made.A.public, made.B.public)
SECONDS = 20


class Desk:
    """A sealed recording of twenty seconds, with its print, in a folder."""

    def __init__(self, folder, name="recording", salted=b"1") -> None:
        self.path = folder / f"{name}.wav"
        with wave.open(str(self.path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(made.RATE)
            out.writeframes(hashlib.shake_128(salted).digest(2 * made.RATE * SECONDS))
        self.print: Print = make_print(self.path)
        seal = seal_recording(self.path, self.print, made.A, Sealing((encode_public(made.B),)))
        self.seal: Seal = seal.with_({"head": cosign(seal.head.note, made.B, made.TIME).encode()})
        self.folder = folder

    def excerpt(self, start: float, end: float, with_print: bool = True) -> Excerpt:
        return prove_excerpt(self.seal, choose(self.seal, start, end), self.print.encode() if with_print else None)

    def sound(self, start: float, end: float, name: str = "clip.wav"):
        path = self.folder / name
        path.write_bytes(b"".join(sound_of(self.path, self.seal, choose(self.seal, start, end))))
        return path

    def samples(self, start: int, end: int) -> bytes:
        with wave.open(str(self.path)) as source:
            whole: bytes = source.readframes(source.getnframes())
            return whole[2 * made.RATE * start : 2 * made.RATE * end]


def told(excerpt, sound=None):
    """What verifying the excerpt says, after its bytes went through a file."""
    excerpt = parse_excerpt(excerpt.encode())
    facts = compare_excerpt(sound, excerpt) if sound is not None else None
    return verify_excerpt(excerpt, PINNED, AtHand(facts))


def reason(excerpt, sound=None):
    failure = told(excerpt, sound).failure
    return failure.reason if failure is not None else None


def changed(excerpt, /, **members):
    """With other members; ``first`` and the like are proofs within one of them."""
    proofs = {place: members.pop(place, excerpt.proofs[place]) for place in PROOFS}
    given = {"excerpt": encode_proofs(proofs), **{name.replace("__", "/"): data for name, data in members.items()}}
    return excerpt_from({**excerpt.members, **given})


def leaves(excerpt, *numbers):
    raw = excerpt.seal.raw
    return b"".join(raw[number] + b"\n" for number in numbers)
