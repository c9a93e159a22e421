"""The package makes the prints of ``vectors/`` and refuses its malformed ones, each for its one fault."""

from __future__ import annotations

import hashlib
import json
import re

import numpy as np
import pytest

from tests.match.agreement import ROOT, VECTORS, differing, package_track
from vectors import make, plain
from wholetape.checking import make_print
from wholetape.errors import MalformedFile
from wholetape.match.printfile import parse

INDEX = json.loads((VECTORS / "index.json").read_text())
SPEC = (ROOT / "docs" / "spec" / "print.md").read_text()


def by_name(entries):
    return pytest.mark.parametrize("entry", entries, ids=[entry["name"] for entry in entries])


def is_as_expected(ours, expected, entry):
    """Equal but for the bits and levels that the index calls undecided."""
    assert [(t.stream, t.channel) for t in ours] == [(t.stream, t.channel) for t in expected]
    for k, (one, other) in enumerate(zip(ours, expected, strict=True)):
        bits = [[k, *place] for place in differing(one.words, other.words)]
        assert [place for place in bits if place not in entry["undecided_bits"]] == []
        levels = [[k, int(g)] for g in np.flatnonzero(one.levels != other.levels)]
        assert [place for place in levels if place not in entry["undecided_levels"]] == []


@by_name(INDEX["prints"])
def test_the_arithmetic_gives_the_expected_print(entry):
    data = (VECTORS / "sound" / f"{entry['name']}.wav").read_bytes()
    expected = parse((VECTORS / "prints" / f"{entry['name']}.print").read_bytes())
    sound, rate = plain.read_wav(data)
    inputs = dict(enumerate(sound))
    inputs[255] = sound.mean(axis=0) if np.isfinite(sound).all() else sound[0]
    is_as_expected([package_track(inputs[t.channel], rate, t.channel) for t in expected.tracks], expected.tracks, entry)


@by_name(INDEX["prints"])
def test_the_program_makes_the_expected_print_of_the_file(entry):
    path = VECTORS / "sound" / f"{entry['name']}.wav"
    expected = parse((VECTORS / "prints" / f"{entry['name']}.print").read_bytes())
    made = make_print(path)
    assert (made.samples, made.recording) == (expected.samples, hashlib.sha256(path.read_bytes()).digest())
    assert made.recording == expected.recording
    is_as_expected(made.tracks, expected.tracks, entry)


@by_name(INDEX["prints"])
def test_most_of_a_vector_is_decided(entry):
    bits = sum(64 * len(t.words) for t in parse((VECTORS / "prints" / f"{entry['name']}.print").read_bytes()).tracks)
    assert len(entry["undecided_bits"]) < 0.05 * bits


@by_name(INDEX["prints"])
def test_an_expected_print_is_canonical(entry):
    data = (VECTORS / "prints" / f"{entry['name']}.print").read_bytes()
    assert parse(data).encode() == data


@by_name(INDEX["malformed"])
def test_a_malformed_print_is_refused_for_its_one_fault(entry):
    data = (VECTORS / "malformed" / f"{entry['name']}.print").read_bytes()
    with pytest.raises(MalformedFile) as refused:
        parse(data)
    assert str(refused.value) == entry["message"]
    assert refused.value.hint


def test_the_list_of_results_is_closed_and_each_occurs():
    assert {entry["result"] for entry in INDEX["malformed"]} == set(INDEX["results"])


def test_the_specification_has_the_same_list_of_results_in_the_order_of_the_checks():
    assert re.findall(r"^\| \d+ \| .* \| `([a-z-]+)` \|$", SPEC, re.MULTILINE) == list(INDEX["results"])


def test_the_page_about_the_vectors_has_the_same_list():
    page = (VECTORS / "README.md").read_text()
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.MULTILINE)) == INDEX["results"]


def test_the_folders_hold_what_the_index_names_and_nothing_else():
    for folder, suffix, entries in (
        ("sound", ".wav", INDEX["prints"]),
        ("prints", ".print", INDEX["prints"]),
        ("malformed", ".print", INDEX["malformed"]),
    ):
        names = sorted(path.name for path in (VECTORS / folder).iterdir())
        assert names == sorted(entry["name"] + suffix for entry in entries)


def test_the_generator_makes_the_same_files_again(tmp_path):
    make.write(tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.parent.name == "sound":
            assert path.read_bytes() == (VECTORS / path.relative_to(tmp_path)).read_bytes()
    fresh = json.loads((tmp_path / "index.json").read_text())
    assert fresh["malformed"] == INDEX["malformed"]
    for entry in INDEX["prints"]:
        one, other = (parse((at / "prints" / f"{entry['name']}.print").read_bytes()) for at in (tmp_path, VECTORS))
        is_as_expected(one.tracks, other.tracks, entry)


def test_the_example_of_the_specification_is_the_vector_it_names():
    (block,) = re.findall(r"<!-- example: vectors/(\S+) -->\n```text\n(.*?)```", SPEC, re.DOTALL)
    shown = bytes.fromhex("".join(re.findall(r"^[0-9a-f]{4}  ((?:[0-9a-f]{2} ?)+)", block[1], re.MULTILINE)))
    assert shown == (VECTORS / block[0]).read_bytes()
