"""Good seals made from fixed keys and a fixed seed, and the parts to make bad ones of.

seal = made.seal()                         # two parties, both signed, three seconds
bad = made.seal(cosigners=[])              # side-b has not signed
bad = made.repacked(seal, leaves=...)      # other members, container intact
bad = made.resealed(lines)                 # other leaves, signed anew by both
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wholetape.log.checkpoint import Checkpoint, cosign, sign
from wholetape.log.keys import PrivateKey, encode_public
from wholetape.log.kinds import Capture, FileFacts, Header, SampleFormat
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.seal.build import Builder, key_members
from wholetape.seal.container import pack
from wholetape.seal.sealfile import Seal, from_members

A = PrivateKey("side-a", bytes(range(32)))
B = PrivateKey("side-b", bytes(range(32, 64)))
C = PrivateKey("side-c", bytes(range(64, 96)))
STRANGER = PrivateKey("stranger", bytes(range(96, 128)))
SEED = hashlib.sha256(b"the seed of the tests").digest()
ORIGIN = "wholetape/00112233445566778899aabbccddeeff"
TIME = 1_700_000_000
RATE = 8000
SECONDS = 3
PRINT = b"stands for the bytes of a print"


def pcm(seconds: int = SECONDS, rate: int = RATE) -> bytes:
    """16-bit mono that is no silence and repeats nothing."""
    return hashlib.shake_128(b"sound").digest(2 * rate * seconds)


def header(parties: Sequence[PrivateKey] = (A, B), **changes) -> Header:
    given: dict[str, Any] = {
        "origin": ORIGIN,
        "parties": tuple(key.public for key in parties),
        "capture": Capture.FINISHED_FILE,
        "rate": RATE,
        "channels": 1,
        "sample_format": SampleFormat.S16,
        "segment": RATE,
    }
    return Header(**(given | changes))


def builder(
    sound: bytes | None = None, *, parties: Sequence[PrivateKey] = (A, B), close: bool = True, **changes
) -> Builder:
    """A builder over ``sound``, a second a segment, closed if ``close``."""
    sound = pcm() if sound is None else sound
    made = Builder(header(parties, **changes), SEED)
    for at in range(0, len(sound), 2 * RATE):
        part = sound[at : at + 2 * RATE]
        made.segment(len(part) // 2, part, b"rows %d" % at)
    if close:
        made.close("finished-file", facts(PRINT), file=facts(sound), pcm=hashlib.sha256(sound).digest())
    return made


def facts(data: bytes) -> FileFacts:
    return FileFacts(len(data), hashlib.sha256(data).digest())


def signed(
    text: str, recorder: PrivateKey | None = A, cosigners: Iterable[PrivateKey] = (B,), time: int = TIME
) -> Note:
    """A note over ``text``."""
    note = Note(text, ())
    if recorder is not None:
        note = sign(note, recorder)
    for key in cosigners:
        note = cosign(note, key, time)
    return note


def seal(
    sound: bytes | None = None,
    *,
    parties: Sequence[PrivateKey] = (A, B),
    cosigners: Sequence[PrivateKey] | None = None,
    close: bool = True,
    others: Mapping[str, bytes] | None = None,
    **changes,
) -> Seal:
    """A good seal, or one with a single thing wrong."""
    made = builder(sound, parties=parties, close=close, **changes)
    head = signed(made.checkpoint.text, parties[0], parties[1:] if cosigners is None else cosigners)
    return made.seal(head, {**key_members(encode_public(key) for key in parties), **(others or {})})


def members_over(lines: Sequence[bytes], *, origin: str = ORIGIN, size: int | None = None, **how) -> dict[str, bytes]:
    """Members of a seal over any lines at all, signed by both: what a dishonest recorder and party could make."""
    tree = Tree(lines)
    text = Checkpoint(origin, len(tree) if size is None else size, tree.root()).text
    return {
        "head": signed(text, **how).encode(),
        "leaves": b"".join(line + b"\n" for line in lines),
        **key_members([encode_public(A), encode_public(B)]),
        "private/seed": SEED.hex().encode() + b"\n",
    }


def resealed(lines: Sequence[bytes], **how) -> Seal:
    """A seal over any lines that can be read at all, signed by both."""
    return from_members(members_over(lines, **how))


def repacked(of: Seal, **members: bytes | None) -> bytes:
    """The container with some members changed or (None) taken out; ``__`` stands for ``/``. Need not be readable."""
    changed = {**of.members, **{name.replace("__", "/"): data for name, data in members.items()}}
    return pack({name: data for name, data in changed.items() if data is not None})
