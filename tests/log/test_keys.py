"""Keys: nobody gets in with one that would sign for everybody, or without holding it."""

from __future__ import annotations

import pytest

from tests.seal.made import A, B
from wholetape.errors import MalformedFile, UsageError, VerificationFailed, WholetapeError
from wholetape.log import ed25519
from wholetape.log.keys import (
    PrivateKey,
    PublicKey,
    encode_private,
    encode_public,
    is_encrypted,
    parse_private,
    parse_public,
)
from wholetape.log.note import Note, Signature, parse_note

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def on_curve(y):
    """Both x of the points of edwards25519 with this y: -x² + y² = 1 + d x² y²."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * pow(2, (P - 1) // 4, P) % P
    return {root, -root % P} if root * root % P == square else set()


def add(one, other):
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def small_points():
    """All eight points whose order divides 8, from one of order 8, found by multiplying by the group's large order."""
    large = 2**252 + 27742317777372353535851937790883648493
    for y in range(2, 100):
        for x in on_curve(y):
            point, found = (0, 1), (x, y)
            for bit in bin(large)[2:]:
                point = add(point, point)
                if bit == "1":
                    point = add(point, found)
            orbit, here = [(0, 1)], point
            while here != (0, 1):
                orbit.append(here)
                here = add(here, point)
            if len(orbit) == 8:
                return orbit
    raise AssertionError


def encodings():
    """Every encoding of every point of small order, those that are not canonical included."""
    for x, y in small_points():
        for number in (y, y + P):
            if number < 1 << 255:
                for sign in {x & 1} if x else {0, 1}:
                    yield (number | sign << 255).to_bytes(32, "little")


SMALL = sorted(set(encodings()))


def test_there_are_fourteen_encodings_of_points_of_small_order():
    assert len(SMALL) == 14


@pytest.mark.parametrize("raw", SMALL, ids=bytes.hex)
def test_keys_of_small_order_are_refused_and_verify_nothing(raw):
    assert ed25519.weakness(raw)
    with pytest.raises(VerificationFailed, match="anything could be signed"):
        PublicKey("side-a", raw)
    for r in SMALL:
        assert not ed25519.holds(raw, r + bytes(32), b"any message")


def test_the_library_underneath_would_have_let_one_pass():
    """Why the refusal is needed: the identity as a key has one signature for all messages."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    identity = (1).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(identity).verify(identity + bytes(32), b"any message at all")
    assert not ed25519.holds(identity, identity + bytes(32), b"any message at all")


@pytest.mark.parametrize("number", [P, P + 1, P + 3, 2**255 - 1])
def test_keys_that_are_not_canonical_are_refused(number):
    for sign in (0, 1):
        assert ed25519.weakness((number | sign << 255).to_bytes(32, "little"))


def test_rfc_8032s_first_vector():
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert ed25519.public_key(seed) == key
    assert ed25519.sign(seed, b"") == signature
    assert ed25519.holds(key, signature, b"")
    assert not ed25519.holds(key, signature, b"x")


def test_a_signature_whose_s_is_not_reduced_is_refused():
    order = 2**252 + 27742317777372353535851937790883648493
    signature = ed25519.sign(A.seed, b"m")
    other = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not ed25519.holds(A.public.raw, other, b"m")


def test_a_pub_file_proves_possession():
    assert parse_public(encode_public(A)) == A.public


def test_nobody_enrols_a_key_that_is_not_his():
    """Side-c takes side-a's public key under its own name, and cannot sign for it."""
    stolen = PublicKey("side-c", A.public.raw)
    text = f"wholetape.key/v1\nside-c\n{stolen.signer}\n{stolen.cosigner}\n"
    mine = parse_note(encode_public(A)).signatures[0]
    for signature in (mine.data, ed25519.sign(B.seed, text.encode())):
        forged = Note(text, (Signature("side-c", stolen.signer.id, signature),)).encode()
        with pytest.raises(VerificationFailed, match="proved"):
            parse_public(forged)


def test_a_key_of_small_order_is_not_enrolled():
    raw = (1).to_bytes(32, "little")
    import hashlib

    from wholetape.log.note import VerifierKey

    one, four = VerifierKey("evil", 1, raw), VerifierKey("evil", 4, raw)
    assert one.id == hashlib.sha256(b"evil\n\x01" + raw).digest()[:4]
    text = f"wholetape.key/v1\nevil\n{one}\n{four}\n"
    with pytest.raises(VerificationFailed, match="small order"):
        parse_public(Note(text, (Signature("evil", one.id, raw + bytes(32)),)).encode())


@pytest.mark.parametrize("at", range(0, 250, 3))
def test_a_changed_pub_file_is_refused(at):
    data = bytearray(encode_public(A))
    data[at] ^= 1
    with pytest.raises(WholetapeError):
        parse_public(bytes(data))


def test_a_private_key_comes_back_plain_and_encrypted():
    assert parse_private(encode_private(A)) == A
    box = encode_private(A, "correct horse", randomness=bytes(28))
    assert is_encrypted(box)
    assert A.seed not in box
    assert parse_private(box, "correct horse") == A
    with pytest.raises(VerificationFailed, match="passphrase is wrong"):
        parse_private(box, "incorrect horse")
    with pytest.raises(UsageError, match="encrypted"):
        parse_private(box)


def test_the_name_in_an_encrypted_key_cannot_be_changed():
    box = encode_private(A, "correct horse", randomness=bytes(28)).replace(b"side-a", b"side-b")
    with pytest.raises(VerificationFailed):
        parse_private(box, "correct horse")


def test_a_hostile_key_file_cannot_ask_for_gigabytes():
    box = encode_private(A, "x", randomness=bytes(28)).replace(b"scrypt 16 8 1", b"scrypt 40 8 1")
    with pytest.raises(MalformedFile):
        parse_private(box, "x")


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"x" * 5000 + b"\n", b"\xff\n", encode_private(A)[:-2] + b"\n", b"PRIVATE+KEY+a\n"]
)
def test_what_is_no_private_key_is_refused(data):
    with pytest.raises(MalformedFile):
        parse_private(data)


def test_the_two_halves_are_told_apart():
    with pytest.raises(UsageError, match="public key"):
        parse_private(encode_public(A))
    with pytest.raises(UsageError, match="never give it away"):
        parse_public(encode_private(A))


def test_a_private_key_does_not_show_itself():
    assert A.seed.hex() not in repr(A)
    assert repr(A.seed) not in repr(PrivateKey("side-a", A.seed))
