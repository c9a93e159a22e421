"""Offline proofs that a leaf is in a tree: c2sp.org/tlog-proof@v1, without the checkpoint that follows it.

With the member ``head`` behind it, it is whole in the standard's form: an excerpt's proofs share one checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholetape.errors import MalformedFile
from wholetape.log.encoding import b64decode, b64encode, decimal

_FIRST = "c2sp.org/tlog-proof@v1"
_MOST = 64
"""Hashes of a proof at most: a tree of 2^64 leaves."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Leaf ``index`` is in the tree by this ``path``, from its sibling up. Not verified by being one."""

    index: int
    path: tuple[bytes, ...]


def encode_proof(index: int, path: Sequence[bytes]) -> bytes:
    """The lines of a proof, the empty one included."""
    lines = [_FIRST, f"index {index}", *map(b64encode, path), "", ""]
    return "\n".join(lines).encode()


def parse_proof(data: bytes, what: str) -> Proof:
    """The proof in ``data``; ``what`` names it in the error.

    Raises:
        MalformedFile: anything that :func:`encode_proof` would not have written.
    """
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError as problem:
        raise MalformedFile(f"{what} is no text") from problem
    if len(lines) < 4 or lines[0] != _FIRST or lines[-2:] != ["", ""] or not lines[1].startswith("index "):
        raise MalformedFile(f"{what} is no proof of inclusion")
    path = tuple(b64decode(line, what) for line in lines[2:-2])
    if len(path) > _MOST or any(len(node) != 32 for node in path):
        raise MalformedFile(f"{what} holds hashes that are none")
    return Proof(decimal(lines[1].removeprefix("index "), f"the index of {what}"), path)
