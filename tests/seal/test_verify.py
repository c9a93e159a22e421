"""Verification: each way in which a seal can be wrong is refused, each for its own reason."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from tests.seal import made
from tests.seal.made import STRANGER, A, B, C
from wholetape.errors import MalformedFile
from wholetape.log.checkpoint import Checkpoint, cosign
from wholetape.log.keys import PrivateKey, encode_public
from wholetape.log.kinds import Close, Event, Segment, What
from wholetape.log.leaves import encode_leaf, parse_leaf
from wholetape.log.merkle import Tree
from wholetape.log.note import Note, Signature
from wholetape.properties import Name, PrintFacts, Reason
from wholetape.seal.sealfile import from_members
from wholetape.seal.sound import RecordingFacts
from wholetape.seal.verify import AtHand, verify

PINS = (A.public, B.public)
SOUND = made.pcm()
HELD = AtHand(RecordingFacts("r.wav", made.facts(SOUND), True, "each segment"), PrintFacts("", "the print"))


def reason(seal, pins=PINS, at_hand=HELD):
    failure = verify(seal, pins, at_hand).failure
    return failure and failure.reason


def test_a_good_seal_verifies():
    found = verify(made.seal(), PINS, HELD)
    assert found.failure is None
    assert found.standing == "all-parties"
    assert [p.name for p in found.parties if p.signed and p.pinned] == ["side-a", "side-b"]
    assert found.parties[1].time == made.TIME
    for name in (Name.TREE, Name.ORDER, Name.SIGNATURES, Name.CLOSED, Name.PINNED_KEYS, Name.ALL_PARTIES, Name.FILE):
        assert found[name].established, name
    assert found[Name.PINNED_KEYS].by == ("side-a", "side-b")


def test_it_never_claims_what_no_seal_proves():
    for seal in (made.seal(), made.seal(capture="live")):
        found = verify(seal, PINS, HELD)
        assert not any(found[n].established for n in (Name.TRUE, Name.SPEAKERS, Name.UNEDITED_BEFORE, Name.ONLY_SEAL))


def test_every_property_is_told_whatever_happened():
    for seal, pins, at_hand in (
        (made.seal(), PINS, HELD),
        (made.seal(close=False), PINS, HELD),
        (made.seal(cosigners=[]), (), AtHand()),
    ):
        assert sorted(own.name for own in verify(seal, pins, at_hand).properties) == sorted(Name)


def test_a_result_is_neither_true_nor_false():
    with pytest.raises(TypeError):
        bool(verify(made.seal(), PINS))


# Keys.


def test_without_a_pinned_key_it_is_signed_by_unknown_keys():
    found = verify(made.seal(), (), HELD)
    assert found.failure
    assert found.failure.reason is Reason.NO_KEY_PINNED
    assert found.failure.words == "consistent with itself, signed by unknown keys"
    assert found.standing == "unsealed"
    assert not any(own.by for own in found.properties)


def test_a_pinned_key_that_has_not_signed():
    assert reason(made.seal(cosigners=[])) is Reason.NOT_SIGNED


def test_a_party_that_is_absent_does_not_block_the_rest_and_is_told():
    found = verify(made.seal(cosigners=[]), [A.public], HELD)
    assert found.failure is None
    assert found.standing == "one-party"
    assert not found[Name.ALL_PARTIES].established
    assert "absent: side-b" in found[Name.ALL_PARTIES].why


def test_a_party_that_nobody_pinned_counts_for_nothing():
    found = verify(made.seal(), [A.public], HELD)
    assert found.standing == "one-party"
    assert "side-b" in found[Name.ALL_PARTIES].why


def test_a_lone_party_is_never_all_parties():
    assert verify(made.seal(parties=[A]), [A.public], HELD).standing == "one-party"


def test_a_pinned_key_of_no_party():
    assert reason(made.seal(), [*PINS, C.public]) is Reason.NOT_A_PARTY


def test_a_key_swapped_inside_the_bundle():
    impostor = PrivateKey("side-b", C.seed)
    assert reason(made.seal(parties=[A, impostor])) is Reason.OTHER_KEY


def test_a_key_under_another_name():
    assert reason(made.seal(parties=[A, PrivateKey("side-z", B.seed)])) is Reason.OTHER_KEY


def test_the_first_type_of_signature_does_not_make_a_party_of_a_party():
    """Side-b's 0x01 signature says that it is the log; only a cosignature says that it checked."""
    builder = made.builder()
    note = made.signed(builder.checkpoint.text, A, [])
    by_b = made.signed(builder.checkpoint.text, B, []).signatures[0]
    assert reason(builder.seal(note.signed(by_b))) is Reason.NOT_SIGNED


def test_a_recorder_that_has_not_signed():
    builder = made.builder()
    assert reason(builder.seal(made.signed(builder.checkpoint.text, None, [B]))) is Reason.RECORDER


def test_a_false_signature_of_a_party_spoils_the_whole():
    seal = made.seal()
    note = seal.head.note
    line = note.by(B.public.cosigner)
    assert line
    false = Signature(line.name, line.id, line.data[:-1] + bytes([line.data[-1] ^ 1]))
    assert reason(seal.with_({"head": note.signed(false).encode()})) is Reason.SIGNATURE
    assert reason(seal.with_({"head": note.signed(false).encode()}), [A.public]) is Reason.SIGNATURE


def test_signatures_of_strangers_change_nothing():
    seal = made.seal()
    assert reason(seal.with_({"head": cosign(seal.head.note, STRANGER, 5).encode()})) is None


def test_a_signature_of_another_head_is_none_of_this_one():
    old = made.seal(made.pcm(2)).head.note.by(B.public.cosigner)
    assert old
    seal = made.seal(cosigners=[])
    assert reason(seal.with_({"head": seal.head.note.signed(old).encode()})) is Reason.SIGNATURE


# Leaves.


def lines(**how):
    return list(made.builder(**how).lines)


def closing(leaves) -> Close:
    leaf = parse_leaf(leaves[-1])
    assert isinstance(leaf, Close)
    return leaf


def test_leaves_that_are_not_those_of_the_head():
    seal = made.seal()
    sound = made.pcm()
    other = made.builder(sound[:-2] + b"\0\0")
    assert reason(seal.with_({"leaves": b"".join(line + b"\n" for line in other.lines)})) is Reason.TREE


@pytest.mark.parametrize(
    "change",
    [
        lambda leaves: leaves[:2] + leaves[3:],
        lambda leaves: [leaves[0], leaves[2], leaves[1], *leaves[3:]],
        lambda leaves: [*leaves[:2], leaves[1], *leaves[2:]],
        lambda leaves: [*leaves[:3], encode_leaf(Event(What.GAP, 99_999_999)), *leaves[3:]],
    ],
    ids=["dropped", "swapped", "repeated", "event beyond the sound"],
)
def test_segments_out_of_order_are_refused_though_everybody_signed(change):
    assert reason(made.resealed(change(lines()))) is Reason.ORDER


@pytest.mark.parametrize("change", [lambda leaves: leaves[:-1], lambda leaves: leaves[:2]])
def test_dropping_leaves_without_signing_anew_is_refused(change):
    seal = made.seal()
    assert reason(seal.with_({"leaves": b"".join(line + b"\n" for line in change(list(seal.raw)))})) is Reason.TREE


def test_dropping_the_last_segment_and_the_count_with_it_is_another_recording():
    """What a recorder and a party can sign together; a reader with the recording sees it."""
    leaves = lines()
    close = dataclasses.replace(closing(leaves), segments=2, samples=2 * made.RATE)
    seal = made.resealed([*leaves[:-2], encode_leaf(close)])
    wrong = AtHand(RecordingFacts("r", made.facts(SOUND), False, "it goes on after the last segment"))
    assert reason(seal, at_hand=wrong) is Reason.CONTRADICTION


def test_a_closing_leaf_that_miscounts():
    leaves = lines()
    close = dataclasses.replace(closing(leaves), segments=4)
    assert reason(made.resealed([*leaves[:-1], encode_leaf(close)])) is Reason.CLOSING


def test_leaves_after_the_closing_one():
    leaves = lines()
    more = encode_leaf(Segment(3, 3 * made.RATE, 8000, bytes(32), None))
    assert reason(made.resealed([*leaves, more])) is Reason.CLOSING


def test_an_unclosed_seal_is_unfinished():
    seal = made.seal(close=False)
    found = verify(seal, PINS, AtHand())
    assert found.failure
    assert found.failure.reason is Reason.UNFINISHED
    assert "unfinished" in found.failure.words


def test_a_head_over_more_leaves_than_there_are():
    assert reason(from_members(made.members_over(lines(), size=99))) is Reason.TREE


def test_a_header_elsewhere_twice_or_missing_is_malformed():
    leaves = lines()
    for wrong in ([*leaves[1:]], [leaves[1], leaves[0], *leaves[2:]], [leaves[0], *leaves]):
        with pytest.raises(MalformedFile):
            made.resealed(wrong)


def test_leaves_under_another_origin_are_malformed():
    with pytest.raises(MalformedFile, match="origin"):
        made.resealed(lines(), origin="wholetape/" + "f" * 32)


def test_keys_that_are_not_the_partys_are_malformed():
    with pytest.raises(MalformedFile, match="not the key of the party"):
        made.seal().with_({"keys/0001": encode_public(C)})
    with pytest.raises(MalformedFile, match="not the key of the party"):
        made.seal().with_({"keys/0002": encode_public(C)})


# Earlier heads.


def early(leaves, size, **how):
    tree = Tree(leaves)
    return made.signed(Checkpoint(made.ORIGIN, size, tree.root(size)).text, **how).encode()


def test_earlier_heads_of_the_same_leaves_are_good():
    seal = made.seal(others={"heads/0000": early(lines(), 2), "heads/0001": early(lines(), 4)})
    assert verify(seal, PINS, HELD)[Name.EARLIER_HEADS].established


def test_a_party_that_left_before_the_end_is_told_with_what_it_signed():
    seal = made.seal(cosigners=[], others={"heads/0000": early(lines(), 2), "heads/0001": early(lines(), 3)})
    found = verify(seal, [made.A.public], HELD)
    assert found.failure is None
    assert found[Name.ALL_PARTIES].why == "absent: side-b, who signed its first 2.0 s and nothing later, has not signed"
    assert reason(seal) is Reason.NOT_SIGNED


def test_an_earlier_head_of_other_leaves_shows_the_fork():
    fork = made.builder(made.pcm()[::-1]).lines
    assert reason(made.seal(others={"heads/0000": early(fork, 2)})) is Reason.EARLIER_HEAD


def test_an_earlier_head_that_nobody_signed_or_signed_falsely():
    for key in (STRANGER, PrivateKey("side-a", C.seed)):
        wrong = early(lines(), 2, recorder=key, cosigners=[])
        assert reason(made.seal(others={"heads/0000": wrong})) is Reason.EARLIER_HEAD


def test_an_earlier_head_of_another_recording():
    tree = Tree(lines())
    text = Checkpoint("wholetape/" + "f" * 32, 2, tree.root(2)).text
    assert reason(made.seal(others={"heads/0000": made.signed(text).encode()})) is Reason.EARLIER_HEAD


def test_an_earlier_head_that_is_later():
    text = Checkpoint(made.ORIGIN, 50, bytes(32)).text
    assert reason(made.seal(others={"heads/0000": made.signed(text).encode()})) is Reason.EARLIER_HEAD


# Recording, print, documents.


def test_other_bytes_and_other_samples():
    facts = RecordingFacts("r", made.facts(b"other"), False, "its samples differ from second 1 on")
    found = verify(made.seal(), PINS, AtHand(facts))
    assert found.failure
    assert found.failure.reason is Reason.RECORDING
    assert not found[Name.FILE].established


def test_other_bytes_and_the_same_samples_are_a_transcode():
    facts = RecordingFacts("r", made.facts(b"other"), True, "each segment")
    found = verify(made.seal(), PINS, AtHand(facts))
    assert found.failure is None
    assert found[Name.FILE].why == "samples verified, file differs"
    assert found[Name.SAMPLES].established


def test_samples_that_were_not_compared_are_not_verified_by_other_bytes():
    assert reason(made.seal(), at_hand=AtHand(RecordingFacts("r", made.facts(b"x"), None, ""))) is Reason.RECORDING


def test_another_print():
    assert reason(made.seal(), at_hand=AtHand(print=PrintFacts("another print", ""))) is Reason.PRINT


def test_documents():
    builder = made.builder(close=False)
    builder.document("treaty.pdf", b"we agree")
    builder.close("finished-file", made.facts(made.PRINT), file=made.facts(SOUND), pcm=hashlib.sha256(SOUND).digest())
    seal = builder.seal(made.signed(builder.checkpoint.text))
    at_hand = dataclasses.replace(HELD, documents=(("treaty.pdf", b"we agree"),))
    assert verify(seal, PINS, at_hand)[Name.DOCUMENTS].established
    for wrong in (("treaty.pdf", b"we disagree"), ("other.pdf", b"we agree")):
        assert reason(seal, at_hand=dataclasses.replace(HELD, documents=(wrong,))) is Reason.DOCUMENT
    assert reason(seal.public(), at_hand=at_hand) is Reason.DOCUMENT
    assert b"treaty" not in seal.encode()


def test_pauses_are_told_and_end_continuity():
    builder = made.builder(close=False, capture="live")
    builder.add(Event(What.PAUSE, made.RATE))
    builder.close("stopped", made.facts(made.PRINT), file=made.facts(SOUND))
    seal = builder.seal(made.signed(builder.checkpoint.text))
    found = verify(seal, PINS, HELD)
    assert found.failure is None
    assert found[Name.LIVE].established
    assert not found[Name.CONTINUOUS].established
    assert "pause at 1.0 s" in found[Name.CONTINUOUS].why


def test_heads_and_signatures_are_small_and_so_is_an_hour():
    seal = made.seal()
    assert len(seal.members["head"]) <= 2048
    assert isinstance(seal.head.note, Note)
