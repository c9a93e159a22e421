"""Vectors of other projects: the form in which they come, and that a laxer answer is an error."""

from __future__ import annotations

import base64
import json

import pytest

from eval.standards import main
from wholetape.log import ed25519
from wholetape.log.merkle import Tree

SEED = bytes(range(32))
TREE = Tree([b"one", b"two", b"three"])


def coded(data):
    return base64.b64encode(data).decode()


@pytest.fixture
def vectors(tmp_path):
    """Writes one signature and one proof each, which hold; returns the words that compare them."""

    def go(flags=(), refused=False):
        signature = ed25519.sign(SEED, b"message")
        vector = {"number": 1, "key": ed25519.public_key(SEED).hex(), "sig": signature.hex(), "msg": "message"}
        (tmp_path / "ed.json").write_text(json.dumps([{**vector, "flags": list(flags) or None}]))
        proofs = {
            "inclusion": {
                "leafIdx": 1, "treeSize": 3, "leafHash": coded(TREE.leaf(1)), "root": coded(TREE.root()),
                "proof": [coded(node) for node in TREE.prove_inclusion(1)],
            },
            "consistency": {
                "size1": 2, "size2": 3, "root1": coded(TREE.root(2)), "root2": coded(TREE.root()),
                "proof": [coded(node) for node in TREE.prove_consistency(2)],
            },
        }  # fmt: skip
        for kind, one in proofs.items():
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / kind / "one.json").write_text(json.dumps({**one, "wantErr": refused}))
        return ["--ed25519", str(tmp_path / "ed.json"), "--merkle", str(tmp_path)]

    return go


def test_vectors_that_hold_are_counted(vectors, capsys):
    assert main(vectors()) == 0
    assert capsys.readouterr().out.count("| 1 | 0 | 0 | 0 |") == 3


def test_a_vector_that_must_be_refused_and_is_not_is_an_error(vectors, capsys):
    assert main(vectors(["low_order_R"], refused=True)) == 1
    told = capsys.readouterr().out
    assert told.count("| 0 | 0 | 0 | 1 |") == 3
    assert "**Laxer, proofs of inclusion" in told


def test_a_second_implementation_agrees_on_every_proof_of_every_size_to_300(capsys):
    assert main(["--tree", "300"]) == 0
    assert "| 90600 | 0 | 0 | 0 |" in capsys.readouterr().out
