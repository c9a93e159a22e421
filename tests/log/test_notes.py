"""Signed notes, verifier keys and heads: the standards' own vectors, and what they forbid."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.seal.made import A, B
from wholetape.errors import MalformedFile
from wholetape.log import checkpoint
from wholetape.log.checkpoint import Checkpoint, Signed, cosigned_message, parse_checkpoint, signature_by
from wholetape.log.merkle import Tree
from wholetape.log.note import ML_DSA_44, Note, Signature, VerifierKey, check_name, parse_note, parse_vkey

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "notes" / "index.json").read_text())
HEAD = Checkpoint("wholetape/" + "0" * 32, 5, bytes(32)).text


@pytest.mark.parametrize("vector", VECTORS["notes"], ids=lambda v: v["from"])
def test_the_standards_notes_verify_and_no_other_text_does(vector):
    key = parse_vkey(vector["vkey"])
    assert str(key) == vector["vkey"]
    note = parse_note(vector["note"].encode())
    assert note.encode() == vector["note"].encode()
    assert isinstance(signature_by(note, key), Signed)
    assert signature_by(Note(note.text + "x\n", note.signatures), key) is False


@pytest.mark.parametrize("vector", VECTORS["parsed"], ids=lambda v: v["from"])
def test_the_standards_heads_are_read(vector):
    note = parse_note(vector["note"].encode())
    assert note.encode() == vector["note"].encode()
    if "origin" in vector:
        head = parse_checkpoint(note.text)
        assert head == Checkpoint(vector["origin"], vector["size"], bytes.fromhex(vector["root"]))
        assert head.text == note.text
        times = [int.from_bytes(s.data[:8]) if len(s.data) == 72 else None for s in note.signatures]
        assert times == vector["times"]
        assert cosigned_message(note.text, times[1] or 0) == vector["message"].encode()


def test_the_reference_tree_has_its_roots():
    tree = Tree(map(bytes.fromhex, VECTORS["tree"]["leaves"]))
    assert [tree.root(size).hex() for size in range(9)] == VECTORS["tree"]["roots"]


def test_both_kinds_of_signature_hold_and_neither_stands_for_the_other():
    note = checkpoint.cosign(checkpoint.sign(Note(HEAD, ()), A), B, 1_700_000_000)
    note = parse_note(note.encode())
    assert signature_by(note, A.public.signer) == Signed(A.public.signer, None)
    assert signature_by(note, B.public.cosigner) == Signed(B.public.cosigner, 1_700_000_000)
    assert signature_by(note, A.public.cosigner) is None
    assert signature_by(note, B.public.signer) is None


def test_a_cosignature_is_bound_to_its_time():
    note = checkpoint.cosign(Note(HEAD, ()), B, 1_700_000_000)
    (line,) = note.signatures
    later = Signature(line.name, line.id, (1_700_000_001).to_bytes(8) + line.data[8:])
    assert signature_by(Note(HEAD, (later,)), B.public.cosigner) is False


def test_the_signature_of_a_head_cannot_be_used_as_a_cosignature():
    (line,) = checkpoint.sign(Note(HEAD, ()), B).signatures
    moved = Signature(line.name, B.public.cosigner.id, bytes(8) + line.data)
    assert signature_by(Note(HEAD, (moved,)), B.public.cosigner) is False


def test_signatures_of_unknown_types_are_ignored_and_never_counted():
    future = VerifierKey("side-b", ML_DSA_44, bytes(1312))
    note = parse_note(Note(HEAD, (Signature("side-b", future.id, bytes(2428)),)).encode())
    assert signature_by(note, future) is None
    assert signature_by(note, B.public.cosigner) is None


def test_signing_again_replaces_the_line_in_its_place():
    note = checkpoint.cosign(checkpoint.sign(Note(HEAD, ()), A), B, 5)
    again = checkpoint.cosign(note, B, 6)
    assert [s.name for s in again.signatures] == ["side-a", "side-b"]
    assert signature_by(again, B.public.cosigner) == Signed(B.public.cosigner, 6)


GOOD = checkpoint.sign(Note(HEAD, ()), A).encode().decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        HEAD + "\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + "x\n",
        GOOD.replace("\n\n", "\n"),
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—  "),
        GOOD.replace("—", "\t—"),
        GOOD.replace("\n", "\r\n"),
        GOOD + GOOD.splitlines()[-1] + "\n",
        GOOD.replace("side-a ", "side a "),
        GOOD[:-2] + "\n",
        GOOD[:-3] + {"A": "B", "Q": "R", "g": "h"}.get(GOOD[-3], chr(ord(GOOD[-3]) + 1)) + "=\n",  # spare bits
        HEAD + "\n— side-a AAAA\n",
        HEAD + "\n" + "".join(f"— side-{n} AAAAAAAA\n" for n in range(257)),
    ],
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(MalformedFile):
        parse_note(text.encode())


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data):
    for text in (data, GOOD.encode() + data, data + GOOD.encode()):
        with contextlib.suppress(MalformedFile):
            assert parse_note(text).encode() == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("o\n5\n", "three lines"),
        ("o\n5\n" + "A" * 43 + "=\nextension\n", "extension"),
        ("\n5\n" + "A" * 43 + "=\n", "origin"),
        ("o\n05\n" + "A" * 43 + "=\n", "decimal"),
        ("o\n+5\n" + "A" * 43 + "=\n", "decimal"),
        ("o\n 5\n" + "A" * 43 + "=\n", "decimal"),
        ("o\n٥\n" + "A" * 43 + "=\n", "decimal"),
        ("o\n-1\n" + "A" * 43 + "=\n", "decimal"),
        ("o\n5\n" + "A" * 43 + "\n", "base64"),
        ("o\n5\n" + "A" * 42 + "B=\n", "base64"),
        ("o\n5\n" + "A" * 44 + "\n", "32 bytes"),
        ("o\n5\n" + "A" * 43 + "=", "three lines"),
    ],
)
def test_what_is_no_head_is_refused(text, words):
    with pytest.raises(MalformedFile, match=words):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v[:-4],
        lambda v: v.replace("side-a+", "side-c+"),
        lambda v: v.replace("+", " "),
        lambda v: v.upper(),
        lambda v: "+" + v,
        lambda v: v + "=",
        lambda v: v.partition("+")[0],
    ],
)
def test_what_is_no_vkey_is_refused(change):
    with pytest.raises(MalformedFile):
        parse_vkey(change(str(A.public.signer)))


@pytest.mark.parametrize("name", ["a", "side-a", "Ünsal", "ظبية", "example.com/foo", "代表", "x" * 64])
def test_names_of_people_everywhere_are_taken(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "x" * 65, "a b", "a+b", "a\u00a0b", "a\u200bb", "a\u202eb", "a\nb", "\x1b[2J", "u\u0308", "a\u2028"]
)
def test_names_that_hide_something_are_refused(name):
    with pytest.raises(MalformedFile):
        check_name(name)
