"""Ed25519 (RFC 8032), with the keys refused that libraries let pass.

A public key of small order makes one constant signature valid for many messages, and ``cryptography`` accepts it.
"""

from __future__ import annotations

from wholetape.errors import VerificationFailed

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_P = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})
"""The y coordinates of the eight points whose order divides 8; the sign of x makes no difference."""


def weakness(point: bytes) -> str:
    """Why ``point``, 32 bytes, must not be used: of small order, or not canonical; empty where it may be."""
    y = int.from_bytes(point, "little") & (1 << 255) - 1
    if y >= _P:
        return "is not a canonical encoding"
    return "is a point of small order" if y in _SMALL else ""


def public_key(seed: bytes) -> bytes:
    """The public key of a private one, 32 bytes each."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature, 64 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """True when ``signature`` is one of ``message`` by ``key``, and neither its *R* nor the key is weak."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES or weakness(key) or weakness(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def refuse_weak(key: bytes, name: str) -> None:
    """Returns for a key that may be used.

    Raises:
        VerificationFailed: its point is of small order or not canonical.
    """
    if why := weakness(key):
        raise VerificationFailed(f"the key of {name} {why}, under which anything could be signed")
