"""Leaves: what is written is read, and nothing else."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.seal import made
from wholetape.errors import MalformedFile, WholetapeError
from wholetape.log.encoding import b64decode, b64encode, jcs, parse_jcs
from wholetape.log.kinds import Beacon, Cipher, Close, Document, Escrow, Event, FileFacts, PrintForm, Segment, What
from wholetape.log.leaves import encode_leaf, parse_leaf
from wholetape.log.salts import Label, commit, salt

HASH = bytes(range(32))
LEAVES = [
    made.header(),
    made.header(
        devices=("Zoom H4n", "ü\n"),
        beacon=Beacon("drand", "00"),
        escrow=Escrow("k-of-n", 2, 3, ("age1", "age2", "age3")),
        sample_format=None,
        challenge=True,
        print=PrintForm(((0, 255), (0, 0), (0, 1))),
    ),
    Segment(0, 0, 48000, HASH, HASH),
    Segment(7, 336000, 1, None, None, 1_700_000_000_000),
    Cipher(0, 10, HASH),
    Document(0, HASH, HASH),
    Event(What.PAUSE, 48000, at=5, party="side-b", detail="coffee"),
    Close("finished-file", 1, 48000, FileFacts(9, HASH), FileFacts(9, HASH), HASH),
    Close("stopped", 0, 0, FileFacts(9, HASH), None, None),
]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.leaf)
def test_what_is_written_is_read_and_is_jcs(leaf):
    data = encode_leaf(leaf)
    assert parse_leaf(data) == leaf
    assert rfc8785.dumps(json.loads(data)) == data


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.leaf)
def test_members_missing_more_or_of_another_kind_are_refused(leaf):
    tree = json.loads(encode_leaf(leaf))
    for name in tree:
        with pytest.raises(MalformedFile):
            parse_leaf(jcs({key: value for key, value in tree.items() if key != name}))
        values: tuple = ([], {}, True, -1, 1 << 53, "", "x" * 2000, None)
        for value in values:
            try:
                read = parse_leaf(data := rfc8785.dumps(tree | {name: value}) if value != 1 << 53 else b"{}")
            except WholetapeError:
                continue
            assert encode_leaf(read) == data
    with pytest.raises(MalformedFile):
        parse_leaf(jcs(tree | {"more": 1}))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",", ", "),
        lambda text: " " + text,
        lambda text: text + "\n",
        lambda text: text.replace('"leaf"', '"le\\u0061f"'),
        lambda text: text.replace('{"at":null,', '{"at":null,"at":null,'),
        lambda text: text.replace('"first":0', '"first":0.0'),
        lambda text: text.replace('"first":0', '"first":00'),
        lambda text: text.replace('"first":0', '"first":-0'),
        lambda text: text.replace('"first":0', '"first":NaN'),
        lambda text: text.replace("=", ""),
        lambda text: "[" + text + "]",
        lambda text: "[" * 100_000,
        lambda text: text.replace("segment", "segment2"),
    ],
)
def test_another_form_of_the_same_is_refused(change):
    data = encode_leaf(Segment(0, 0, 48000, HASH, HASH)).decode()
    assert change(data) != data
    with pytest.raises(MalformedFile):
        parse_leaf(change(data).encode())


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(), lambda inner: (
    st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner)
)))  # fmt: skip
def test_canonical_form_is_that_of_another_implementation(value):
    tree = {"value": value}
    assert jcs(tree) == rfc8785.dumps(tree)
    assert parse_jcs(jcs(tree), "it") == tree


@pytest.mark.parametrize("value", [1.5, 2**53, {"ü": 1}, b"bytes", {1: 2}])
def test_what_has_no_canonical_form_is_not_written(value):
    with pytest.raises(ValueError):
        jcs({"value": value})


@given(st.binary(max_size=40))
def test_base64_has_one_form(data):
    text = b64encode(data)
    assert b64decode(text, "it") == data
    for other in (text + "=", text.rstrip("="), text + "\n", " " + text, text.replace("+", "-").replace("/", "_")):
        if other != text:
            with pytest.raises(MalformedFile):
                b64decode(other, "it")


def test_no_two_salts_are_alike_and_none_tells_the_seed():
    salts = {salt(made.SEED, label, number) for label in Label for number in range(500)}
    assert len(salts) == 500 * len(Label)
    assert made.SEED not in salts


def test_a_commitment_is_the_hash_of_salt_and_data():
    import hashlib

    assert commit(b"salt", b"da", memoryview(b"ta")) == hashlib.sha256(b"saltdata").digest()
