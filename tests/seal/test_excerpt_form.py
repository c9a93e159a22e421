"""The form of an excerpt: small, one way to write it, and no byte of it can be another."""

from __future__ import annotations

import pytest

from tests.seal.excerpts import changed, reason
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.log.proof import encode_proof
from wholetape.seal.container import pack
from wholetape.seal.excerptfile import (
    encode_proofs,
    parse_excerpt,
    parse_proofs,
)
from wholetape.seal.members import EXCERPT_RULES


def test_a_proof_is_small_whatever_the_length_of_the_excerpt(desk):
    """Without what grows with it: its leaves, and what opens them."""
    sizes = []
    for end in (6, 15):
        excerpt = desk.excerpt(5, end)
        kept = {n: d for n, d in excerpt.members.items() if n not in ("leaves", "opened")}
        sizes.append(len(pack({**kept, "leaves": b""}, EXCERPT_RULES)))
    assert max(sizes) < 4096
    assert abs(sizes[0] - sizes[1]) < 200


def test_every_flipped_byte_is_found(desk):
    """As damage; and with the members packed anew, as an attacker would."""
    excerpt = desk.excerpt(5, 6)
    sound = desk.sound(5, 6, "one.wav")
    data = excerpt.encode()
    for at in range(0, len(data), 17):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        with pytest.raises(MalformedFile):
            parse_excerpt(bytes(flipped))
    for name, member in excerpt.members.items():
        for at in range(0, len(member), 41):
            flipped = bytearray(member)
            flipped[at] ^= 1 << at % 8
            try:
                found = reason(changed(excerpt, **{name.replace("/", "__"): bytes(flipped)}), sound)
            except (MalformedFile, VerificationFailed):
                continue
            assert found is not None, f"{name} {at}"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"/v1\n\n", b"/v1\n", 1),
        lambda data: data.replace(b"excerpt/v1", b"excerpt/v2"),
        lambda data: data + b"\n",
        lambda data: data[:-1],
        lambda data: data + encode_proof(1, []),
        lambda data: b"\n\n".join(data.split(b"\n\n")[:-2]) + b"\n\n",
        lambda data: data.replace(b"\n\n", b"\n\n\n", 1),
        lambda data: data.replace(b"\n", b"\r\n"),
    ],
)
def test_the_four_proofs_have_one_form(desk, change):
    good = desk.excerpt(5, 8).members["excerpt"]
    assert encode_proofs(parse_proofs(good)) == good
    with pytest.raises(MalformedFile):
        parse_proofs(change(good))


def test_a_seal_is_no_excerpt(desk):
    with pytest.raises(MalformedFile):
        parse_excerpt(desk.seal.encode())
