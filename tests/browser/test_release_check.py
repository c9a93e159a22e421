"""The reader's own check in the page of a release, from a disk and from the web."""

from __future__ import annotations

import json
from pathlib import Path

import wholetape
from eval.checker import differences
from tests.browser.checker_page import MEETING, POSTED, PRINT
from tests.browser.release_page import served
from wholetape.cli.main import main
from wholetape.report import as_json


def test_in_the_page_of_a_release(visit, tmp_path):
    """Published, opened from a disk, given an edited copy: the edits of the command line; nothing asked elsewhere."""
    words = ["--recording", MEETING, "--print", PRINT, "-o", tmp_path / "site", "--id", "meeting"]
    assert main(["publish", *map(str, words)]) == 0
    seen = visit()
    page = seen.go(tmp_path / "site" / "meeting" / "index.html")
    page.set_input_files("#check input[type=file]", str(POSTED))
    page.click("#check .start")
    seen.until("document.querySelector('#check .answer') !== null", 120)
    with page.expect_download() as download:
        page.click("#check a[download]")
    ours = json.loads(Path(download.value.path()).read_text())
    theirs = as_json(wholetape.check(POSTED, PRINT))
    assert list(differences(theirs, ours)) == []
    assert len(page.query_selector_all("#check li.entry")) == 5
    assert seen.faults() == []
    folder = (tmp_path / "site" / "meeting").resolve().as_uri()
    assert [url for url in seen.requests if not url.startswith(("blob:", folder))] == []
    assert seen.complaints == []


def test_on_a_releases_page_a_copy_is_checked_against_the_recording_itself(visit, tmp_path):
    words = ["--recording", MEETING, "--print", PRINT, "-o", tmp_path / "site", "--id", "meeting"]
    assert main(["publish", *map(str, words)]) == 0
    seen = visit()
    page = seen.go(tmp_path / "site" / "meeting" / "index.html")
    assert page.locator("#check details input[type=checkbox]").count() == 0, "a page from a disk cannot fetch"
    page.click("#check summary:has-text('recording itself')")
    first, second = page.locator("#check input[type=file]").all()[:2]
    first.set_input_files(str(POSTED))
    second.set_input_files(str(MEETING))
    ours = result_of(seen, page)
    assert ours["references"][0]["kind"] == "audio"
    assert list(differences(as_json(wholetape.check(POSTED, MEETING)), ours)) == []
    assert seen.faults() == []


def test_from_the_web_the_page_fetches_the_recording_that_it_offers(visit, tmp_path):
    words = ["--recording", MEETING, "--print", PRINT, "-o", tmp_path / "site", "--id", "meeting"]
    assert main(["publish", *map(str, words)]) == 0
    with served(tmp_path / "site") as address:
        seen = visit()
        page = seen.go(f"{address}/meeting/index.html")
        page.click("#check summary:has-text('recording itself')")
        page.check("#check details input[type=checkbox]")
        page.locator("#check input[type=file]").first.set_input_files(str(POSTED))
        ours = result_of(seen, page)
        assert ours["references"][0]["kind"] == "audio"
        assert ours["references"][0]["path"] == "meeting.flac"
        assert all(url.startswith((address, "blob:", "data:")) for url in seen.requests)
        assert seen.complaints == []


def result_of(seen, page):
    """Starts the check on a release's page, and returns the answer that it saves."""
    page.click("#check .start")
    seen.until("document.querySelector('#check .answer') !== null", 120)
    with page.expect_download() as download:
        page.click("#check a[download]")
    return json.loads(Path(download.value.path()).read_text())
