"""Catalogues of messages: complete, and refused where they name what is not there."""

from __future__ import annotations

import json
import re

import pytest

from wholetape.errors import MalformedFile
from wholetape.findings import Kind, Outcome
from wholetape.properties import Name
from wholetape.release.messages import load, shipped
from wholetape.report.markup import Markup

ENGLISH, KHMER = shipped()
SAID_ELSEWHERE = {Name.TRUE, Name.SPEAKERS, Name.UNEDITED_BEFORE, Name.ONLY_SEAL}
PARTS = {Name.TREE, Name.PINNED_KEYS, Name.SIGNATURES, Name.EARLIER_HEADS, Name.CLOSED}


def test_khmer_has_every_message_of_the_pages():
    missing = [key for key in ENGLISH._english if key.startswith("page.") and key not in KHMER._own]
    assert missing == []


def test_every_finding_has_words():
    for kind in Kind:
        assert ENGLISH.has(f"kind.{kind}")
    for outcome in Outcome:
        assert ENGLISH.has(f"outcome.{outcome}")
        assert ENGLISH.has(f"outcome.{outcome}.told")
    for name in set(Name) - SAID_ELSEWHERE - PARTS:
        assert ENGLISH.has(f"proof.{name}.yes"), name


def test_nothing_calls_a_recording_true():
    for m in (ENGLISH, KHMER):
        for key, words in m._own.items():
            assert not re.search(r"\b(authentic|genuine)\b", words, re.IGNORECASE), key


def test_what_is_filled_in_is_isolated_and_never_markup():
    assert ENGLISH.say("supplied", supplier="<b>\u202e{day}") == Markup(
        "Supplied by <bdi>&lt;b&gt;\\u202e{day}</bdi>, who has an interest in what you believe."
    )


@pytest.mark.parametrize(
    "tree",
    [
        [],
        {"name": "x"},
        {"name": "x", "dir": "up"},
        {"name": "x", "dir": "rtl", "page.nothing": "y"},
        {"name": "x", "dir": "rtl", "page.listen": 7},
        {"name": "x", "dir": "rtl", "page.listen": "{supplier}"},
    ],
)
def test_a_catalogue_that_breaks_the_form_is_refused(tree):
    with pytest.raises(MalformedFile):
        load(json.dumps(tree).encode(), "ar", "ar.json")


def test_a_language_with_few_messages_falls_back_to_english():
    few = load(json.dumps({"name": "العربية", "dir": "rtl", "page.listen": "استمع"}).encode(), "ar", "ar.json")
    assert few.say("listen") == "استمع"
    assert few.say("chapters") == "Chapters"
