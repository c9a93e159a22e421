"""The browser verifies seals as the program does: every hostile seal of the vectors has the answer that is due."""

from __future__ import annotations

import json

from tests import schema
from tests.match.agreement import VECTORS

SEALS = VECTORS / "seal"
INDEX = json.loads((SEALS / "index.json").read_text())["seals"]
NOT_HERE = {
    "witness-of-another": "the page compares no head from outside",
}
ENTRIES = [entry for entry in INDEX if entry["name"] not in NOT_HERE]
KINDS = {5: {"MalformedFile"}, 6: {"VerificationFailed"}}


def task(entry):
    """The usual call of the vectors, with what the entry gives in its place."""
    given = entry.get("given") or {}
    return {
        "do": "verify",
        "seal": SEALS / entry["file"],
        "recording": SEALS / given.get("RECORDING", ["recording.wav"])[0],
        "print": SEALS / given.get("--print", ["recording.print"])[0],
        "keys": [SEALS / name for name in given.get("--trust", ["side-a.pub", "side-b.pub"])],
        "documents": [SEALS / name for name in given.get("--document", [])],
    }


def test_every_hostile_seal_is_refused_for_its_one_flaw(node):
    assert len(ENTRIES) > 200
    assert sum(entry["file"].endswith(".excerpt") for entry in ENTRIES) > 30
    wrong = []
    for entry, answer in zip(ENTRIES, node(*map(task, ENTRIES)), strict=True):
        if "error" in answer:
            found, kind = answer.get("result"), answer["error"] in KINDS[entry["exit"]]
        else:
            reason = answer["answer"]["reason"]
            found, kind = reason and reason["code"], entry["exit"] == 6
        if (found, kind) != (entry["result"], True):
            wrong.append((entry["name"], entry["result"], found, answer.get("message")))
    assert wrong == []


def test_good_seals_verify_and_say_what_is_proven(node):
    names = ("good", "good-stamped", "good-public")
    answers = node(*(task({"file": f"{name}.seal"}) for name in names))
    for name, answer in zip(names, answers, strict=True):
        tree = answer["answer"]
        assert list(schema.faults(tree, schema.load("verify-v1.schema.json"))) == [], name
        assert tree["outcome"] == "verified", (name, tree["reason"])
        held = {own["name"] for own in tree["properties"] if own["established"]}
        assert {"tree", "order", "signatures", "closed", "pinned-keys", "file", "samples", "print"} <= held
        assert not held & {"true", "speakers", "unedited-before", "only-seal", "not-after"}
        assert {party["name"] for party in tree["parties"] if party["pinned"]} == {"side-a", "side-b"}
        assert tree["standing"] in ("one-party", "all-parties")


def test_without_keys_a_seal_is_consistent_with_itself_and_signed_by_unknown_keys(node):
    (answer,) = node({**task({"file": "good.seal"}), "keys": []})
    assert answer["answer"]["reason"] == {
        "code": "no-key-pinned",
        "words": "consistent with itself, signed by unknown keys",
    }
    assert answer["answer"]["standing"] == "unsealed"


def test_a_stamp_counts_under_a_pinned_root_and_under_no_other(node):
    pinned = {"keys": [SEALS / name for name in ("side-a.pub", "side-b.pub", "roots.pem")]}
    alone, rooted = node(task({"file": "good-stamped.seal"}), {**task({"file": "good-stamped.seal"}), **pinned})
    (time,) = [own for own in alone["answer"]["properties"] if own["name"] == "not-after"]
    assert not time["established"]
    assert time["why"] == "1 time-stamp not verified: pin the authorities' root certificates"
    (time,) = [own for own in rooted["answer"]["properties"] if own["name"] == "not-after"]
    assert time["established"]
    assert time["by"] == ["Clock of the vectors"]
    assert time["why"] == (
        "the head existed by 2026-11-24 04:45:27 UTC, by the clock of Clock of the vectors, and no second authority's; "
        "stamped with the signatures of side-a, side-b"
    )


def test_the_good_excerpt_verifies_and_tells_what_is_withheld(node):
    (answer,) = node(task({"file": "good.excerpt", "given": {"RECORDING": ["excerpt.wav"]}}))
    tree = answer["answer"]
    assert list(schema.faults(tree, schema.load("verify-v1.schema.json"))) == []
    assert tree["outcome"] == "verified", tree["reason"]
    held = {own["name"]: own for own in tree["properties"] if own["established"]}
    assert {"tree", "order", "signatures", "closed", "pinned-keys", "samples", "print", "excerpt"} <= set(held)
    assert not set(held) & {"file", "continuous", "true", "speakers", "unedited-before", "only-seal", "not-after"}
    assert held["excerpt"]["why"] == (
        "2.000 s, from 1.000 s to 3.000 s of 3.000 s; withheld: 1.000 s before, 0.000 s after"
    )
