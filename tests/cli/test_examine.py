"""The command ``examine``: files, folders, reports, bad input, and exit codes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.examining.conftest import SPEECH, load, save


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Three seconds of speech that was never coded, in a file that no profile knows."""
    return save(tmp_path_factory.mktemp("short") / "short.wav", load(SPEECH, 16000)[160000:208000], 16000)


def test_a_folder_is_examined_file_by_file_with_a_table(run, short, tmp_path):
    (tmp_path / "a.wav").write_bytes(short.read_bytes())
    (tmp_path / "b.wav").write_bytes(short.read_bytes())
    ran = run("examine", tmp_path, "--json", tmp_path.parent / "all.json")
    assert ran.code == 0
    assert [tree["outcome"] for tree in json.loads((tmp_path.parent / "all.json").read_text())].count(
        "inconsistent"
    ) == 0
    assert "b.wav" in ran.out.splitlines()[-1]


def test_json_to_standard_output_is_only_json(run, short):
    ran = run("examine", short, "--json", "-")
    tree = json.loads(ran.out)
    assert set(tree) >= {"format", "outcome", "file", "history", "coverage", "traces", "notes"}
    assert set(tree["coverage"]) == {
        "codec-history",
        "opus-history",
        "container",
        "mp3-join",
        "aac-join",
        "copy-move",
        "hum",
        "places",
    }


def test_the_page_stands_alone_and_draws_a_check_on_its_time_line(run, short, tmp_path):
    run("examine", short, "--json", tmp_path / "own.json")
    digest = json.loads((tmp_path / "own.json").read_text())["file"]["sha256"]
    spans = [{"kind": "kept", "release": [0.0, 2.0]}, {"kind": "inserted", "release": [2.0, 3.0]}]
    check = {"release": {"sha256": digest}, "spans": spans, "edits": []}
    (tmp_path / "check.json").write_text(json.dumps(check))
    assert run("examine", short, "--html", tmp_path / "page.html", "--check", tmp_path / "check.json").code == 0
    page = (tmp_path / "page.html").read_text()
    assert "what a check of this file established" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\xff\xff\xff\xffWAVEfmt "])
def test_what_is_no_recording_is_told_with_its_exit_code(run, tmp_path, content):
    path = tmp_path / "bad\nname.wav"
    path.write_bytes(content)
    ran = run("examine", path, "--json", tmp_path / "bad.json")
    assert ran.code == 4
    assert "hint:" in ran.err
    assert json.loads((tmp_path / "bad.json").read_text())["outcome"] == "not-examinable"


def test_a_blink_of_sound_cannot_be_examined(run, tmp_path):
    path = save(tmp_path / "blink.wav", np.zeros(800, np.float32), 16000)
    ran = run("examine", path)
    assert ran.code == 3
    assert "not examinable" in ran.out


def test_what_is_no_result_of_a_check_is_refused(run, short, tmp_path):
    (tmp_path / "check.json").write_text("[3]")
    assert run("examine", short, "--html", tmp_path / "page.html", "--check", tmp_path / "check.json").code == 4
    assert not (tmp_path / "page.html").exists()
    assert run("examine", short, "--check", tmp_path / "check.json").code == 2
