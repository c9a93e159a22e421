"""What parties' own microphones heard, as the seal tells it; and every way to tell it otherwise."""

from __future__ import annotations

import pytest

from tests.seal import made
from tests.seal.made import STRANGER, A, B, C
from wholetape.log.checkpoint import Checkpoint
from wholetape.log.keys import encode_public
from wholetape.log.kinds import Capture, Event, What
from wholetape.log.merkle import Tree
from wholetape.log.statement import SoundStatement, Stretch, Verdict, sign_statement
from wholetape.properties import Name
from wholetape.seal.build import key_members
from wholetape.seal.sealfile import parse_seal
from wholetape.seal.verify import verify

PARTIES = (A, B, C)
PINS = tuple(key.public for key in PARTIES)
RATE = made.RATE
SAME, OTHER, SILENT = Verdict.MATCHED, Verdict.NOT_MATCHED, Verdict.NOT_COMPARED


def said(key, *stretches, size=None, origin=made.ORIGIN, party=None, lines=None):
    """A statement by ``key`` of (verdict, first second, seconds)."""
    lines = made.builder(parties=PARTIES, capture=Capture.LIVE).lines if lines is None else lines
    size = 4 if size is None else size  # the header and three seconds
    head = Checkpoint(origin, size, Tree(lines).root(min(size, len(lines))))
    spans = tuple(Stretch(verdict, first * RATE, seconds * RATE) for verdict, first, seconds in stretches)
    return sign_statement(SoundStatement(head, party or key.name, spans), key)


def heard(*statements, pins=PINS, events=()):
    """The property of a live seal of three seconds with these statements."""
    builder = made.builder(parties=PARTIES, capture=Capture.LIVE, close=False)
    for event in events:
        builder.add(event)
    builder.close("stopped", made.facts(made.PRINT), file=made.facts(b"a file"), pcm=bytes(32))
    members = key_members(encode_public(key) for key in PARTIES)
    members |= {f"statements/{n:04}": data for n, data in enumerate(statements)}
    seal = builder.seal(made.signed(builder.checkpoint.text, A, [B, C]), members)
    found = verify(parse_seal(seal.encode()), pins)
    assert found.failure is None
    return found[Name.HEARD]


def test_a_party_that_heard_the_same_says_so_and_of_how_much():
    found = heard(said(B, (SAME, 0, 2), (SILENT, 2, 1)))
    assert found.established
    assert found.by == ("side-b",)
    assert found.why == "side-b's own microphone heard the same in 2.0 s of 3.0 s, 1.0 s were not compared"


def test_what_several_statements_say_is_counted_once():
    found = heard(said(B, (SAME, 0, 2), size=3), said(B, (SAME, 1, 2)), said(C, (SAME, 0, 1)))
    assert found.by == ("side-b", "side-c")
    assert "side-b's own microphone heard the same in 3.0 s of 3.0 s; side-c's" in found.why


def test_one_that_heard_something_else_decides():
    found = heard(said(B, (SAME, 0, 3)), said(C, (SAME, 0, 1), (OTHER, 1, 1)))
    assert not found.established
    assert found.by == ()
    assert "something else in 1.0 s (1.0 s to 2.0 s), 1.0 s were not compared" in found.why


def test_nobody_who_listened_is_told_as_such():
    assert heard().why == "no party compared it with a microphone of its own"
    assert not heard(said(B, (SILENT, 0, 3))).established


def test_a_statement_that_was_taken_out_is_missed_in_the_tree_and_in_the_count():
    event = Event(What.NOT_MATCHED, RATE, RATE, None, "side-b", "")
    found = heard(said(B, (SAME, 0, 1)), events=[event])
    assert not found.established
    assert "something else in 1.0 s (1.0 s to 2.0 s)" in found.why
    assert "2.0 s were not compared" in heard(said(B, (SAME, 0, 1))).why


@pytest.mark.parametrize(
    "statement",
    [
        said(A, (SAME, 0, 3)),
        said(STRANGER, (SAME, 0, 3), party="side-b"),
        said(STRANGER, (SAME, 0, 3)),
        said(C, (SAME, 0, 3), party="side-b"),
        said(B, (SAME, 0, 3), origin="wholetape/" + "f" * 32),
        said(B, (SAME, 0, 3), lines=made.builder(made.pcm()[::-1], parties=PARTIES).lines),
        said(B, (SAME, 0, 3), size=99),
        said(B, (SAME, 0, 3))[:-5] + b"AAA=\n",
        said(B, (SAME, 5, 3)),
        b"nonsense",
        b"",
    ],
    ids=[
        "recorder",
        "forged",
        "stranger",
        "another's name",
        "recording",
        "head",
        "size",
        "bent",
        "beyond",
        "no",
        "none",
    ],
)
def test_what_is_not_a_partys_own_word_about_this_recording_proves_nothing(statement):
    found = heard(statement)
    assert not found.established
    assert "same in 3.0" not in found.why


def test_what_a_party_says_whose_key_is_not_pinned_is_not_looked_at():
    found = heard(said(B, (SAME, 0, 3)), said(C, (OTHER, 0, 3)), pins=PINS[:2])
    assert found.by == ("side-b",)
    assert "what side-c said of it is not looked at: the key is not pinned" in found.why


def test_a_seal_that_does_not_hold_establishes_nothing():
    builder = made.builder(parties=PARTIES, capture=Capture.LIVE)
    members = {**key_members(encode_public(key) for key in PARTIES), "statements/0000": said(B, (SAME, 0, 3))}
    seal = builder.seal(made.signed(builder.checkpoint.text, A, [B]), members)
    assert not verify(seal, PINS)[Name.HEARD].established
