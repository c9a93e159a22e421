"""The Merkle tree of RFC 9162 section 2.1, SHA-256: a tree that grows, and proofs beside their verification.

Proofs are lists of 32-byte hashes. A range proof has the hashes of the largest whole subtrees left and right of the
range, from left to right; for a single leaf it is the inclusion proof in another order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from wholetape.errors import VerificationFailed

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that only grows. Appending costs two hashes on average; roots and proofs of any size a few dozen."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]  # [k][i] is the hash of the leaves from i·2^k to (i + 1)·2^k
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Adds a leaf, given by its bytes, and returns its number."""
        number = len(self._levels[0])
        carry = leaf_hash(leaf)
        for level in range(len(self._levels) + 1):
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            row.append(carry)
            if len(row) % 2:
                break
            carry = node_hash(row[-2], row[-1])
        return number

    def leaf(self, number: int) -> bytes:
        """The hash of a leaf."""
        return self._levels[0][number]

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves, by default all."""
        size = self._sized(size)
        return self._hash(0, size) if size else EMPTY

    def prove_inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """PATH(index, D[size]), RFC 9162 section 2.1.3.1: from the leaf up."""
        size = self._sized(size)
        if not 0 <= index < size:
            raise ValueError(f"leaf {index} is not among the first {size}")
        path = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._hash(middle, high))
                high = middle
            else:
                path.append(self._hash(low, middle))
                low = middle
        return path[::-1]

    def prove_consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """PROOF(old, D[size]), RFC 9162 section 2.1.4.1; ``old`` is at least 1."""
        size = self._sized(size)
        if not 1 <= old <= size:
            raise ValueError(f"no tree of {old} leaves is the beginning of one of {size}")
        path = []
        low, high, whole = 0, size, True  # whole: the subtree is known to the verifier as the old root
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._hash(middle, high))
                high = middle
            else:
                path.append(self._hash(low, middle))
                low, whole = middle, False
        if not whole:
            path.append(self._hash(low, high))
        return path[::-1]

    def prove_range(self, first: int, end: int, size: int | None = None) -> list[bytes]:
        """The hashes that, with the leaves from ``first`` up to, not including, ``end``, make the root."""
        size = self._sized(size)
        if not 0 <= first < end <= size:
            raise ValueError(f"no leaves from {first} to {end} among {size}")
        return [self._hash(low, high) for low, high in _outside(0, size, first, end)]

    def _sized(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree has {len(self)} leaves, not {size}")
        return size

    def _hash(self, low: int, high: int) -> bytes:
        width = high - low
        if width & (width - 1) == 0 and low % width == 0:
            return self._levels[width.bit_length() - 1][low // width]
        middle = low + _split(width)
        return node_hash(self._hash(low, middle), self._hash(middle, high))


def verify_inclusion(index: int, leaf: bytes, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Returns when the leaf with the hash ``leaf`` is number ``index`` of the tree (RFC 9162 section 2.1.3.2).

    Raises:
        VerificationFailed: it is not, by this path.
    """
    _hashes(leaf, root, *path)
    if not 0 <= index < size:
        raise VerificationFailed("the proof is for a leaf beyond the tree")
    fn, sn, here = index, size - 1, leaf
    for node in path:
        if sn == 0:
            raise VerificationFailed("the proof of inclusion is too long")
        if fn & 1 or fn == sn:
            here = node_hash(node, here)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            here = node_hash(here, node)
        fn, sn = fn >> 1, sn >> 1
    if sn or here != root:
        raise VerificationFailed("the proof does not lead from the leaf to the root")


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Returns when the first ``old`` leaves of the tree have the root ``old_root`` (RFC 9162 section 2.1.4.2).

    Raises:
        VerificationFailed: they have not, by this path: leaves were changed, dropped or swapped.
    """
    _hashes(old_root, root, *path)
    if not 1 <= old <= size:
        raise VerificationFailed("the earlier head is larger than the later one")
    if old == size:
        if path or old_root != root:
            raise VerificationFailed("two heads of one size differ")
        return
    nodes = list(path)
    if old & (old - 1) == 0:
        nodes.insert(0, old_root)
    if not nodes:
        raise VerificationFailed("the proof of consistency is too short")
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    before = after = nodes[0]
    for node in nodes[1:]:
        if sn == 0:
            raise VerificationFailed("the proof of consistency is too long")
        if fn & 1 or fn == sn:
            before, after = node_hash(node, before), node_hash(node, after)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            after = node_hash(after, node)
        fn, sn = fn >> 1, sn >> 1
    if sn or before != old_root or after != root:
        raise VerificationFailed("the later head does not continue the earlier one")


def verify_range(first: int, leaves: Sequence[bytes], size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Returns when ``leaves``, given by their hashes, are those of the tree from number ``first`` on.

    Raises:
        VerificationFailed: they are not, by this proof.
    """
    _hashes(root, *leaves, *proof)
    if not leaves or not 0 <= first <= size - len(leaves):
        raise VerificationFailed("the proof is for leaves beyond the tree")
    end = first + len(leaves)
    given = iter(proof)

    def make(low: int, high: int) -> bytes:
        if high <= first or low >= end:
            node = next(given, None)
            if node is None:
                raise VerificationFailed("the proof of the range is too short")
            return node
        if high - low == 1:
            return leaves[low - first]
        middle = low + _split(high - low)
        return node_hash(make(low, middle), make(middle, high))

    if make(0, size) != root:
        raise VerificationFailed("the proof does not lead from the range to the root")
    if next(given, None) is not None:
        raise VerificationFailed("the proof of the range is too long")


def range_proof(first: int, to_first: Sequence[bytes], last: int, to_last: Sequence[bytes], size: int) -> list[bytes]:
    """The proof of the range from leaf ``first`` to leaf ``last``, out of the inclusion proofs of these two.

    What is left of the range are the left neighbours on the way from ``first``, what is right of it the right ones on
    the way from ``last``; :func:`verify_range` judges the result.
    """
    left = [node for node, is_left in _neighbours(first, to_first, size) if is_left]
    right = [node for node, is_left in _neighbours(last, to_last, size) if not is_left]
    return left[::-1] + right


def _neighbours(index: int, path: Sequence[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Each hash of an inclusion proof, and whether it is a left neighbour."""
    fn, sn = index, size - 1
    for node in path:
        is_left = bool(fn & 1 or fn == sn)
        yield node, is_left
        while is_left and not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1


def _hashes(*given: bytes) -> None:
    """Raises ``VerificationFailed`` where one of these is no hash: nothing equals nothing, and proves it."""
    if any(len(one) != len(EMPTY) for one in given):
        raise VerificationFailed("the proof has a hash that does not have 32 bytes")


def _split(width: int) -> int:
    """The largest power of two below ``width``, which is 2 or more."""
    return 1 << (width - 1).bit_length() - 1


def _outside(low: int, high: int, first: int, end: int) -> Iterator[tuple[int, int]]:
    if high <= first or low >= end:
        yield low, high
    elif low < first or high > end:
        middle = low + _split(high - low)
        yield from _outside(low, middle, first, end)
        yield from _outside(middle, high, first, end)
