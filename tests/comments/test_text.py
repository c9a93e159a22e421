"""What may be written, and how it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholetape.comments.diff import Change, diff
from wholetape.comments.hurdle import NotPassed, make_form, pass_form, plain_answer
from wholetape.comments.secret import Secret, network
from wholetape.comments.settings import Settings
from wholetape.comments.text import BadText, clean_name, clean_text, likeness, mixes_scripts, shown, skeleton

SECRET = Secret(bytes(32))
BAD = ["", " \n ", "\u200b\u2060", "\x00", "a\x1b[31m", "\ud800", "a\ufffe", "e" + "\u0301" * 9]
ALIKE = ["Мoderator", "m0derator", "MODERAT0R", "m o d e r a t o r", "mod\u200berator", "ｍoderator"]


@pytest.mark.parametrize(
    "text", ["", " \n ", "\u200b\u2060", "\x00", "a\x1b[31m", "\ud800", "a\ufffe", "e" + "\u0301" * 9]
)
def test_what_cannot_be_shown_safely_is_refused(text):
    with pytest.raises(BadText):
        clean_text(text, 100)


@pytest.mark.parametrize("text", ["ខ្ញុំ\u200bទៅ", "नमस्ते", "👩‍👩‍👧 ok", "Tiếng Việt", "مرحبا بالعالم", "a\tb\nc"])
def test_what_people_write_is_taken_as_it_is(text):
    assert clean_text(text, 100) == text


def test_length_counts_code_points():
    assert len(clean_text("👩" * 100, 100)) == 100
    with pytest.raises(BadText):
        clean_text("👩" * 101, 100)


def test_letters_that_turn_the_order_around_are_spelt_out():
    assert shown("a\u202eb\u2067c") == "a[U+202E]b[U+2067]c"
    assert shown("ខ្មែរ مرحبا") == "ខ្មែរ مرحبا"


@pytest.mark.parametrize(
    "name", ["Мoderator", "m0derator", "MODERAT0R", "m o d e r a t o r", "mod\u200berator", "ｍoderator"]
)
def test_names_that_look_alike_are_one(name):
    assert skeleton(name) == skeleton("moderator")


def test_a_name_of_two_alphabets_is_marked():
    assert mixes_scripts("Аnn")
    assert not mixes_scripts("Анна")
    assert clean_name("A\u200bnn \u202e B", 60) == "Ann B"


def test_copies_with_other_numbers_are_alike():
    assert likeness("Buy 12 pills!") == likeness("buy 99 PILLS")
    assert likeness("Buy pills") != likeness("Sell pills")


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_difference_holds_both_texts(old, new):
    stretches = diff(old, new)
    assert "".join(s.text for s in stretches if s.change is not Change.ADDED) == old
    assert "".join(s.text for s in stretches if s.change is not Change.REMOVED) == new


def test_a_form_is_for_one_release_and_one_answer_in_any_digits():
    form = make_form(SECRET, "debate", Settings(), 0)
    right = str(form.question.a + form.question.b)
    khmer = "".join(chr(0x17E0 + int(d)) for d in right)
    for answer in (right, f" {right} ", khmer):
        assert pass_form(SECRET, "debate", Settings(), 10_000, form.token, answer, "")
    other = Secret(bytes(31) + b"1")
    for release, secret, answer in (("other", SECRET, right), ("debate", other, right), ("debate", SECRET, "x")):
        with pytest.raises(NotPassed):
            pass_form(secret, release, Settings(), 10_000, form.token, answer, "")


def test_the_publishers_own_question_has_answers_in_any_case():
    settings = Settings(questions=[{"en": "Who speaks first?", "answer": "Ann|the chair"}])
    form = make_form(SECRET, "debate", settings, 0)
    assert pass_form(SECRET, "debate", settings, 10_000, form.token, " ANN", "")
    assert pass_form(SECRET, "debate", settings, 10_000, form.token, "The  Chair", "")
    assert plain_answer("٣") == "3"


def test_a_source_is_a_day_and_a_network_and_no_address():
    day = 86_400_000
    one = SECRET.source("198.51.100.7", 0)
    assert one == SECRET.source("198.51.100.7", day - 1)
    assert one != SECRET.source("198.51.100.7", day)
    assert one != SECRET.source("198.51.100.8", 0)
    assert network("2001:db8:1:2::1") == network("2001:db8:1:3::9") != network("2001:db8:2::1")
    assert network("::ffff:198.51.100.7") == "198.51.100.7"
    assert network("no address") == "unknown"
