"""Tree heads as c2sp.org/tlog-checkpoint, and who signed them: 0x01, and 0x04 of c2sp.org/tlog-cosignature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from wholetape.errors import MalformedFile
from wholetape.log import ed25519
from wholetape.log.encoding import b64decode, b64encode, decimal
from wholetape.log.keys import PrivateKey
from wholetape.log.note import COSIGNATURE, ED25519, Note, Signature, VerifierKey

ORIGIN = re.compile(r"wholetape/[0-9a-f]{32}\Z")
"""What the origin of a seal looks like; see docs/spec/seal.md."""
MAX_TIME = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a tree: ``size`` leaves have the root hash ``root``, 32 bytes. Not signed by being one."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of its note: three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: by which key, and for cosignatures when, in seconds since 1970, by that key's clock."""

    key: VerifierKey
    time: int | None


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is.

    Raises:
        MalformedFile: not three lines; extension lines are refused, they would mean nothing here.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise MalformedFile("the head does not have three lines")
    if len(lines) > 4:
        raise MalformedFile("the head has extension lines")
    if not lines[0]:
        raise MalformedFile("the head has no origin")
    root = b64decode(lines[2], "the root of the head")
    if len(root) != 32:
        raise MalformedFile("the root of the head does not have 32 bytes")
    return Checkpoint(lines[0], decimal(lines[1], "the size of the head"), root)


def cosigned_message(text: str, time: int) -> bytes:
    """What a cosignature of a head's note text, at ``time``, signs."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def sign(note: Note, key: PrivateKey) -> Note:
    """``note`` with the recorder's signature, type 0x01."""
    vkey = key.public.signer
    return note.signed(Signature(vkey.name, vkey.id, ed25519.sign(key.seed, note.text.encode())))


def cosign(note: Note, key: PrivateKey, time: int) -> Note:
    """``note`` with a party's cosignature, type 0x04, at ``time`` in seconds since 1970."""
    if not 0 <= time <= MAX_TIME:
        raise ValueError("the time of a cosignature has 63 bits")
    vkey = key.public.cosigner
    data = time.to_bytes(8, "big") + ed25519.sign(key.seed, cosigned_message(note.text, time))
    return note.signed(Signature(vkey.name, vkey.id, data))


def signature_by(note: Note, key: VerifierKey) -> Signed | Literal[False] | None:
    """``Signed`` where ``key`` has; None where it has no line, or its type is unknown; False for a false signature."""
    line = note.by(key)
    if line is None:
        return None
    if key.type == ED25519:
        return Signed(key, None) if ed25519.holds(key.key, line.data, note.text.encode()) else False
    if key.type == COSIGNATURE:
        if len(line.data) != 8 + ed25519.SIGNATURE_BYTES:
            return False
        time = int.from_bytes(line.data[:8], "big")
        message = cosigned_message(note.text, time)
        good = time <= MAX_TIME and ed25519.holds(key.key, line.data[8:], message)
        return Signed(key, time) if good else False
    return None
