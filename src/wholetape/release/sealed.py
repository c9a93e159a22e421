"""Seals of a release: judged against their recordings before anything is published, then stripped of their secret."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wholetape.errors import VerificationFailed, WholetapeError
from wholetape.log.keys import PublicKey
from wholetape.log.kinds import Document, Header
from wholetape.log.salts import Label, commit, salt
from wholetape.properties import Verification
from wholetape.release.model import Excerpted, Salts
from wholetape.seal.excerptfile import Excerpt, is_excerpt, parse_excerpt
from wholetape.seal.members import MAX_SEAL
from wholetape.seal.sealfile import Seal, parse_seal
from wholetape.store.files import read_file

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Trust:
    """What the publisher pinned: keys of parties, and roots of time-stamp authorities."""

    keys: tuple[PublicKey, ...] = ()
    roots: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A seal, or an excerpt's proof, that holds for its recording. ``public`` are the bytes to publish."""

    name: str
    seal: Seal
    found: Verification
    public: bytes
    facts: dict[str, str | int]
    excerpt: Excerpted | None = None
    proof: Excerpt | None = None
    vouched: bool = False
    warnings: tuple[str, ...] = field(default=())

    @property
    def documents(self) -> int:
        """How many documents were sealed."""
        return sum(isinstance(leaf, Document) for leaf in self.seal.leaves)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document among the sealed: its number, and the salts of its name and of its content."""

    number: int
    name_salt: bytes
    salt: bytes


def judge(path: str, recording: str, printed: bytes | None, trust: Trust, progress: Progress) -> Judged:
    """The seal, or the excerpt's proof, at ``path``, which holds for the ``recording`` and its print.

    Without pinned keys it is judged by its own, which says only that it is consistent with itself.

    Raises:
        VerificationFailed: it does not hold.
        MalformedFile: it breaks its format.
        UnreadableInput: a file cannot be read.
    """
    data = read_file(path, MAX_SEAL)
    try:
        if is_excerpt(data):
            return _excerpt(path, recording, parse_excerpt(data), trust, progress)
        return _seal(path, recording, parse_seal(data), printed, trust, progress)
    except WholetapeError as problem:
        if str(problem).startswith(path):
            raise
        raise type(problem)(f"{path}: {problem}", problem.hint) from problem


def opens(judged: Judged, name: str, content: bytes) -> Opened | None:
    """The sealed document that this name and content are, or None.

    Raises:
        VerificationFailed: a document of that name was sealed, with another content.
    """
    seed = judged.seal.seed
    if seed is None:
        return None
    same_name = False
    for leaf in judged.seal.leaves:
        if not isinstance(leaf, Document):
            continue
        name_salt, own = salt(seed, Label.DOCUMENT_NAME, leaf.n), salt(seed, Label.DOCUMENT, leaf.n)
        if hmac.compare_digest(leaf.name, commit(name_salt, name.encode())):
            if hmac.compare_digest(leaf.content, commit(own, content)):
                return Opened(leaf.n, name_salt, own)
            same_name = True
    if same_name:
        raise VerificationFailed(f"{name} is not the document of that name that was sealed", "get the one handed over")
    return None


def salts_of(judged: Judged, original: bool) -> Salts | None:
    """The salts of a seal's segments, of the sound only where the ``original`` is published; None without the seed."""
    seed, header = judged.seal.seed, judged.seal.header
    if seed is None:
        return None
    sound, rows = (
        b"".join(salt(seed, label, leaf.n) for leaf in judged.seal.segments) for label in (Label.SOUND, Label.PRINT)
    )
    return Salts(sound if original and header.sample_format is not None else b"", rows)


def _seal(path: str, recording: str, seal: Seal, printed: bytes | None, trust: Trust, progress: Progress) -> Judged:
    from wholetape.seal.judged import judge_print
    from wholetape.seal.sound import compare
    from wholetape.seal.verify import AtHand, verify

    pinned = trust.keys or seal.header.parties
    facts = judge_print(seal, printed) if printed is not None else None
    found = verify(seal, pinned, AtHand(compare(recording, seal, progress), facts, roots=trust.roots))
    _must_hold(path, found)
    public = seal.public()
    return Judged(
        os.path.basename(path),
        seal,
        found,
        public.encode(),
        _facts(path, public),
        vouched=bool(trust.keys),
        warnings=tuple(_exposing(seal.header)),
    )


def _excerpt(path: str, recording: str, proof: Excerpt, trust: Trust, progress: Progress) -> Judged:
    from wholetape.seal.excerpted import compare_excerpt, verify_excerpt
    from wholetape.seal.verify import AtHand

    pinned = trust.keys or proof.seal.header.parties
    found = verify_excerpt(proof, pinned, AtHand(compare_excerpt(recording, proof, progress), roots=trust.roots))
    _must_hold(path, found)
    rate, (start, end) = proof.seal.header.rate, proof.span
    data = proof.encode()
    return Judged(
        os.path.basename(path),
        proof.seal,
        found,
        data,
        _facts(path, proof.seal, data),
        Excerpted(start / rate, end / rate, proof.close.samples / rate),
        proof,
        vouched=bool(trust.keys),
        warnings=tuple(_exposing(proof.seal.header)),
    )


def _must_hold(path: str, found: Verification) -> None:
    if found.failure is not None:
        raise VerificationFailed(f"{path}: {found.failure.words}", found.failure.hint)


def _facts(path: str, seal: Seal, data: bytes | None = None) -> dict[str, str | int]:
    head = seal.head.checkpoint
    digest = hashlib.sha256(seal.encode() if data is None else data).hexdigest()
    name = os.path.basename(path)
    return {"path": name, "sha256": digest, "origin": head.origin, "size": head.size, "root": head.root.hex()}


def _exposing(header: Header) -> Sequence[str]:
    """What a seal's header tells of people, in plain words."""
    told = [f"the names and keys of {len(header.parties)} parties: {', '.join(key.name for key in header.parties)}"]
    if header.devices:
        told.append(f"the devices: {', '.join(header.devices)}")
    return told
