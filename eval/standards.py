"""``python -m eval.standards``: other projects' vectors, which are not shipped here, against this program.

    --ed25519 FILE   ed25519vectors.json of C2SP/CCTV: every edge of the points of a signature
    --merkle FOLDER  testdata of transparency-dev/merkle: proofs of inclusion and consistency, good and bad
    --tree SIZES     a second implementation (scitt-cose): every root, and every proof for every leaf and every earlier
                     size, of all sizes up to this one
    --write          put the table into docs/measured.md

What differs is told vector by vector. The program may be stricter than a standard, never laxer: 1 where it is.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval import measured
from wholetape.errors import VerificationFailed
from wholetape.log import ed25519
from wholetape.log.merkle import Tree, verify_consistency, verify_inclusion

WEAK = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R"}
"""Flags of signatures that this program refuses on purpose; RFC 8032 is silent on the first two."""


@dataclass
class Tally:
    """How many vectors were answered as they say, and which were not: laxer ones are errors."""

    good: int = 0
    bad: int = 0
    stricter: list[str] = field(default_factory=list)
    laxer: list[str] = field(default_factory=list)

    def take(self, name: str, due: bool, found: bool) -> None:
        """Counts one answer: whether the vector holds, and whether we say so."""
        if due == found:
            self.good, self.bad = self.good + due, self.bad + (not due)
        else:
            (self.laxer if found else self.stricter).append(name)


def signatures(path: Path) -> Tally:
    """Each signature of the file: due is a refusal of weak and non-canonical points, and of what needs the cofactor."""
    tally = Tally()
    for vector in json.loads(path.read_text()):
        flags = set(vector["flags"] or ())
        due = not flags & (WEAK | {"low_order_residue", "reencoded_k"})
        found = ed25519.holds(bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"]), vector["msg"].encode())
        tally.take(f"{vector['number']} ({', '.join(sorted(flags))})", due, found)
    return tally


def proofs(folder: Path, kind: str) -> Tally:
    """Each proof of ``kind``, ``inclusion`` or ``consistency``, below ``folder``."""
    tally = Tally()
    for path in sorted((folder / kind).rglob("*.json")):
        vector = json.loads(path.read_text())
        try:
            check(vector, kind)
        except VerificationFailed:
            found = False
        else:
            found = True
        tally.take(str(path.relative_to(folder)), not vector["wantErr"], found)
    return tally


def check(vector: dict[str, Any], kind: str) -> None:
    """Raises ``VerificationFailed`` where the proof does not hold."""

    def raw(name: str) -> bytes:
        return base64.b64decode(vector[name] or "")

    path = [base64.b64decode(node) for node in vector["proof"] or ()]
    if kind == "inclusion":
        verify_inclusion(vector["leafIdx"], raw("leafHash"), vector["treeSize"], path, raw("root"))
    else:
        verify_consistency(vector["size1"], raw("root1"), vector["size2"], raw("root2"), path)


def agreement(sizes: int) -> Tally:
    """Whether ``scitt-cose`` finds every root the same and accepts every proof, of trees of 1 to ``sizes`` leaves."""
    from scitt_cose import merkle as other  # type: ignore[import-untyped]  # it has no annotations

    leaves = [b"leaf %d" % number for number in range(sizes)]
    entries = [leaf.hex() for leaf in leaves]
    tree, tally = Tree(leaves), Tally()
    roots = [tree.root(size).hex() for size in range(sizes + 1)]
    for size in range(1, sizes + 1):
        tally.take(f"root of {size}", True, other.merkle_root(entries[:size]) == roots[size])
        for index in range(size):
            proof = [node.hex() for node in tree.prove_inclusion(index, size)]
            good = other.verify_inclusion(entries[index], index, size, proof, roots[size])
            tally.take(f"leaf {index} of {size}", True, bool(good))
            proof = [node.hex() for node in tree.prove_consistency(index + 1, size)]
            good = other.verify_consistency(roots[index + 1], roots[size], index + 1, size, proof)
            tally.take(f"{index + 1} in {size}", True, bool(good))
    return tally


def table(tallies: dict[str, Tally]) -> str:
    """The tallies in Markdown, and where we are stricter."""
    lines = ["| vectors | hold | are refused | stricter here | laxer here |", "| --- | --- | --- | --- | --- |"]
    for name, one in tallies.items():
        lines.append(f"| {name} | {one.good} | {one.bad} | {len(one.stricter)} | {len(one.laxer)} |")
    for name, one in tallies.items():
        if one.stricter:
            lines += ["", f"Stricter, {name}: {'; '.join(one.stricter)}."]
        if one.laxer:
            lines += ["", f"**Laxer, {name}:** {'; '.join(one.laxer)}."]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Compares and tells; 1 where this program accepts what a vector refuses."""
    words = argparse.ArgumentParser(
        "python -m eval.standards", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--ed25519", type=Path, metavar="FILE")
    words.add_argument("--merkle", type=Path, metavar="FOLDER")
    words.add_argument("--tree", type=int, metavar="SIZES")
    words.add_argument("--write", action="store_true")
    options = words.parse_args(arguments)
    tallies = {}
    if options.ed25519:
        tallies["Ed25519 signatures (C2SP/CCTV)"] = signatures(options.ed25519)
    if options.merkle:
        for kind in ("inclusion", "consistency"):
            tallies[f"proofs of {kind} (transparency-dev/merkle)"] = proofs(options.merkle, kind)
    if options.tree:
        tallies[f"roots and proofs of all sizes to {options.tree} (scitt-cose)"] = agreement(options.tree)
    text = table(tallies)
    print(text)
    if options.write:
        measured.write("standards", "python -m eval.standards --ed25519 … --merkle … --tree 300", text)
    return 1 if any(one.laxer or (name.startswith("roots") and one.stricter) for name, one in tallies.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
