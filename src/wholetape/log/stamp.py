"""Time-stamps of RFC 3161: a request, the reply as it came, and whether an authority that somebody pinned made it.

An authority's certificates are judged as they were at the time of stamping, so that a token outlives them. Revocation
is not asked for: that would need a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wholetape.errors import MalformedFile, VerificationFailed

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

MAX_REPLY = 1 << 18
"""Bytes of a reply at most; usual ones have 3 to 8 KiB."""
_HASHES = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
_SEQUENCE, _CERTIFICATES = 0x30, 0xA0


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to an authority: DER, and the nonce that its reply must repeat."""

    der: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a reply says, and nobody has verified: ``time`` in µs since 1970, ``accuracy`` in µs."""

    time: int
    accuracy: int
    authority: str
    nonce: int | None

    @property
    def latest(self) -> int:
        """When the data existed at the latest, in seconds since 1970: time and accuracy, rounded up."""
        return -(-(self.time + self.accuracy) // 1_000_000)


@dataclass(frozen=True, slots=True)
class VerifiedStamp:
    """A stamp that a pinned authority made; ``root`` is the SHA-256 of its root certificate, in hex."""

    stamp: Stamp
    root: str


def make_request(data: bytes) -> Request:
    """A request, with a fresh nonce, for a time-stamp over the SHA-256 of ``data``."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    made = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    assert made.nonce is not None
    return Request(made.as_bytes(), made.nonce)


def parse_stamp(reply: bytes, data: bytes) -> Stamp:
    """What the reply ``reply`` says of ``data``; no signature is verified.

    Raises:
        MalformedFile: not DER of a reply, or the authority refused.
        VerificationFailed: it is over other data.
    """
    found = _decode(reply)
    try:
        return _read(found, data)
    except VerificationFailed:
        raise
    except Exception as problem:  # as in _decode; parts are parsed when they are asked for
        raise MalformedFile("the time-stamp is not one of RFC 3161") from problem


def _read(found: TimeStampResponse, data: bytes) -> Stamp:
    info = found.tst_info
    name = _HASHES.get(info.message_imprint.hash_algorithm.dotted_string)
    if name is None or hashlib.new(name, data).digest() != info.message_imprint.message:
        raise VerificationFailed("the time-stamp is over other bytes")
    within = info.accuracy
    accuracy = 0
    if within is not None:
        accuracy = (within.seconds or 0) * 1_000_000 + (within.millis or 0) * 1000 + (within.micros or 0)
    time = int(info.gen_time.replace(microsecond=0).timestamp()) * 1_000_000 + info.gen_time.microsecond
    return Stamp(time, accuracy, _authority(found), info.nonce)


def parse_roots(pem: bytes) -> tuple[Certificate, ...]:
    """The certificates of a PEM file.

    Raises:
        MalformedFile: there is none in it, or one is broken.
    """
    from cryptography import x509

    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as problem:
        raise MalformedFile(
            "no certificate in PEM form", "get the root certificate from the authority's own site"
        ) from problem


def verify_stamp(reply: bytes, data: bytes, roots: Sequence[Certificate]) -> VerifiedStamp:
    """The stamp over ``data`` that an authority under one of ``roots`` signed.

    Args:
        reply: DER, as the authority sent it.
        data: what was stamped.
        roots: certificates that the verifier pinned: authorities' roots, and intermediate ones if a reply lacks them.

    Raises:
        MalformedFile: not DER of a reply, or the authority refused.
        VerificationFailed: over other data, or not signed by an authority under these roots.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from rfc3161_client import VerifierBuilder

    stamp = parse_stamp(reply, data)
    between = [one for one in roots if one.issuer != one.subject]
    for root in roots:
        if root.issuer != root.subject:
            continue
        verifier = VerifierBuilder(roots=[root], intermediates=list(between)).build()  # a fresh one for each
        try:
            verifier.verify_message(_decode(reply), data)
        except Exception:  # VerificationError, and whatever the library's parsers raise: it does not verify
            continue
        return VerifiedStamp(stamp, root.fingerprint(SHA256()).hex())
    raise VerificationFailed(f"the time-stamp of {stamp.authority} is by none of the pinned authorities")


def _decode(reply: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    if len(reply) > MAX_REPLY:
        raise MalformedFile("the time-stamp is too long")
    try:
        found = decode_timestamp_response(_with_sorted_certificates(reply))
        if found.status != 0:
            raise MalformedFile(f"the authority refused (status {found.status})")
        found.tst_info  # noqa: B018 - parsed on access
    except MalformedFile:
        raise
    except Exception as problem:  # the library lets through whatever its parsers raise
        raise MalformedFile("the time-stamp is not one of RFC 3161") from problem
    return found


def _authority(found: TimeStampResponse) -> str:
    """The name that the certificate of the signer has, as the reply says."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    signers = list(found.signed_data.signer_infos)
    for der in found.signed_data.certificates:
        one = x509.load_der_x509_certificate(der)
        if signers and (one.issuer, one.serial_number) == (signers[0].issuer, signers[0].serial_number):
            for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
                for name in one.subject.get_attributes_for_oid(oid):
                    return str(name.value)
    return "an authority without a name"


def _with_sorted_certificates(reply: bytes) -> bytes:
    """``reply`` with its certificates in DER's order, which many authorities disregard and no signature covers.

    Raises:
        IndexError, ValueError: it is no DER.
    """
    _, at, _ = _element(reply, 0)  # TimeStampResp
    _, _, at = _element(reply, at)  # its status
    if at >= len(reply):
        return reply  # a refusal has no token
    for _ in range(2):  # ContentInfo, then its content
        _, at, _ = _element(reply, at)
        _, _, at = _element(reply, at) if reply[at] == 0x06 else (0, 0, at)
    kind, at, _ = _element(reply, at)  # SignedData
    if kind != _SEQUENCE:
        return reply
    for _ in range(3):  # version, algorithms, what is signed
        _, _, at = _element(reply, at)
    kind, start, end = _element(reply, at)
    if kind != _CERTIFICATES:
        return reply
    pieces = []
    at = start
    while at < end:
        _, _, after = _element(reply, at)
        pieces.append(reply[at:after])
        at = after
    return reply[:start] + b"".join(sorted(pieces)) + reply[end:]


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the DER element at ``at``."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise ValueError("no length of DER")
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    if start + length > len(data):
        raise ValueError("cut off")
    return tag, start, start + length
