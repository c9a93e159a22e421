"""Signed notes and verifier keys: c2sp.org/signed-note.

Nothing here is verified by being parsed: ``checkpoint.signature_by`` tells whether a known key has signed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from wholetape.errors import MalformedFile
from wholetape.log.encoding import b64decode, b64encode, unhex

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_44 = 0x06
MAX_BYTES = 1 << 20
MAX_SIGNATURES = 256
"""Many more than parties at any table; the standard demands at least 16."""
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A *vkey*: whose (``name``), which algorithm (``type``), and the public key's bytes."""

    name: str
    type: int
    key: bytes

    @property
    def id(self) -> bytes:
        """The key ID, 4 bytes."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.key)}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note: ``data`` is what follows the key ID."""

    name: str
    id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64encode(self.id + self.data)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, and signatures that nobody has checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The bytes of the note; :func:`parse_note` is the inverse."""
        return (self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)).encode()

    def by(self, key: VerifierKey) -> Signature | None:
        """The line that names ``key`` and its ID, whether or not it is valid."""
        return next((s for s in self.signatures if (s.name, s.id) == (key.name, key.id)), None)

    def signed(self, signature: Signature) -> Note:
        """This note with one more signature; one by the same key is replaced, in its place."""
        same = [(s.name, s.id) == (signature.name, signature.id) for s in self.signatures]
        if any(same):
            kept = tuple(signature if old else s for s, old in zip(self.signatures, same, strict=True))
            return Note(self.text, kept)
        return Note(self.text, (*self.signatures, signature))


def parse_note(data: bytes, what: str = "note") -> Note:
    """The note in ``data``, its signatures unchecked.

    Raises:
        MalformedFile: not UTF-8, controls, no blank line, a line that is no signature, or two by one key.
    """
    if len(data) > MAX_BYTES:
        raise MalformedFile(f"{what} is too long")
    try:
        whole = data.decode()
    except UnicodeDecodeError as problem:
        raise MalformedFile(f"{what} is not UTF-8") from problem
    if any(letter < " " and letter != "\n" for letter in whole):
        raise MalformedFile(f"{what} has control characters")
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise MalformedFile(f"{what} has no signatures below a blank line")
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedFile(f"{what} has more than {MAX_SIGNATURES} signatures")
    found = tuple(_signature(line, what) for line in lines)
    if len({(s.name, s.id) for s in found}) != len(found):
        raise MalformedFile(f"{what} has two signatures by one key")
    return Note(text + "\n", found)


def parse_vkey(text: str) -> VerifierKey:
    """The verifier key that ``text`` is.

    Raises:
        MalformedFile: not three parts, a bad name, or an ID that is not the key's.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise MalformedFile("a verifier key has three parts, name+ID+key")
    check_name(parts[0])
    material = b64decode(parts[2], "a verifier key")
    if len(material) < 2 or (material[0] in (ED25519, COSIGNATURE) and len(material) != 33):
        raise MalformedFile("a verifier key has the wrong length")
    key = VerifierKey(parts[0], material[0], material[1:])
    if unhex(parts[1], 4, "the ID of a verifier key") != key.id:
        raise MalformedFile(f"the key of {parts[0]} does not have the ID that stands beside it")
    return key


def check_name(name: str) -> str:
    """Returns ``name`` when a key may have it.

    Raises:
        MalformedFile: empty, over 64 characters, not NFC, or with spaces, plus, controls or invisible characters.
    """
    if not 1 <= len(name) <= 64:
        raise MalformedFile("the name of a key has 1 to 64 characters")
    if "+" in name or any(unicodedata.category(letter)[0] in "CZ" for letter in name):
        raise MalformedFile("the name of a key has no spaces, no plus, and nothing invisible")
    if not unicodedata.is_normalized("NFC", name):
        raise MalformedFile("the name of a key is not in normal form (NFC)")
    return name


def _signature(line: str, what: str) -> Signature:
    found = re.fullmatch(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
    if not found:
        raise MalformedFile(f"{what} has a line among its signatures that is none")
    data = b64decode(found[2], f"a signature of {what}")
    if len(data) < 5:
        raise MalformedFile(f"{what} has a signature that is too short")
    return Signature(found[1], data[:4], data[4:])
