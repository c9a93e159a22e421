"""An excerpt: its place, what is withheld; and every way to pass it off as something else."""

from __future__ import annotations

import pytest

from tests.seal import made
from tests.seal.excerpts import PINNED, SECONDS, Desk, changed, leaves, reason, told
from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log.encoding import b64encode
from wholetape.log.proof import Proof
from wholetape.log.salts import Label, salt
from wholetape.match.printfile import parse
from wholetape.properties import Name, Reason
from wholetape.seal.excerpted import excerpt_reference, print_of, verify_excerpt
from wholetape.seal.excerptfile import (
    PROOFS,
    encode_opened,
)
from wholetape.seal.excerpting import choose, prove_excerpt


def test_an_excerpt_verifies_and_says_its_place_and_what_is_withheld(desk):
    found = told(desk.excerpt(5, 8), desk.sound(5, 8))
    assert found.failure is None
    assert found.standing == "all-parties"
    assert found[Name.SAMPLES].established
    assert found[Name.PRINT].established
    assert found[Name.EXCERPT].established
    assert found[Name.EXCERPT].why == (
        "3.000 s, from 5.000 s to 8.000 s of 20.000 s; withheld: 5.000 s before, 12.000 s after"
    )
    assert not found[Name.FILE].established
    assert not found[Name.CONTINUOUS].established


@pytest.mark.parametrize(
    ("asked", "given"),
    [((0, 1), (0, 1)), ((0.2, 0.3), (0, 1)), ((5.5, 6.01), (5, 7)), ((19.9, 99), (19, 20)), ((0, 20), (0, 20))],
)
def test_parts_grow_to_whole_seconds_within_the_recording(desk, asked, given):
    start, end = desk.excerpt(*asked).span
    assert (start / made.RATE, end / made.RATE) == given
    assert reason(desk.excerpt(*asked), desk.sound(*asked)) is None


@pytest.mark.parametrize("asked", [(20, 21), (5, 5), (6, 5), (-1, 5), (float("nan"), 5)])
def test_where_nothing_lies_there_is_no_excerpt(desk, asked):
    with pytest.raises(UsageError, match="there is nothing"):
        desk.excerpt(*asked)


def test_its_proofs_are_those_of_the_standard(desk):
    """The paragraphs of ``excerpt`` behind the first, each with ``head`` behind it, are c2sp.org/tlog-proof@v1."""
    excerpt = desk.excerpt(5, 8)
    paragraphs = excerpt.members["excerpt"].decode().split("\n\n")
    whole = (paragraphs[2] + "\n\n" + excerpt.members["head"].decode()).split("\n")
    assert whole[:2] == ["c2sp.org/tlog-proof@v1", "index 6"]
    blank = whole.index("")
    assert whole[2:blank] == [b64encode(node) for node in desk.seal.tree.prove_inclusion(6)]
    assert whole[blank + 1] == desk.seal.header.origin


def test_it_opens_its_own_segments_and_no_others(desk):
    excerpt = desk.excerpt(5, 8)
    inside = excerpt.encode()
    everything = b"".join(excerpt.members.values())
    for n in range(SECONDS):
        for label in (Label.SOUND, Label.PRINT):
            assert (b64encode(salt(desk.seal.seed, label, n)).encode() in everything) == (5 <= n < 8)
    assert desk.seal.seed.hex().encode() not in everything
    assert desk.seal.seed not in inside


def test_salts_of_other_segments_are_refused(desk):
    excerpt, wider = desk.excerpt(5, 8), desk.excerpt(5, 9)
    with pytest.raises(MalformedFile, match="opens its own segments"):
        changed(excerpt, opened=wider.members["opened"])
    with pytest.raises(MalformedFile, match="opens its own segments"):
        changed(wider, opened=excerpt.members["opened"])


def test_another_place_cannot_be_claimed(desk):
    here, there = desk.excerpt(5, 8), desk.excerpt(9, 12)
    moved = changed(
        here,
        leaves=there.members["leaves"],
        opened=there.members["opened"],
    )
    assert reason(moved) is Reason.TREE
    shifted = changed(
        here,
        first=Proof(7, here.proofs["first"].path),
        last=Proof(9, here.proofs["last"].path),
    )
    assert reason(shifted) is Reason.TREE


def test_sound_of_another_place_is_refused(desk):
    assert reason(desk.excerpt(5, 8), desk.sound(6, 9, "other.wav")) is Reason.RECORDING
    assert reason(desk.excerpt(5, 8), desk.sound(5, 7, "short.wav")) is Reason.RECORDING
    assert reason(desk.excerpt(5, 8), desk.sound(5, 9, "long.wav")) is Reason.RECORDING
    assert reason(desk.excerpt(5, 8), desk.path) is Reason.RECORDING


def test_one_changed_sample_is_told_with_its_second(desk):
    path = desk.folder / "changed.wav"
    data = bytearray(desk.sound(5, 8, "whole.wav").read_bytes())
    data[80 + 2 * made.RATE + 11] ^= 1
    path.write_bytes(bytes(data))
    found = told(desk.excerpt(5, 8), path)
    assert found.failure is not None
    assert "from second 6 of the recording" in found.failure.words


def test_two_excerpts_cannot_be_joined_into_one(desk):
    a, b = desk.excerpt(5, 7), desk.excerpt(9, 11)
    joined = changed(
        a,
        leaves=leaves(a, 0, 1, 2) + leaves(b, 1, 2, 3),
        opened=a.members["opened"] + b.members["opened"],
        last=b.proofs["last"],
    )
    assert reason(joined) is Reason.TREE


def test_a_segment_cannot_be_left_out_or_repeated(desk):
    whole = desk.excerpt(5, 8)
    lines = whole.members["opened"].splitlines(keepends=True)
    less = changed(whole, leaves=leaves(whole, 0, 1, 3, 4), opened=lines[0] + lines[2])
    assert reason(less) is Reason.TREE
    twice = changed(whole, leaves=leaves(whole, 0, 1, 2, 2, 3, 4), opened=b"".join([*lines[:2], *lines[1:]]))
    assert reason(twice) is Reason.TREE


def test_parts_of_two_seals_do_not_mix(desk, tmp_path):
    other = Desk(tmp_path, "other", b"2")
    mine, theirs = desk.excerpt(5, 8), other.excerpt(5, 8)
    for name in ("leaves", "excerpt", *PROOFS, "opened"):
        try:
            mixed = changed(mine, **{name: theirs.proofs[name] if name in PROOFS else theirs.members[name]})
        except MalformedFile:
            continue
        assert reason(mixed) is not None or name.startswith("opened"), name
        assert reason(mixed, desk.sound(5, 8)) is not None, name
    with pytest.raises(MalformedFile, match="different origins"):
        changed(mine, head=theirs.members["head"])


def test_it_cannot_pass_as_whole(desk):
    """The closing leaf is proven at the end of the tree: no shorter recording can be claimed."""
    part = desk.excerpt(0, 8)
    shorter = made.builder(desk.samples(0, 8))
    with pytest.raises(MalformedFile):
        changed(part, leaves=leaves(part, 0, 1, 2, 3, 4, 5, 6, 7, 8))
    false_end = changed(part, leaves=leaves(part, *range(9)) + shorter.lines[-1] + b"\n")
    assert reason(false_end) is Reason.TREE
    assert told(part)[Name.EXCERPT].why.endswith("withheld: 0.000 s before, 12.000 s after")


def test_without_pinned_keys_it_proves_nothing(desk):
    failure = verify_excerpt(desk.excerpt(5, 8), ()).failure
    assert failure is not None
    assert failure.reason is Reason.NO_KEY_PINNED
    failure = verify_excerpt(desk.excerpt(5, 8), (made.STRANGER.public,)).failure
    assert failure is not None
    assert failure.reason is Reason.NOT_A_PARTY


def test_false_rows_of_the_print_are_refused(desk):
    excerpt = desk.excerpt(5, 8)
    first = excerpt.opened[0]
    assert first.rows is not None
    other = type(first)(first.n, first.sound, first.print, bytes([first.rows[0] ^ 1]) + first.rows[1:])
    opened = b"".join(encode_opened(entry) + b"\n" for entry in (other, *excerpt.opened[1:]))
    assert reason(changed(excerpt, opened=opened)) is Reason.PRINT


def test_its_print_is_that_part_of_the_recordings(desk):
    made_print = print_of(desk.excerpt(5, 8))
    whole = desk.print.tracks[0]
    assert made_print.samples == 3 * 8000
    assert (made_print.tracks[0].words == whole.words[500:800]).all()
    assert (made_print.tracks[0].levels == whole.levels[125:200]).all()
    parse(made_print.encode())


def test_without_the_print_there_is_nothing_to_check_copies_against(desk):
    excerpt = desk.excerpt(5, 8, with_print=False)
    assert reason(excerpt, desk.sound(5, 8)) is None
    with pytest.raises(MalformedFile, match="no rows"):
        print_of(excerpt)


def test_a_reference_from_an_excerpt_says_what_is_withheld(desk, tmp_path):
    path = tmp_path / "clip.excerpt"
    path.write_bytes(desk.excerpt(5, 8).encode())
    facts, _ = excerpt_reference(path, PINNED)
    assert facts.withheld == (5.0, 12.0)
    assert facts.standing == "all-parties"
    with pytest.raises(VerificationFailed, match="unknown keys"):
        excerpt_reference(path, ())


def test_a_public_seal_opens_nothing(desk):
    public = desk.seal.public()
    with pytest.raises(UsageError, match="public seal"):
        prove_excerpt(public, choose(public, 5, 8), None)


def test_a_print_that_is_not_the_sealed_one_makes_no_excerpt(desk, tmp_path):
    other = Desk(tmp_path, "other", b"2")
    with pytest.raises(VerificationFailed, match="not the one that was sealed"):
        prove_excerpt(desk.seal, choose(desk.seal, 5, 8), other.print.encode())
