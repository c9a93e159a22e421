"""What a key has signed is remembered before it signs again, and nothing that contradicts it is signed."""

from __future__ import annotations

import json
import multiprocessing
import os

import pytest

from wholetape.errors import MalformedFile, StorageFailed, VerificationFailed
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.merkle import Tree
from wholetape.store.ledger import HeadLedger

ORIGIN = "wholetape/00112233445566778899aabbccddeeff"
OTHER = "wholetape/ffeeddccbbaa99887766554433221100"
LEAVES = [b"leaf %d" % n for n in range(40)]


def head(size: int, leaves=LEAVES, origin=ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, Tree(leaves).root(size))


@pytest.fixture
def ledger(tmp_path):
    return HeadLedger(tmp_path / "a.key.heads")


def lines(tmp_path):
    return [json.loads(line) for line in (tmp_path / "a.key.heads").read_text().splitlines()]


def test_a_longer_head_and_the_same_head_again_may_be_signed(ledger):
    for size in (3, 3, 7, 40):
        ledger.remember(head(size), Tree(LEAVES))


def test_an_earlier_head_is_refused(ledger):
    ledger.remember(head(7), Tree(LEAVES))
    with pytest.raises(VerificationFailed, match="later head"):
        ledger.remember(head(6), Tree(LEAVES))


@pytest.mark.parametrize("size", [7, 8, 40])
def test_a_head_of_another_history_is_refused_and_the_file_stays_as_it_was(ledger, tmp_path, size):
    ledger.remember(head(7), Tree(LEAVES))
    before = (tmp_path / "a.key.heads").read_bytes()
    forked = [*LEAVES[:5], b"another", *LEAVES[6:]]
    with pytest.raises(VerificationFailed, match="another head"):
        ledger.remember(head(size, forked), Tree(forked))
    assert (tmp_path / "a.key.heads").read_bytes() == before


def test_recordings_do_not_get_in_each_others_way(ledger, tmp_path):
    ledger.remember(head(7), Tree(LEAVES))
    forked = [b"another", *LEAVES[1:]]
    ledger.remember(head(5, forked, OTHER), Tree(forked))
    ledger.remember(head(8), Tree(LEAVES))
    assert {(line["origin"], line["size"]) for line in lines(tmp_path)} == {(ORIGIN, 8), (OTHER, 5)}


def test_it_does_not_grow_with_the_number_of_signatures(ledger, tmp_path):
    for size in range(1, 41):
        ledger.remember(head(size), Tree(LEAVES))
    assert len(lines(tmp_path)) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"{}\n",
        lambda data: data.replace(b'"size":3', b'"size":-3'),
        lambda data: data.replace(b'"size":3', b'"size":"3"'),
        lambda data: data.replace(b"{", b"{ "),
        lambda data: b"\0" * len(data),
    ],
)
def test_nothing_is_signed_without_a_whole_ledger(ledger, tmp_path, damage):
    ledger.remember(head(3), Tree(LEAVES))
    path = tmp_path / "a.key.heads"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(MalformedFile):
        ledger.remember(head(7), Tree(LEAVES))


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(StorageFailed):
        HeadLedger(tmp_path / "gone" / "a.key.heads").remember(head(3), Tree(LEAVES))
    with pytest.raises(StorageFailed):
        HeadLedger(tmp_path / "a\0b").remember(head(3), Tree(LEAVES))


def _sign_many(path: str, forked: bool, out) -> None:
    leaves = [*LEAVES[:5], b"another", *LEAVES[6:]] if forked else LEAVES
    signed = []
    for size in range(6, 41):
        try:
            HeadLedger(path).remember(head(size, leaves), Tree(leaves))
        except VerificationFailed:
            continue
        signed.append(size)
    out.put((forked, signed))


def test_two_programs_with_one_key_never_sign_two_histories(tmp_path):
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    path = os.fspath(tmp_path / "a.key.heads")
    both = [context.Process(target=_sign_many, args=(path, forked, out)) for forked in (False, True)]
    for process in both:
        process.start()
    results = [out.get(timeout=60) for _ in both]
    for process in both:
        process.join(30)
    assert sorted(bool(signed) for _, signed in results) == [False, True]
