"""Confirmations: signed, compared, both sides shown; whoever forges one is found out."""

from __future__ import annotations

import pytest

from tests.seal import made
from wholetape.errors import MalformedFile, VerificationFailed
from wholetape.quote.find import find
from wholetape.quote.heard import Heard, confirm, sign_heard, verify_heard
from wholetape.quote.place import Index
from wholetape.transcript.model import Segment, Transcript, span_of

RECORDING = "ab" * 32
TEXT = "ask what you can do for your country"
INDEX = Index(Transcript((Segment("s1", TEXT, span_of(10, 14)),)))
KEYS = [made.A.public, made.B.public]


def heard(key=made.A, words=TEXT, **changed):
    values = {"recording": RECORDING, "at": span_of(10, 14), "quote": TEXT, "time": "2026-01-01T00:00:00Z"}
    return sign_heard(Heard(key.name, heard=words, **{**values, **changed}), key)


def confirmed(*notes, trusted=KEYS):
    found, _ = verify_heard(b"".join(notes), trusted)
    return confirm(find(INDEX, TEXT), found, RECORDING).confirmed


def test_what_was_signed_is_read_again():
    found, others = verify_heard(heard(speaker="Ann “A.” Lee"), KEYS)
    assert others == 0
    assert found[0].heard.speaker == "Ann “A.” Lee"
    assert found[0].key == made.A.public


def test_without_a_listener_nothing_is_confirmed():
    assert find(INDEX, TEXT).confirmed == ()


def test_two_listeners_who_disagree_are_both_shown():
    yes, no = confirmed(heard(), heard(made.B, "ask what you could do for the country"))
    assert (yes.agrees, no.agrees) == (True, False)
    assert {yes.listener, no.listener} == {made.A.name, made.B.name}
    assert any(step.op == "replace" for step in no.diff)


def test_agreement_is_compared_not_claimed():
    (one,) = confirmed(heard(words="never ask what you can do for my country"))
    assert not one.agrees


def test_of_one_listener_at_one_place_the_latest_counts():
    (one,) = confirmed(
        heard(words="something else entirely", time="2026-01-01T00:00:00Z"), heard(time="2026-01-02T00:00:00Z")
    )
    assert one.agrees


def test_a_stranger_is_counted_and_not_believed():
    found, others = verify_heard(heard(made.B), [made.A.public])
    assert (found, others) == ((), 1)


@pytest.mark.parametrize("changed", [{"recording": "cd" * 32}, {"at": span_of(50, 60), "quote": "other words"}])
def test_another_recording_or_place_confirms_nothing(changed):
    assert confirmed(heard(**changed)) == ()


def test_a_changed_word_breaks_the_signature():
    with pytest.raises(VerificationFailed):
        verify_heard(heard().replace(b"your country", b"my country"), KEYS)


def test_a_note_that_a_listener_signed_for_another_name_is_refused():
    stolen = sign_heard(Heard(made.B.name, RECORDING, span_of(1, 2), "q", "h", "2026-01-01T00:00:00Z"), made.A)
    with pytest.raises(VerificationFailed):
        verify_heard(stolen, KEYS)


@pytest.mark.parametrize(
    "data",
    [b"", b"other\n", b"wholetape.heard/v1\n{}\n\n", heard()[:-3], heard().replace(b'"speaker":""', b'"speaker":1')],
)
def test_damaged_files_are_malformed(data):
    with pytest.raises(MalformedFile):
        verify_heard(data, KEYS)
