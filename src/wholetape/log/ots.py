"""OpenTimestamps: a proof that a block of Bitcoin commits to a head. An extra: ``wholetape[ots]``.

A calendar server collects hashes and, some hours later, tells the way from each to a block. The block's header is
supplied by whoever verifies, or travels beside the proof; it counts when its hash is one that the verifier pinned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wholetape.errors import MalformedFile, UsageError, VerificationFailed

MAX_REPLY = 10_000
"""Bytes of a calendar's reply at most."""
MAX_PROOF = 1 << 17
"""Bytes of a proof at most; a calendar's way to a block takes about one KiB."""
HEADER = 80
"""Bytes of a block's header."""
SLACK = 7200
"""Seconds by which a block's time may lie before or after the truth, by Bitcoin's rules."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A calendar that promised, and what to ask it for."""

    calendar: str
    commitment: bytes


@dataclass(frozen=True, slots=True)
class InBlock:
    """The block of this height commits to the head, if its Merkle root is this one."""

    height: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """A block's header: its hash as people write it, its Merkle root, and its time in seconds since 1970."""

    hash: str
    root: bytes
    time: int


def begin(head: bytes, nonce: bytes) -> tuple[Any, bytes]:
    """A proof over the SHA-256 of ``head`` that leads nowhere yet, and the 32 bytes to submit to calendars.

    ``nonce``, 16 random bytes, keeps calendars from learning the hash itself.
    """
    core = _library()
    proof = core.DetachedTimestampFile(core.OpSHA256(), core.Timestamp(hashlib.sha256(head).digest()))
    end = proof.timestamp.ops.add(core.OpAppend(nonce)).ops.add(core.OpSHA256())
    return proof, bytes(end.msg)


def extend(proof: Any, commitment: bytes, reply: bytes) -> None:
    """Adds a calendar's ``reply`` about ``commitment`` to the proof.

    Raises:
        MalformedFile: it is none.
        VerificationFailed: the proof does not lead to that commitment.
    """
    core = _library()
    if len(reply) > MAX_REPLY:
        raise MalformedFile("the calendar's reply is too long")
    try:
        source = core.BytesDeserializationContext(reply)
        found = core.Timestamp.deserialize(source, commitment)
        source.assert_eof()
    except Exception as problem:  # the library raises whatever its parsers do
        raise MalformedFile("the calendar's reply is not one of OpenTimestamps") from problem
    for node in _nodes(proof.timestamp):
        if node.msg == commitment:
            node.merge(found)
            return
    raise VerificationFailed("the proof does not lead to what the calendar speaks of")


def encode(proof: Any) -> bytes:
    """The bytes of an ``.ots`` file."""
    target = _library().BytesSerializationContext()
    proof.serialize(target)
    return bytes(target.getbytes())


def parse(data: bytes, head: bytes) -> Any:
    """The proof in an ``.ots`` file, which is over ``head``.

    Raises:
        MalformedFile: not such a file.
        VerificationFailed: it is over other bytes.
        UsageError: the extra is not installed.
    """
    core = _library()
    if len(data) > MAX_PROOF:
        raise MalformedFile("not a proof of OpenTimestamps: it is too long")
    try:
        proof = core.DetachedTimestampFile.deserialize(core.BytesDeserializationContext(data))
        kind = type(proof.file_hash_op)
    except Exception as problem:  # as above
        raise MalformedFile("not a proof of OpenTimestamps") from problem
    if kind is not core.OpSHA256 or proof.file_digest != hashlib.sha256(head).digest():
        raise VerificationFailed("the proof of OpenTimestamps is over other bytes")
    return proof


def attestations(proof: Any) -> list[Pending | InBlock]:
    """Where the proof leads to; kinds that this program does not know, and promises that were kept, are left out."""
    return _ends(proof.timestamp, _library())


def _ends(node: Any, core: Any) -> list[Pending | InBlock]:
    found = [end for below in node.ops.values() for end in _ends(below, core)]
    for end in sorted(node.attestations):
        if isinstance(end, core.BitcoinBlockHeaderAttestation) and len(node.msg) == 32:
            found.append(InBlock(end.height, bytes(node.msg)))
    kept = any(isinstance(end, InBlock) for end in found)
    promised = [] if kept else [end for end in sorted(node.attestations) if isinstance(end, core.PendingAttestation)]
    return [*found, *(Pending(end.uri, bytes(node.msg)) for end in promised)]


def parse_block(data: bytes) -> Block:
    """The block's header in 80 bytes, or in 160 hex digits, with a newline or without.

    Raises:
        MalformedFile: another length.
    """
    text = data.strip()
    if len(data) != HEADER and len(text) == 2 * HEADER:
        try:
            data = bytes.fromhex(text.decode("ascii"))
        except ValueError as problem:
            raise MalformedFile("a block's header has 80 bytes, or 160 hex digits") from problem
    if len(data) != HEADER:
        raise MalformedFile("a block's header has 80 bytes, or 160 hex digits")
    digest = hashlib.sha256(hashlib.sha256(data).digest()).digest()
    return Block(digest[::-1].hex(), data[36:68], int.from_bytes(data[68:72], "little"))


class _Core:
    """The parts of the library that are used."""

    def __init__(self) -> None:
        from opentimestamps.core import notary, op, serialize, timestamp

        self.OpSHA256, self.OpAppend = op.OpSHA256, op.OpAppend
        self.Timestamp, self.DetachedTimestampFile = timestamp.Timestamp, timestamp.DetachedTimestampFile
        self.PendingAttestation = notary.PendingAttestation
        self.BitcoinBlockHeaderAttestation = notary.BitcoinBlockHeaderAttestation
        self.BytesDeserializationContext = serialize.BytesDeserializationContext
        self.BytesSerializationContext = serialize.BytesSerializationContext


def _library() -> Any:
    try:
        return _Core()
    except ImportError as problem:
        raise UsageError(
            "OpenTimestamps needs an extra that is not installed", "install it: pip install 'wholetape[ots]'"
        ) from problem


def _nodes(stamp: Any) -> Iterator[Any]:
    yield stamp
    for below in stamp.ops.values():
        yield from _nodes(below)
