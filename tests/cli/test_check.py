"""The command ``check``, with given answers in the place of the engine."""

from __future__ import annotations

import json
import os

import pytest

from tests import schema
from tests.report import results
from wholetape.errors import UnreadableInput

GONE = UnreadableInput("gone.m4a does not exist", "check the path")
CODES = [
    ([results.whole], 0),
    ([results.excerpt], 1),
    ([results.edited], 1),
    ([results.unrelated], 1),
    ([results.undecided], 3),
    ([results.whole, results.whole], 0),
    ([results.whole, results.undecided], 3),
    ([results.undecided, results.edited, results.whole], 1),
    ([results.edited, lambda: GONE, results.undecided], 4),
]


@pytest.mark.parametrize(("makes", "code"), CODES)
def test_of_several_releases_the_first_of_4_1_3_0_that_occurred(run, engine, here, makes, code):
    engine(*(make() for make in makes))
    assert run("check", *(f"{n}.m4a" for n in range(len(makes))), "--against", "r.flac").code == code


def test_the_engine_gets_every_word_of_the_call(run, engine, here):
    calls = engine(results.whole(), results.whole())
    words = ["a.m4a", "b.m4a", "--against", "r.flac", "--against", "s.flac", "--jobs", "2"]
    run("check", *words)
    [(releases, against, keywords)] = calls
    assert releases == ["a.m4a", "b.m4a"]
    assert against == ["r.flac", "s.flac"]
    assert keywords["jobs"] == 2
    assert callable(keywords["progress"])


def test_each_release_is_reported_in_order_and_an_unreadable_one_stops_no_other(run, engine, here):
    engine(results.edited(), GONE, results.whole())
    ran = run("check", "a.m4a", "gone.m4a", "c.m4a", "--against", "r.flac")
    assert ran.out.index("edited: ") < ran.out.index("whole: ")
    assert ran.err == "wholetape: gone.m4a does not exist\nwholetape: hint: check the path\n"


def test_json_to_standard_output_is_alone_there(run, engine, here):
    engine(results.edited())
    ran = run("check", "a.m4a", "--against", "r.flac", "--json", "-")
    assert list(schema.faults(json.loads(ran.out), schema.load("check-v1.schema.json"))) == []
    assert "edited: 6 edits found" in ran.err


def test_json_to_a_file_leaves_the_report_where_it_was(run, engine, here):
    engine(results.edited())
    ran = run("check", "a.m4a", "--against", "r.flac", "--json", "out.json")
    assert json.loads((here / "out.json").read_text())["outcome"] == "edited"
    assert "edited: 6 edits found" in ran.out
    assert os.listdir(here) == ["out.json"]


def test_several_releases_make_an_array_in_which_the_unreadable_has_its_place(run, engine, here):
    engine(results.whole(), GONE)
    tree = json.loads(run("check", "a.m4a", "gone.m4a", "--against", "r.flac", "--json", "-").out)
    assert [entry["outcome"] for entry in tree] == ["whole", None]
    assert tree[1]["error"]["exit"] == 4


def test_nothing_but_text_where_the_output_is_no_terminal(run, engine, here):
    engine(results.edited())
    ran = run("check", "a.m4a", "--against", "r.flac")
    assert "\x1b" not in ran.out
    assert ran.err == ""


class TestOutputsAreJudgedBeforeTheWork:
    """A run of an hour must not end in an output that could never be written."""

    def refused(self, run, engine, code, *words):
        calls = engine(results.whole())
        ran = run("check", "a.m4a", "--against", "r.flac", *words)
        assert ran.code == code
        assert calls == []
        assert len(ran.err.splitlines()) == 2
        return ran.err

    def test_a_folder_that_does_not_exist(self, run, engine, here):
        assert "there is no folder" in self.refused(run, engine, 8, "--json", "no/such/out.json")

    def test_a_folder_in_the_place_of_a_file(self, run, engine, here):
        (here / "out").mkdir()
        assert "out is a folder" in self.refused(run, engine, 2, "--json", "out")

    def test_a_device(self, run, engine, here):
        assert "not a regular file" in self.refused(run, engine, 2, "--json", os.devnull)

    @pytest.mark.parametrize("target", ["a.m4a", "./a.m4a", "link", "hard", "r.flac"])
    def test_an_input_under_whatever_name(self, run, engine, here, target):
        (here / "a.m4a").write_bytes(b"the release")
        (here / "link").symlink_to("a.m4a")
        os.link(here / "a.m4a", here / "hard")
        assert "would be overwritten" in self.refused(run, engine, 2, "--json", target)
        assert (here / "a.m4a").read_bytes() == b"the release"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_without_permission(self, run, engine, here):
        (here / "closed").mkdir(mode=0o500)
        assert "no permission" in self.refused(run, engine, 8, "--json", "closed/out.json")
