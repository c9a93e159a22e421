"""Proofs of inclusion as text, and of a range from those of its ends."""

from __future__ import annotations

import pytest

from wholetape.errors import MalformedFile
from wholetape.log.merkle import Tree, leaf_hash, range_proof, verify_range
from wholetape.log.proof import encode_proof, parse_proof


@pytest.mark.parametrize("size", [*range(1, 40), 63, 64, 65, 100])
def test_the_proof_of_a_range_follows_from_those_of_its_ends(size):
    tree = Tree(b"%d" % n for n in range(size))
    hashes = [leaf_hash(b"%d" % n) for n in range(size)]
    for first in range(size):
        for last in range(first, size):
            nodes = range_proof(first, tree.prove_inclusion(first), last, tree.prove_inclusion(last), size)
            assert nodes == tree.prove_range(first, last + 1)
            verify_range(first, hashes[first : last + 1], size, nodes, tree.root())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 1\n",
        b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n",
        b"c2sp.org/tlog-proof@v2\nindex 1\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 1\n\xff\n\n",
        encode_proof(1, [bytes(32)] * 65),
    ],
)
def test_what_is_no_proof_is_refused(data):
    with pytest.raises(MalformedFile):
        parse_proof(data, "proof")


def test_a_proof_is_read_as_it_was_written():
    assert parse_proof(encode_proof(7, [bytes(32), b"\1" * 32]), "proof").path == (bytes(32), b"\1" * 32)
