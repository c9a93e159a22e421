"""The files that ``check`` writes beside its answer, with given answers in the place of the engine."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.report import results
from wholetape.errors import UnreadableInput

GONE = UnreadableInput("gone.m4a does not exist", "check the path")
CALL = ("check", "a.m4a", "--against", "r.flac")


def test_a_label_track_and_a_timeline_beside_the_same_answer(run, engine, here):
    engine(results.edited())
    ran = run(*CALL, "--labels", "out.txt", "--otio", "out.otio")
    assert ran.code == 1
    assert ran.err == ""
    assert "edited: 6 edits found" in ran.out
    assert "edited: 6 edits found" in (here / "out.txt").read_text()
    assert json.loads((here / "out.otio").read_text())["OTIO_SCHEMA"] == "Timeline.1"
    assert sorted(os.listdir(here)) == ["out.otio", "out.txt"]


def test_the_timeline_finds_the_files_from_where_it_lies(run, engine, here):
    (here / "reports").mkdir()
    engine(results.edited())
    run(*CALL, "--otio", "reports/out.otio")
    text = (here / "reports" / "out.otio").read_text()
    assert '"target_url": "../posted.m4a"' in text
    assert '"target_url": "../meeting.flac"' in text


def test_an_unreadable_release_leaves_no_report_and_touches_no_old_one(run, engine, here):
    (here / "out.txt").write_text("old")
    engine(GONE)
    assert run(*CALL, "--labels", "out.txt", "--otio", "out.otio").code == 4
    assert (here / "out.txt").read_text() == "old"
    assert os.listdir(here) == ["out.txt"]


def test_of_several_releases_the_readable_ones_are_in_the_timeline(run, engine, here):
    engine(results.edited(), GONE, results.whole())
    assert run("check", "a", "b", "c", "--against", "r", "--otio", "out.otio").code == 4
    assert len(json.loads((here / "out.otio").read_text())["children"]) == 2


class TestOutputsAreJudgedBeforeTheWork:
    def refused(self, run, engine, code, *words):
        calls = engine(results.whole())
        ran = run(*words, *CALL[2:]) if words[0] == "check" else run(*CALL, *words)
        assert ran.code == code
        assert calls == []
        return ran.err

    @pytest.mark.parametrize("flag", ["--labels", "--otio", "--html"])
    def test_an_input_a_folder_nowhere_and_standard_output(self, run, engine, here, flag):
        (here / "a.m4a").write_bytes(b"the release")
        assert "would be overwritten" in self.refused(run, engine, 2, flag, "a.m4a")
        assert "is a folder" in self.refused(run, engine, 2, flag, str(here))
        assert "there is no folder" in self.refused(run, engine, 8, flag, "no/such/file")
        assert "writes into a file" in self.refused(run, engine, 2, flag, "-")
        assert (here / "a.m4a").read_bytes() == b"the release"

    def test_two_reports_in_one_file(self, run, engine, here):
        assert "would be overwritten" in self.refused(run, engine, 2, "--labels", "x", "--otio", "./x")

    def test_a_label_track_of_two_releases(self, run, engine, here):
        assert "of one release" in self.refused(run, engine, 2, "check", "a", "b", "--labels", "x")


class TestThePage:
    """The real program on the real examples."""

    def test_it_is_written_beside_the_same_answer_and_exit_code(self, run, here, examples):
        ran = run("check", examples / "posted.m4a", "--against", examples / "meeting.flac", "--html", "out.html")
        assert ran.code == 1
        assert "edited: 5 edits found" in ran.out
        page = (here / "out.html").read_text()
        assert page.startswith("<!doctype html>")
        assert page.count("data:audio/mpeg;base64,") == 10
        assert os.listdir(here) == ["out.html"]

    def test_without_sound_there_is_none_and_no_path_of_this_machine(self, run, here, examples):
        words = ("--against", examples / "meeting.print", "--html", "out.html", "--no-sound")
        assert run("check", examples / "posted.m4a", examples / "nothing.m4a", *words).code == 4
        page = (here / "out.html").read_text()
        assert "data:audio" not in page
        assert "This page holds no sound" in page
        assert "Below: meeting.print (its level, from the print)." in page
        assert page.count("<article>") == 2

    def test_it_tells_what_went_wrong_with_the_only_release(self, run, here, examples):
        assert run("check", "gone.m4a", "--against", examples / "meeting.print", "--html", "out.html").code == 4
        assert "&#x27;gone.m4a&#x27; does not exist" in (here / "out.html").read_text()

    def test_files_that_are_gone_since_leave_a_page_without_them(self, run, engine, here):
        engine(results.edited())
        assert run(*CALL, "--html", "out.html").code == 1
        assert "&#x27;posted.m4a&#x27; does not exist" in (here / "out.html").read_text()

    def test_sound_is_a_word_about_the_page(self, run, engine, here):
        engine(results.whole())
        assert run(*CALL, "--no-sound").code == 2

    @pytest.mark.parametrize("flag", ["--html", "--otio", "--labels"])
    def test_a_full_disk_is_told_and_leaves_what_was_there(self, run, engine, here, monkeypatch, flag):
        (here / "out").write_text("old")

        def full(*_):
            raise OSError(28, "No space left on device")

        engine(results.edited())
        monkeypatch.setattr(os, "fsync", full)
        ran = run(*CALL, flag, "out")
        assert ran.code == 8
        assert "no space left" in ran.err
        assert (here / "out").read_text() == "old"
        assert os.listdir(here) == ["out"]


@pytest.fixture
def examples():
    return Path(__file__).parents[2] / "examples"
