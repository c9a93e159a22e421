"""A party signs what it has checked, and nothing else."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.seal.made import A, B, C
from wholetape.checking import make_print
from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log.checkpoint import Signed, signature_by
from wholetape.log.keys import encode_public
from wholetape.log.kinds import FileFacts, Segment
from wholetape.log.leaves import encode_leaf, parse_leaf
from wholetape.log.merkle import Tree
from wholetape.seal.build import Builder
from wholetape.seal.cosigning import check_and_cosign
from wholetape.seal.make import Sealing, seal_recording
from wholetape.store.ledger import HeadLedger

EXAMPLES = Path(__file__).parents[2] / "examples"
VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "speech.wav"
    shutil.copy(VECTORS / "sound" / "speech.wav", path)
    return path


@pytest.fixture(scope="module")
def print_of(recording):
    return make_print(recording)


@pytest.fixture(scope="module")
def seal(recording, print_of):
    return seal_recording(recording, print_of, A, Sealing(parties=(encode_public(B),)))


@pytest.fixture
def ledger(tmp_path):
    return HeadLedger(tmp_path / "side-b.key.heads")


@pytest.fixture
def sign(recording, print_of, ledger):
    def go(seal, key=B, path=recording, made=print_of, **how):
        return check_and_cosign(seal, key, path, lambda: made, ledger, 1_700_000_000, **how)

    return go


def again(seal, change, key=A):
    """The same recorder's seal with other leaves, signed anew."""
    builder = Builder.resume([*seal.raw[:-1]], seal.seed)
    leaves = change([parse_leaf(line) for line in seal.raw])
    builder.lines, builder.tree = [], Tree()
    for leaf in leaves:
        builder._append(encode_leaf(leaf))
    return builder.seal(builder.head(key))


def test_what_holds_is_signed_and_remembered(seal, sign, tmp_path):
    signed = sign(seal)
    assert signature_by(signed.head.note, B.public.cosigner) == Signed(B.public.cosigner, 1_700_000_000)
    remembered = (tmp_path / "side-b.key.heads").read_text()
    assert seal.header.origin in remembered
    assert seal.head.checkpoint.root.hex() in remembered


def test_signing_twice_the_same_is_no_conflict(seal, sign, tmp_path):
    sign(sign(seal))
    assert len((tmp_path / "side-b.key.heads").read_text().splitlines()) == 1


def test_another_history_of_the_same_recording_is_refused(seal, sign):
    sign(seal)
    fork = again(seal, lambda leaves: [*leaves[:-1], dataclasses.replace(leaves[-1], reason="other")])
    with pytest.raises(VerificationFailed, match="another head of this recording"):
        sign(fork)


def test_the_key_of_no_party_is_refused(seal, sign):
    with pytest.raises(UsageError, match="no party"):
        sign(seal, key=C)


def test_a_public_seal_is_refused(seal, sign):
    with pytest.raises(UsageError, match="public seal"):
        sign(seal.public())


def test_another_recording_is_refused_before_it_is_decoded(seal, sign, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(b"no sound at all")

    def never():
        raise AssertionError

    with pytest.raises(VerificationFailed, match="bytes"):
        sign(seal, path=other, made=never)


@pytest.mark.parametrize(
    "wrong",
    [lambda leaf: dataclasses.replace(leaf, sound=bytes(32)), lambda leaf: dataclasses.replace(leaf, print=bytes(32))],
    ids=["sound", "print"],
)
def test_segments_that_do_not_fit_the_recording_are_refused(seal, sign, wrong, tmp_path):
    def change(leaves):
        return [wrong(leaf) if isinstance(leaf, Segment) and leaf.n == 1 else leaf for leaf in leaves]

    with pytest.raises(VerificationFailed, match="contradicts itself"):
        sign(again(seal, change))
    assert not (tmp_path / "side-b.key.heads").exists()


def test_a_print_that_is_not_the_recordings_is_refused(seal, sign, print_of):
    words = print_of.tracks[0].words.copy()
    words[5] ^= np.uint64(0xFFFF)
    other = dataclasses.replace(print_of, tracks=(dataclasses.replace(print_of.tracks[0], words=words),))
    with pytest.raises(VerificationFailed, match="print is not the one"):
        sign(seal, made=other)
    with pytest.raises(VerificationFailed, match="print is not the one"):
        sign(seal, made=other, sealed_print=print_of.encode())


def test_a_print_in_which_another_machine_rounded_one_bit_otherwise_is_accepted(seal, sign, print_of):
    words = print_of.tracks[0].words.copy()
    words[5] ^= np.uint64(1)
    other = dataclasses.replace(print_of, tracks=(dataclasses.replace(print_of.tracks[0], words=words),))
    assert sign(seal, made=other, sealed_print=print_of.encode()).head.note.by(B.public.cosigner)


def test_an_unfinished_seal_is_refused(seal, sign):
    with pytest.raises(VerificationFailed):
        sign(again(seal, lambda leaves: leaves[:-1]))


def test_a_seal_whose_recorder_has_not_signed_is_refused(seal, sign):
    with pytest.raises(VerificationFailed, match="recorder"):
        sign(again(seal, lambda leaves: leaves, key=C))


def test_each_document_must_be_at_hand(recording, print_of, sign):
    documents = (("a.txt", b"one"), ("b.txt", b"two"))
    seal = seal_recording(recording, print_of, A, Sealing((encode_public(B),), documents))
    with pytest.raises(UsageError, match="2 documents"):
        sign(seal, documents=documents[:1])
    with pytest.raises(VerificationFailed, match=r"b\.txt"):
        sign(seal, documents=(documents[0], ("b.txt", b"other")))
    assert sign(seal, documents=documents)


@pytest.mark.parametrize(
    "damage", [b"nonsense\n", b'{"origin":"x"}\n', b'{"origin":"x","root":"00","size":1}\n', b"cut"]
)
def test_a_damaged_ledger_signs_nothing(seal, sign, tmp_path, damage):
    (tmp_path / "side-b.key.heads").write_bytes(damage)
    with pytest.raises(MalformedFile, match="remembers the heads"):
        sign(seal)
    assert (tmp_path / "side-b.key.heads").read_bytes() == damage


def test_an_older_head_than_the_one_signed_is_refused(tmp_path):
    tree = Tree(b"%d" % n for n in range(9))
    from wholetape.log.checkpoint import Checkpoint

    ledger = HeadLedger(tmp_path / "heads")
    ledger.remember(Checkpoint("wholetape/x", 5, tree.root(5)), tree)
    ledger.remember(Checkpoint("wholetape/x", 9, tree.root(9)), tree)
    ledger.remember(Checkpoint("wholetape/other", 3, bytes(32)), tree)
    with pytest.raises(VerificationFailed, match="later head"):
        ledger.remember(Checkpoint("wholetape/x", 7, tree.root(7)), tree)


def test_two_parties_of_one_name_or_key_are_refused(recording, print_of):
    for same in (A, dataclasses.replace(C, name="side-a"), dataclasses.replace(A, name="other")):
        with pytest.raises(UsageError, match="one name or one key"):
            seal_recording(recording, print_of, A, Sealing((encode_public(same),)))


def test_no_two_seals_share_seed_or_origin(recording, print_of, seal):
    other = seal_recording(recording, print_of, A)
    assert other.header.origin != seal.header.origin
    assert other.seed != seal.seed
    assert not {leaf.sound for leaf in other.segments} & {leaf.sound for leaf in seal.segments}


def test_the_closing_leaf_has_the_files_own_hash(seal, recording):
    data = recording.read_bytes()
    import hashlib

    assert seal.close.file == FileFacts(len(data), hashlib.sha256(data).digest())
