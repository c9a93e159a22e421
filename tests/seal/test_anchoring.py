"""OpenTimestamps: submitted to a calendar, fetched when a block commits to it, verified by a block that was pinned."""

from __future__ import annotations

import sys

import pytest

from tests.seal import made
from tests.seal.calendar import HEIGHT, TIME, Calendar, block_hash, header
from wholetape.errors import MalformedFile, NetworkFailed, UsageError, VerificationFailed
from wholetape.log import ots
from wholetape.properties import Name, Reason
from wholetape.seal.anchoring import add_block, anchor, upgrade
from wholetape.seal.excerpted import verify_excerpt
from wholetape.seal.excerpting import choose, prove_excerpt
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.times import utc
from wholetape.seal.verify import AtHand, verify

PINNED = (made.A.public, made.B.public)
NONCE = bytes(range(16))


@pytest.fixture
def calendar():
    with Calendar() as opened:
        yield opened


@pytest.fixture
def anchored(calendar):
    """A seal whose head is in a block, with its header; and the block's hash."""
    pending = anchor(made.seal(), [calendar.url], NONCE).seal
    calendar.mine()
    found = upgrade(pending, [calendar.url])
    assert found.problems == ()
    return add_block(found.seal, calendar.headers[0]).seal, block_hash(calendar.headers[0])


def told(seal, *blocks):
    return verify(seal, PINNED, AtHand(blocks=blocks))


def test_the_calendar_learns_neither_the_head_nor_its_hash(calendar):
    seal = made.seal()
    anchor(seal, [calendar.url], NONCE)
    assert len(calendar.submitted) == 1
    assert len(calendar.submitted[0]) == 32
    assert calendar.submitted[0] not in (seal.head.data, ots.parse(_proof(calendar), seal.head.data).file_digest)


def _proof(calendar):
    return anchor(made.seal(), [calendar.url], NONCE).seal.members["stamps/0000-0.ots"]


def test_a_pinned_block_says_when_the_head_existed(anchored):
    seal, block = anchored
    found = told(parse_seal(seal.encode()), block)
    assert found.failure is None
    when = found[Name.NOT_AFTER]
    assert when.established
    assert when.by == (f"Bitcoin's block {HEIGHT}",)
    assert f"the head existed by {utc(TIME + 7200)}" in when.why


@pytest.mark.parametrize("blocks", [(), ("0" * 64,)], ids=["none", "another"])
def test_a_block_that_nobody_pinned_proves_nothing_and_is_no_failure(anchored, blocks):
    found = told(anchored[0], *blocks)
    assert found.failure is None
    assert not found[Name.NOT_AFTER].established
    assert "not pinned" in found[Name.NOT_AFTER].why


def test_a_promise_is_no_proof(calendar):
    found = told(anchor(made.seal(), [calendar.url], NONCE).seal)
    assert found.failure is None
    assert not found[Name.NOT_AFTER].established
    assert "still pending" in found[Name.NOT_AFTER].why


def test_without_the_header_it_says_which_block_to_look_up(calendar):
    pending = anchor(made.seal(), [calendar.url], NONCE).seal
    calendar.mine()
    found = told(upgrade(pending, [calendar.url]).seal, block_hash(calendar.headers[0]))
    assert not found[Name.NOT_AFTER].established
    assert f"leads to block {HEIGHT}, whose header is not here" in found[Name.NOT_AFTER].why


def test_a_proof_that_was_fetched_is_not_asked_for_again(calendar, anchored):
    calendar.proofs.clear()
    again = upgrade(anchored[0], [calendar.url])
    assert again.problems == ()


def test_a_calendar_that_has_nothing_yet_is_told_as_such(calendar):
    found = upgrade(anchor(made.seal(), [calendar.url], NONCE).seal, [calendar.url])
    assert [type(problem) for problem in found.problems] == [NetworkFailed]
    assert "not in a block yet" in str(found.problems[0])


def test_only_calendars_that_were_named_are_asked(calendar):
    pending = anchor(made.seal(), [calendar.url], NONCE).seal
    calendar.mine()
    found = upgrade(pending, ["http://other.example/"])
    assert found.problems == ()
    assert "which was not named with --ots" in found.told[0]


def test_the_header_of_another_block_is_refused(calendar, anchored):
    with pytest.raises(VerificationFailed, match="leads to this block"):
        add_block(anchored[0], header(bytes(32)))
    with pytest.raises(MalformedFile, match="80 bytes"):
        add_block(anchored[0], b"nonsense")


def test_a_header_is_taken_in_hex_too(calendar):
    pending = anchor(made.seal(), [calendar.url], NONCE).seal
    calendar.mine()
    ready = add_block(upgrade(pending, [calendar.url]).seal, calendar.headers[0].hex().encode() + b"\n").seal
    assert ready.members["stamps/0000-0.block"] == calendar.headers[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda members: {"stamps/0000-0.block": header(bytes(32))}, "not the one that the proof"),
        (lambda members: {"stamps/0000-0.block": b"short"}, "80 bytes"),
        (lambda members: {"stamps/0000-0.ots": b"nonsense"}, "not a proof of OpenTimestamps"),
        (lambda members: {"stamps/0000-0.ots": members["stamps/0000-0.ots"][:-9]}, "not a proof of OpenTimestamps"),
        (lambda members: {"stamps/0000-0.ots": members["stamps/0000-0.ots"] + b"\0"}, "not a proof of OpenTimestamps"),
    ],
    ids=["other block", "short block", "nonsense", "cut off", "trailing"],
)
def test_what_contradicts_itself_fails(anchored, change, words):
    seal, block = anchored
    found = told(seal.with_(change(seal.members)), block)
    assert found.failure is not None
    assert found.failure.reason is Reason.TIME
    assert words in found.failure.words


def test_a_proof_over_another_head_fails(calendar, anchored):
    other = made.seal(cosigners=[])
    proof = anchor(other, [calendar.url], NONCE).seal.members["stamps/0000-0.ots"]
    found = told(anchored[0].with_({"stamps/0000-0.ots": proof, "stamps/0000-0.block": None}))
    assert found.failure is not None
    assert "over other bytes" in found.failure.words


def test_every_byte_of_a_proof_flipped_never_moves_the_time_or_crashes(anchored):
    seal, block = anchored
    proof = seal.members["stamps/0000-0.ots"]
    for at in range(len(proof)):
        changed = proof[:at] + bytes([proof[at] ^ 1 << at % 8]) + proof[at + 1 :]
        when = told(seal.with_({"stamps/0000-0.ots": changed}), block)[Name.NOT_AFTER]
        if when.established:
            assert utc(TIME + 7200) in when.why


@pytest.mark.parametrize("reply", [b"", b"\0" * 40, b"x" * 20_000], ids=["empty", "zeros", "long"])
def test_nonsense_from_a_calendar_is_told_and_changes_nothing(calendar, reply):
    calendar.bend = lambda data: reply
    seal = made.seal()
    found = anchor(seal, [calendar.url], NONCE)
    assert found.seal is seal
    assert len(found.problems) == 1


def test_a_seal_without_a_proof_has_nothing_to_ask_about():
    with pytest.raises(UsageError, match="no proof"):
        upgrade(made.seal(), ["http://a.example/"])


def test_an_excerpt_takes_its_block_along(anchored):
    seal, block = anchored
    excerpt = prove_excerpt(seal, choose(seal, 0, 1), None)
    found = verify_excerpt(excerpt, PINNED, AtHand(blocks=(block,)))
    assert found[Name.NOT_AFTER].established


def test_without_the_extra_it_is_not_checked_and_that_is_said(anchored, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("opentimestamps")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentimestamps.core", None)
    found = told(anchored[0], anchored[1])
    assert found.failure is None
    assert not found[Name.NOT_AFTER].established
    assert "wholetape[ots]" in found[Name.NOT_AFTER].why or "not installed" in found[Name.NOT_AFTER].why
