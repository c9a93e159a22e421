"""Keys that are replaced, lost or stolen: the old key's word, or that of the others; nobody's own."""

from __future__ import annotations

import pytest

from tests.seal.made import STRANGER, A, B, C
from wholetape.errors import WholetapeError
from wholetape.log.key_statement import KeyStatement, Why, parse_statement, sign_statement, vouchers
from wholetape.log.note import Note


def statement(why=Why.REPLACED, *signers):
    made = KeyStatement(why, A.public, C.public, "2026-05-01")
    note = Note(made.text, ())
    for key in signers:
        note = sign_statement(note, key)
    return note.encode()


def by(data, *pinned):
    made, note = parse_statement(data)
    return [key.name for key in vouchers(made, note, tuple(key.public for key in pinned))]


def test_the_old_key_says_that_a_new_one_follows():
    data = statement(Why.REPLACED, A)
    assert parse_statement(data)[0] == KeyStatement(Why.REPLACED, A.public, C.public, "2026-05-01")
    assert by(data, A) == ["side-a"]
    assert by(data, B) == []


@pytest.mark.parametrize("why", [Why.LOST, Why.STOLEN])
def test_of_a_lost_or_stolen_key_the_others_say_so_and_its_own_word_is_none(why):
    assert by(statement(why, A, B), A, B) == ["side-b"]


@pytest.mark.parametrize("why", list(Why))
def test_the_new_key_cannot_vouch_for_itself(why):
    assert by(statement(why, C), A, B, C) == []


def test_strangers_count_only_for_those_who_pinned_them():
    data = statement(Why.LOST, STRANGER)
    assert by(data, A, B) == []
    assert by(data, STRANGER) == ["stranger"]


def test_no_change_passes():
    data = statement(Why.REPLACED, A)
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1
        try:
            assert by(bytes(changed), A) == []
        except WholetapeError:
            continue
