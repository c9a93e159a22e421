"""The hostile seals of ``vectors/seal/``: each refused, for its own reason, with its own exit code."""

from __future__ import annotations

import contextlib
import json
import re
import zipfile
from pathlib import Path

import pytest

from tests import schema
from vectors import seals
from vectors.sealed import MALFORMED, PROPERTIES, RESULTS
from wholetape.cli.main import main
from wholetape.errors import MalformedFile
from wholetape.properties import Name, Reason
from wholetape.seal.container import unpack
from wholetape.seal.members import EXCERPT_RULES, RULES

FOLDER = seals.HERE
INDEX = json.loads((FOLDER / "index.json").read_text())
CASES = INDEX["seals"]
GOOD = ("good", "good-stamped", "good-public")
SCHEMA = schema.load("verify-v1.schema.json")


@pytest.fixture
def verify(capsys):
    """Runs ``verify`` on a case of the index: exit code, standard error, JSON findings (None of a malformed seal)."""

    def go(case):
        code = main([*seals.words_of(FOLDER, case), "--json", "-"])
        told = capsys.readouterr()
        return code, told.err, json.loads(told.out) if told.out else None

    return go


@pytest.mark.parametrize("name", GOOD)
def test_the_good_seals_verify(verify, name):
    given = {"--tsa-roots": ["roots.pem"]} if name == "good-stamped" else {}
    given |= {} if name == "good-public" else {"--document": ["treaty.txt"]}
    code, err, found = verify({"name": name, "given": given})
    assert (code, err.startswith("recording.wav\nverified")) == (0, True), err
    held = {own["name"]: own for own in found["properties"]}
    assert held["not-after"]["established"] == (name == "good-stamped")
    assert found["standing"] == "all-parties"


def test_the_good_excerpt_verifies(verify):
    code, err, found = verify({"file": "good.excerpt", "given": {"RECORDING": ["excerpt.wav"]}})
    assert code == 0, err
    held = {own["name"]: own for own in found["properties"]}
    assert "withheld: 1.000 s before, 0.000 s after" in held["excerpt"]["why"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_hostile_seal_is_refused_for_its_own_reason(verify, case):
    code, err, found = verify(case)
    lines = [line for line in err.splitlines() if line.startswith("wholetape: ")]
    assert code == case["exit"]
    assert lines[0].endswith(f": {case['message']}")
    assert "Traceback" not in err
    if found is None:
        assert case["property"] is None
        return
    assert list(schema.faults(found, SCHEMA)) == []
    assert (found["outcome"], found["reason"]["code"]) == ("failed", case["result"])
    assert found["standing"] == "unsealed"
    name = case["property"]
    name = "samples" if name == "file" and case["file"].endswith(".excerpt") else name  # which is another file anyway
    (own,) = (own for own in found["properties"] if own["name"] == name)
    assert not own["established"]


def test_every_seal_of_the_folder_is_in_the_index_and_the_other_way_round():
    names = {path.name for suffix in ("seal", "excerpt") for path in FOLDER.glob(f"*.{suffix}")}
    assert names == {case["file"] for case in CASES} | {f"{name}.seal" for name in GOOD} | {"good.excerpt"}
    assert len(CASES) == len({case["name"] for case in CASES}) >= 200


def test_each_flaw_is_told_once_and_each_result_occurs():
    assert len({(case["flaw"], case["file"][-4:]) for case in CASES}) == len(CASES)
    assert INDEX["results"] == RESULTS
    assert {case["result"] for case in CASES} == set(RESULTS)


def test_every_reason_for_which_a_seal_does_not_verify_has_a_vector():
    assert set(map(str, Reason)) <= set(RESULTS), "a new reason wants a hostile seal"
    assert set(PROPERTIES.values()) <= set(map(str, Name))


def test_malformed_seals_exit_with_5_and_those_that_do_not_verify_with_6():
    assert {case["exit"] for case in CASES if case["result"] in MALFORMED} == {5}
    assert {case["exit"] for case in CASES if case["result"] not in MALFORMED} == {6}


def test_results_say_to_which_step_of_the_specification_they_belong():
    page = (Path(__file__).parents[2] / "docs" / "spec" / "seal.md").read_text()
    steps = {int(number) for number in re.findall(r"^(\d+)\. \*\*", page, re.MULTILINE)}
    told = {int(number) for what in RESULTS.values() for number in re.findall(r"\d+", what.partition(":")[0])}
    assert told == steps, "each step has a result, and none is of a step that there is not"


def test_the_generator_makes_them_again(tmp_path):
    """All but an authority's reply, never the same twice, and the container where zlib packs in another way."""
    for name in ("recording.print", "roots.pem", "stamp.tsr"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    seals.write(tmp_path)
    packed = {"bomb", "deflate-cut", "deflate-longer", "seed-deflated"}
    for path in FOLDER.rglob("*"):
        if path.is_file() and path.stem not in packed:
            assert content(tmp_path / path.relative_to(FOLDER)) == content(path), path.name


def content(path):
    """The bytes of a file; of a container that can be read its members without their compression."""
    data = path.read_bytes()
    for rules in (RULES, EXCERPT_RULES):
        with contextlib.suppress(MalformedFile):
            return unpack(data, rules)
    return data


def test_the_two_readers_of_zip_see_what_is_hidden_from_one_another():
    """Why the container's form is judged to the byte: Python's reader takes these, and reads another content."""
    for name in ("prefix", "comment", "directory-unlisted", "descriptor", "date", "extra-field"):
        with zipfile.ZipFile(FOLDER / f"{name}.seal") as archive:
            assert archive.testzip() is None
