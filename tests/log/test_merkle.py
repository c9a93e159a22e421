"""The tree of RFC 9162, against the RFC's own recursive definitions and against another implementation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scitt_cose import merkle as other  # type: ignore[import-untyped]  # it has no annotations

from wholetape.errors import VerificationFailed
from wholetape.log.merkle import (
    EMPTY,
    Tree,
    verify_consistency,
    verify_inclusion,
    verify_range,
)

SIZES = 300
LEAVES = [b"leaf %d" % n for n in range(SIZES)]
TREE = Tree(LEAVES)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d):
    """RFC 9162, section 2.1.1."""
    if not d:
        return hashlib.sha256().digest()
    if len(d) == 1:
        return hashlib.sha256(b"\x00" + d[0]).digest()
    k = split(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m, d):
    """RFC 9162, section 2.1.3.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m, d, b):
    """RFC 9162, section 2.1.4.1."""
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


@pytest.mark.parametrize("start", range(0, SIZES + 1, 50))
def test_roots_are_the_rfcs_for_every_size(start):
    for size in range(start, min(start + 50, SIZES + 1)):
        assert TREE.root(size) == mth(LEAVES[:size]) == Tree(LEAVES[:size]).root()


def test_the_tree_without_leaves_has_the_hash_of_nothing():
    assert Tree().root() == EMPTY == mth([])


def test_inclusion_proofs_verify_for_every_leaf_of_every_size_and_no_other_leaf():
    for size in range(1, SIZES + 1):
        root = TREE.root(size)
        for index in range(size):
            proof = TREE.prove_inclusion(index, size)
            verify_inclusion(index, TREE.leaf(index), size, proof, root)
            if index % 7 == size % 7:
                with pytest.raises(VerificationFailed):
                    verify_inclusion((index + 1) % size if size > 1 else 1, TREE.leaf(index), size, proof, root)


def test_consistency_proofs_verify_for_every_pair_of_sizes():
    for size in range(1, SIZES + 1):
        for old in range(1, size + 1):
            verify_consistency(old, TREE.root(old), size, TREE.root(size), TREE.prove_consistency(old, size))


@pytest.mark.parametrize("size", [*range(1, 40), 64, 65, 100, 127, 128, 129])
def test_proofs_are_the_rfcs(size):
    for m in range(size):
        assert TREE.prove_inclusion(m, size) == path(m, LEAVES[:size])
        assert TREE.prove_consistency(m + 1, size) == subproof(m + 1, LEAVES[:size], True)


def test_another_implementation_agrees_on_every_root_and_on_proofs_of_every_size():
    entries = [leaf.hex() for leaf in LEAVES]
    for size in range(1, SIZES + 1):
        assert other.merkle_root(entries[:size]) == TREE.root(size).hex()
        for index in {0, size // 3, size - 1}:
            proof = [node.hex() for node in TREE.prove_inclusion(index, size)]
            assert other.verify_inclusion(entries[index], index, size, proof, TREE.root(size).hex())
        for old in {1, size // 2 or 1, size}:
            proof = [node.hex() for node in TREE.prove_consistency(old, size)]
            assert other.verify_consistency(TREE.root(old).hex(), TREE.root(size).hex(), old, size, proof)


@settings(max_examples=200)
@given(st.data())
def test_ranges_verify_and_nothing_else_does(data):
    size = data.draw(st.integers(1, SIZES))
    first = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(first + 1, size))
    root, proof = TREE.root(size), TREE.prove_range(first, end, size)
    leaves = [TREE.leaf(n) for n in range(first, end)]
    verify_range(first, leaves, size, proof, root)
    wrong = data.draw(st.sampled_from(["shift", "swap", "drop", "repeat", "cut proof", "long proof", "flip"]))
    if wrong == "shift":
        first += 1
    elif wrong == "swap" and len(leaves) > 1:
        leaves[0], leaves[-1] = leaves[-1], leaves[0]
    elif wrong == "drop":
        leaves = leaves[:-1]
    elif wrong == "repeat":
        leaves = [*leaves, leaves[-1]]
    elif wrong == "cut proof" and proof:
        proof = proof[:-1]
    elif wrong == "long proof":
        proof = [*proof, root]
    else:
        root = bytes([root[0] ^ 1]) + root[1:]
    with pytest.raises(VerificationFailed):
        verify_range(first, leaves, size, proof, root)


@settings(max_examples=200)
@given(st.integers(1, SIZES), st.integers(1, SIZES), st.integers(0, 8), st.integers(0, 255))
def test_a_changed_proof_of_consistency_fails(one, other, place, bit):
    old, size = sorted((one, other))
    proof = TREE.prove_consistency(old, size)
    if not proof:
        return
    at = place % len(proof)
    proof[at] = (int.from_bytes(proof[at]) ^ 1 << bit).to_bytes(32)
    with pytest.raises(VerificationFailed):
        verify_consistency(old, TREE.root(old), size, TREE.root(size), proof)


def test_a_fork_has_no_proof():
    fork = Tree([*LEAVES[:10], b"other", *LEAVES[11:20]])
    with pytest.raises(VerificationFailed):
        verify_consistency(15, TREE.root(15), 20, fork.root(), fork.prove_consistency(15))


def test_proofs_that_nobody_can_make_are_not_made():
    with pytest.raises(ValueError):
        TREE.prove_inclusion(5, 5)
    with pytest.raises(ValueError):
        TREE.prove_consistency(0, 5)
    with pytest.raises(ValueError):
        TREE.root(SIZES + 1)
    with pytest.raises(ValueError):
        TREE.prove_range(3, 3, 5)


def test_what_is_no_hash_proves_nothing():
    with pytest.raises(VerificationFailed, match="32 bytes"):
        verify_inclusion(0, b"", 1, [], b"")
    with pytest.raises(VerificationFailed, match="32 bytes"):
        verify_consistency(1, b"", 1, b"", [])
    with pytest.raises(VerificationFailed, match="32 bytes"):
        verify_range(0, [b""], 1, [], b"")
    root, proof = TREE.root(5), TREE.prove_inclusion(2, 5)
    with pytest.raises(VerificationFailed, match="32 bytes"):
        verify_inclusion(2, TREE.leaf(2), 5, [proof[0] + b"x", *proof[1:]], root)
