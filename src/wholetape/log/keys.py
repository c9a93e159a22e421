"""Keys of parties: ``.pub`` with its proof of possession, and the private ``.key``, encrypted on request.

``docs/spec/seal.md``, section Keys, is the definition of both files.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log import ed25519
from wholetape.log.encoding import b64decode, b64encode, decimal
from wholetape.log.note import COSIGNATURE, ED25519, Note, Signature, VerifierKey, check_name, parse_note, parse_vkey

MAX_KEY_FILE = 4096
"""Bytes of a ``.pub`` or ``.key`` file at most."""
_DOMAIN = "wholetape.key/v1"
_ENCRYPTED = f"{_DOMAIN} encrypted"
_GO = "PRIVATE+KEY+"
_SCRYPT_LOG_N = 16
"""2^16 blocks of 1 KiB: 64 MiB and some 0.2 s a guess."""
_SCRYPT_BOUNDS = range(10, 21)
"""What is read: more would let a hostile file take gigabytes."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A party: ``name`` and Ed25519 public key, 32 bytes, neither of small order nor oddly encoded.

    Raises:
        VerificationFailed: the key is of small order or not canonical.
        MalformedFile: the name is not one that a key may have.
    """

    name: str
    raw: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        ed25519.refuse_weak(self.raw, self.name)

    @property
    def signer(self) -> VerifierKey:
        """The vkey of type 0x01, for the heads of its own recordings."""
        return VerifierKey(self.name, ED25519, self.raw)

    @property
    def cosigner(self) -> VerifierKey:
        """The vkey of type 0x04, for heads that it has checked."""
        return VerifierKey(self.name, COSIGNATURE, self.raw)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, 64 hex digits, to compare by voice or on paper."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A party's private key: 32 bytes that must stay secret; its ``repr`` does not show them."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.name, ed25519.public_key(self.seed))


def encode_public(key: PrivateKey) -> bytes:
    """The ``.pub`` file: both vkeys, and the signature that proves possession."""
    public = key.public
    text = f"{_DOMAIN}\n{public.name}\n{public.signer}\n{public.cosigner}\n"
    signature = Signature(public.name, public.signer.id, ed25519.sign(key.seed, text.encode()))
    return Note(text, (signature,)).encode()


def parse_public(data: bytes, what: str = "the public key") -> PublicKey:
    """The key in a ``.pub`` file, whose proof of possession holds.

    Raises:
        MalformedFile: not such a file.
        VerificationFailed: small order, not canonical, or nobody has proved to hold it.
    """
    if len(data) > MAX_KEY_FILE:
        raise MalformedFile(f"{what} is too long for one")
    if data.startswith((_GO.encode(), _ENCRYPTED.encode())):
        raise UsageError(f"{what} is a private key: never give it away", "name the .pub file beside it")
    note = parse_note(data, what)
    lines = note.text.split("\n")
    if len(lines) != 5 or lines[0] != _DOMAIN:
        raise MalformedFile(f"{what} is no public key of this program", "`wholetape keygen` makes a .pub file")
    signer, cosigner = parse_vkey(lines[2]), parse_vkey(lines[3])
    public = public_of(signer, cosigner)
    if public.name != lines[1] or len(note.signatures) != 1:
        raise MalformedFile(f"{what} does not hold one name, two vkeys and one signature")
    line = note.by(signer)
    if line is None or not ed25519.holds(public.raw, line.data, note.text.encode()):
        raise VerificationFailed(f"{what}: nobody has proved to hold the private key of {public.name}")
    return public


def public_of(signer: VerifierKey, cosigner: VerifierKey) -> PublicKey:
    """The key that both vkeys are of.

    Raises:
        MalformedFile: other types, or not of one name and key.
        VerificationFailed: the key is of small order or not canonical.
    """
    if (signer.type, cosigner.type) != (ED25519, COSIGNATURE):
        raise MalformedFile("the vkeys of a party are of the types 0x01 and 0x04, in this order")
    if (signer.name, signer.key) != (cosigner.name, cosigner.key):
        raise MalformedFile(f"the two vkeys of {signer.name} are not of one key")
    return PublicKey(signer.name, signer.key)


def encode_private(key: PrivateKey, passphrase: str = "", *, randomness: bytes = b"") -> bytes:
    """The ``.key`` file; with a passphrase encrypted, for which ``randomness`` has 28 fresh random bytes."""
    if not passphrase:
        vkey = key.public.signer
        return f"{_GO}{vkey.name}+{vkey.id.hex()}+{b64encode(bytes([ED25519]) + key.seed)}\n".encode()
    if len(randomness) != 28:
        raise ValueError("an encrypted key needs 28 random bytes")
    salt, nonce = randomness[:16], randomness[16:]
    cost = f"scrypt {_SCRYPT_LOG_N} 8 1 {b64encode(salt)}"
    head = f"{_ENCRYPTED}\n{key.name}\n{cost}\nchacha20-poly1305 {b64encode(nonce)}\n"
    box = _cipher(passphrase, salt, _SCRYPT_LOG_N).encrypt(nonce, key.seed, head.encode())
    return f"{head}{b64encode(box)}\n".encode()


def is_encrypted(data: bytes) -> bool:
    """True when a ``.key`` file needs a passphrase."""
    return data.startswith(_ENCRYPTED.encode() + b"\n")


def parse_private(data: bytes, passphrase: str = "") -> PrivateKey:
    """The key in a ``.key`` file.

    Raises:
        MalformedFile: not such a file.
        UsageError: it is encrypted and no passphrase was given.
        VerificationFailed: the passphrase is wrong, or the file was changed.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as problem:
        raise MalformedFile("the private key is no text") from problem
    if len(data) > MAX_KEY_FILE or not text.endswith("\n"):
        raise MalformedFile("the private key is cut off, or none", "`wholetape keygen` makes a .key file")
    if is_encrypted(data):
        return _decrypt(text, passphrase)
    lines = text[:-1].split("\n")
    if lines[0] == _DOMAIN:
        raise UsageError("this is a public key; a private one is needed", "name the .key file beside it")
    parts = lines[0].removeprefix(_GO).split("+", 2)
    if len(lines) != 1 or not lines[0].startswith(_GO) or len(parts) != 3:
        raise MalformedFile("this is no private key", "`wholetape keygen` makes a .key file")
    material = b64decode(parts[2], "the private key")
    if len(material) != 33 or material[0] != ED25519:
        raise MalformedFile("the private key is not an Ed25519 key of 32 bytes")
    key = PrivateKey(parts[0], material[1:])
    if key.public.signer.id.hex() != parts[1]:
        raise MalformedFile("the private key is damaged: its ID does not fit", "use your other copy of it")
    return key


def _decrypt(text: str, passphrase: str) -> PrivateKey:
    from cryptography.exceptions import InvalidTag

    lines = text[:-1].split("\n")
    scrypt, chacha = (lines[2].split(" "), lines[3].split(" ")) if len(lines) == 5 else ([], [])
    if len(scrypt) != 5 or scrypt[0] != "scrypt" or scrypt[2:4] != ["8", "1"] or len(chacha) != 2:
        raise MalformedFile("the encrypted private key does not have its five lines")
    log_n = decimal(scrypt[1], "the cost of scrypt")
    salt, nonce = b64decode(scrypt[4], "the salt of the key"), b64decode(chacha[1], "the nonce of the key")
    box = b64decode(lines[4], "the encrypted key")
    if log_n not in _SCRYPT_BOUNDS or len(salt) != 16 or len(nonce) != 12 or len(box) != 48:
        raise MalformedFile("the encrypted private key has sizes that no key has")
    if not passphrase:
        raise UsageError(f"the key of {check_name(lines[1])} is encrypted", "give its passphrase")
    head = "".join(f"{line}\n" for line in lines[:4])
    try:
        seed = _cipher(passphrase, salt, log_n).decrypt(nonce, box, head.encode())
    except InvalidTag as problem:
        raise VerificationFailed("the passphrase is wrong, or the key file was changed") from problem
    return PrivateKey(check_name(lines[1]), seed)


def _cipher(passphrase: str, salt: bytes, log_n: int):  # type: ignore[no-untyped-def]  # the class is imported lazily
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    n = 1 << log_n
    key = hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=8, p=1, maxmem=n * 1024 + (1 << 20), dklen=32)
    return ChaCha20Poly1305(key)
