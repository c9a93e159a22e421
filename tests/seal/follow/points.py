"""Signatures at every edge of Ed25519's points: small order, mixed order, and encodings that are not canonical.

Arithmetic by RFC 8032 section 5.1, slow and plain.
"""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int]
_I = pow(2, (P - 1) // 4, P)


def _x(y: int, sign: int) -> int:
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * _I % P
    return P - x if x & 1 != sign else x


def add(a: Point, b: Point) -> Point:
    k = D * a[0] * b[0] * a[1] * b[1] % P
    return (
        (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, P - 2, P) % P,
        (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, P - 2, P) % P,
    )


def times(n: int, a: Point) -> Point:
    out: Point = (0, 1)
    while n:
        if n & 1:
            out = add(out, a)
        a, n = add(a, a), n >> 1
    return out


def encode(a: Point) -> bytes:
    return (a[1] | (a[0] & 1) << 255).to_bytes(32, "little")


BASE = (_x(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
EIGHTH = (_x(_ORDER_8, 0), _ORDER_8)
SMALL = [times(n, EIGHTH) for n in range(8)]


def encodings() -> list[bytes]:
    """The fourteen encodings of the eight points whose order divides 8, and more with a sign that means nothing."""
    found = {encode(point) for point in SMALL}
    for _, y in SMALL:
        for value in (y, y + P):
            if value < 2**255:
                found |= {(value | sign << 255).to_bytes(32, "little") for sign in (0, 1)}
    return sorted(found)


def cases() -> list[tuple[bytes, bytes, bytes]]:
    """(key, signature, message): each made so that the equation holds, with or without the cofactor."""
    message = b"m"
    out = [(small, other + bytes(32), message) for small in encodings() for other in encodings()]  # S = 0
    a, r = (int.from_bytes(hashlib.sha512(word).digest(), "little") % L for word in (b"a", b"r"))
    clean_key, clean_r = times(a, BASE), times(r, BASE)
    for in_key in SMALL:
        for in_r in SMALL:
            key, point = encode(add(clean_key, in_key)), encode(add(clean_r, in_r))
            k = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % L
            s = (r + k * a) % L
            out.append((key, point + s.to_bytes(32, "little"), message))
            if in_key == in_r == (0, 1):
                out.append((key, point + (s + L).to_bytes(32, "little"), message))
                out.append((key, point + (s ^ 1).to_bytes(32, "little"), message))
    return out
