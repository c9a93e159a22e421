"""Publishing again updates a release, and whatever happens in between, the site is whole."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest

from tests.release import made
from wholetape.cli.main import main
from wholetape.store.sitefolder import SiteFolder

SPEECH = made.EXAMPLES / "speech"
ONE, OTHER = SPEECH / "ljspeech-LJ001-0001.flac", SPEECH / "ljspeech-LJ001-0003.flac"


def snapshot(site):
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def whole(site):
    """Every listed release has its page, and all that its pages name is there."""
    for entry in json.loads((site / "site.json").read_text())["releases"]:
        for page in (site / entry["id"]).glob("*.html"):
            for name in re.findall(r'(?:src|href)="((?:audio|files|data)/[^"#]+)', page.read_text()):
                assert (site / entry["id"] / name).is_file(), (page, name)
        assert (site / entry["id"] / "index.html").is_file()


def test_a_second_release_joins_the_first_and_comes_before_it(tmp_path):
    site = tmp_path / "SITE"
    made.publish(
        "--recording", ONE, "--title", "First", "--site-name", "Tapes", "--url", "https://tapes.example", "-o", site
    )
    made.publish("--recording", OTHER, "--title", "Second", "-o", site)
    found = json.loads((site / "site.json").read_text())
    assert {entry["id"] for entry in found["releases"]} == {"first", "second"}
    assert (found["name"], found["address"]) == ("Tapes", "https://tapes.example/")
    whole(site)


def test_an_update_keeps_its_day_and_drops_what_nothing_refers_to(tmp_path):
    site = tmp_path / "SITE"
    made.publish("--recording", ONE, "--id", "tape", "-o", site)
    before = json.loads((site / "tape" / "release.json").read_text())
    made.publish("--recording", OTHER, "--id", "tape", "--title", "Better", "-o", site)
    after = json.loads((site / "tape" / "release.json").read_text())
    assert after["published"] == before["published"]
    assert len(list((site / "tape" / "audio").iterdir())) == 1
    assert not (site / "tape" / before["sessions"][0]["recording"]["path"]).exists()
    assert len(json.loads((site / "site.json").read_text())["releases"]) == 1
    whole(site)


def test_another_recording_of_the_same_name_does_not_replace_a_release(tmp_path, capsys):
    shutil.copy(ONE, tmp_path / "tape.flac")
    made.publish("--recording", tmp_path / "tape.flac", "-o", tmp_path / "SITE")
    before = snapshot(tmp_path / "SITE")
    shutil.copy(OTHER, tmp_path / "tape.flac")
    assert main(["publish", "--recording", str(tmp_path / "tape.flac"), "-o", str(tmp_path / "SITE")]) == 2
    assert "--id tape replaces it" in capsys.readouterr().err
    assert snapshot(tmp_path / "SITE") == before


class Crash(BaseException):
    """The process dies here: nothing after it runs, not even what tidies up."""


@pytest.mark.parametrize("number", range(0, 11, 2))
def test_a_crash_at_any_page_leaves_a_whole_site(tmp_path, monkeypatch, number):
    site = tmp_path / "SITE"
    made.publish("--recording", ONE, "--id", "tape", "-o", site)
    pages: list[str] = []

    def page(self, name, data):
        if len(pages) == number:
            raise Crash
        pages.append(name)
        real(self, name, data)

    real = SiteFolder.page
    monkeypatch.setattr(SiteFolder, "page", page)
    monkeypatch.setattr(SiteFolder, "__exit__", lambda self, *why: os.close(self._fd))
    with pytest.raises(Crash):
        main(["publish", "--recording", str(OTHER), "--id", "tape", "-o", str(site)])
    monkeypatch.undo()
    whole(site)
    made.publish("--recording", OTHER, "--id", "tape", "-o", site)
    whole(site)
    assert not [path for path in site.rglob("*") if path.suffix == ".part"]


def test_a_failed_update_leaves_everything_as_it_was(tmp_path, monkeypatch):
    site = tmp_path / "SITE"
    made.publish("--recording", ONE, "--id", "tape", "-o", site)
    before = snapshot(site)
    wrong = tmp_path / "wrong.seal"
    wrong.write_bytes(b"PK\3\4 no seal")
    assert main(["publish", "--recording", str(ONE), "--seal", str(wrong), "--id", "tape", "-o", str(site)]) == 5
    assert main(["publish", "--recording", str(ONE), "--answers", "nowhere.mp3", "--id", "tape", "-o", str(site)]) == 4
    assert snapshot(site) == before


def test_a_failed_first_release_leaves_nothing(tmp_path):
    assert main(["publish", "--recording", "nowhere.flac", "-o", str(tmp_path / "SITE")]) == 4
    assert not (tmp_path / "SITE").exists()


def test_a_folder_with_other_files_is_not_published_into(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["publish", "--recording", str(ONE), "-o", str(tmp_path)]) == 2
    assert "no published site" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
