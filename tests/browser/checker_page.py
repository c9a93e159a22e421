"""What is done on the checker's page by whoever uses it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.checking import desk

EXAMPLES = desk.EXAMPLES
POSTED, MEETING, PRINT = EXAMPLES / "posted.m4a", EXAMPLES / "meeting.flac", EXAMPLES / "meeting.print"
DONE = "document.querySelector('#main .answer') !== null"


def begin(page, copy, *against):
    page.set_input_files("input[id$=copy]", str(copy))
    page.set_input_files("input[id$=against]", [str(path) for path in against])
    page.click(".start")


def answer(seen, page, copy, *against):
    """The page's answer, as the file that it offers for programs."""
    begin(page, copy, *against)
    seen.until(DONE, 120)
    if not page.query_selector("a[download]"):
        return None
    with page.expect_download() as download:
        page.click("a[download]")
    return json.loads(Path(download.value.path()).read_text())
