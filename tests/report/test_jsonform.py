"""The machine's report keeps the format that other programs rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from tests import schema
from tests.report import results
from wholetape.errors import UnreadableInput
from wholetape.findings import Edit, Kind
from wholetape.report import as_json, error_as_json

ALL = [results.whole, results.excerpt, results.edited, results.undecided, results.unrelated]
SCHEMA = schema.load("check-v1.schema.json")


@pytest.mark.parametrize("make", ALL)
def test_every_outcome_conforms_to_the_schema_and_survives_json(make):
    tree = as_json(make())
    assert list(schema.faults(tree, SCHEMA)) == []
    assert json.loads(json.dumps(tree)) == tree


@pytest.mark.parametrize("make", ALL)
def test_spans_tile_the_release_exactly(make):
    tree = as_json(make())
    spans = [span["release"] for span in tree["spans"]]
    assert spans[0][0] == 0.0
    assert spans[-1][1] == tree["release"]["duration"]
    assert all(one[1] == other[0] for one, other in pairwise(spans))


def test_a_cut_has_an_empty_release_span_and_an_insertion_no_reference_span():
    edits = {edit["kind"]: edit for edit in as_json(results.edited())["edits"]}
    assert edits["cut"] == {
        "kind": "cut",
        "release": [61.402, 61.402],
        "source": 0,
        "reference": [61.402, 73.91],
        "confidence": 0.999,
    }
    assert edits["inserted"] == {"kind": "inserted", "release": [80.0, 82.1], "confidence": 0.99}


def test_speed_and_channel_are_told_only_where_they_say_something():
    edit = Edit(Kind.SPEED, results.span(0, 10), 0, results.span(0, 10.1), 0.99, speed=1.01, where="channel 2")
    tree = as_json(replace(results.edited(), edits=(edit,)))
    assert tree["edits"][0] | {"speed": 1.01, "where": "channel 2"} == tree["edits"][0]
    assert all("speed" not in edit and "where" not in edit for edit in as_json(results.edited())["edits"])


def test_numpy_numbers_of_the_engine_become_plain_ones():
    numpy = pytest.importorskip("numpy")
    edit = Edit(Kind.CUT, results.span(1, 1), 0, results.span(1, 2), numpy.float32(0.95))
    json.dumps(as_json(replace(results.edited(), edits=(edit,))))


def test_a_hostile_path_is_kept_and_still_json():
    tree = as_json(replace(results.whole(), release=results.release(60, path="a\nb\udcff.m4a")))
    text = json.dumps(tree)
    assert text.isascii()
    assert "\n" not in text
    assert json.loads(text)["release"]["path"] == "a\nb\udcff.m4a"


def test_a_release_that_could_not_be_read_has_no_outcome_but_a_reason():
    tree = error_as_json("gone.m4a", UnreadableInput("gone.m4a does not exist", "check the path"))
    assert tree["outcome"] is None
    assert tree["release"] == {"path": "gone.m4a"}
    assert tree["error"] == {"message": "gone.m4a does not exist", "hint": "check the path", "exit": 4}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"outcome": "authentic"}, "$.outcome"),
        ({"extra": 1}, "extra"),
        ({"edits": [{"kind": "kept", "release": [0, 1], "confidence": 1}]}, "$.edits[0].kind"),
        ({"spans": [{"kind": "kept", "release": [0], "speed": 1, "exact": False}]}, "$.spans[0].release"),
        ({"coverage": {"references": [1.2], "release": 1, "unverified": 0}}, "$.coverage.references[0]"),
        ({"detects": {"cut": 0}}, "$.detects.cut"),
    ],
)
def test_the_schema_refuses_what_the_format_does_not_foresee(wrong, where):
    found = list(schema.faults(as_json(results.whole()) | wrong, SCHEMA))
    assert found
    assert all(where in fault for fault in found)
