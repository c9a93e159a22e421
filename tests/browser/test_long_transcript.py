"""A transcript of twenty thousand words: the page stays small, and all of them can be found."""

from __future__ import annotations

import gzip

from tests.release import made

SAID = tuple(map(str, range(100, 117)))


def long_release(folder):
    """A release with 2,000 captions of ten words each, most of which are loaded when they are wanted."""

    def at(k):
        return f"00:{k * 0.06 // 60:02.0f}:{k * 0.06 % 60:06.3f}"

    lines = [
        f"{at(k)} --> {at(k + 1)}\n{' '.join(SAID[(k + j) % len(SAID)] for j in range(9))} {k}\n" for k in range(2000)
    ]
    (folder / "long.vtt").write_text("WEBVTT\n\n" + "\n".join(lines))
    given = ["--recording", made.MEETING, "--print", made.PRINT, "--transcript", folder / "long.vtt", "--title", "Long"]
    made.publish(*given, "-o", folder / "SITE")
    return folder / "SITE" / "long" / "index.html"


def test_twenty_thousand_words_weigh_little_and_are_all_there(visit, tmp_path):
    """With the check's engine the page is what a phone can carry; searching loads the rest, and so does hearing it."""
    index = long_release(tmp_path)
    engine = next((index.parent / "data").glob("engine-*.js"))
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in (index, engine)) < 150_000
    seen = visit()
    page = seen.go(index)
    assert page.locator(".cues li").count() < 400
    page.fill(".find", "1995")
    page.press(".find", "Enter")
    seen.until("!document.querySelector('.chosen').hidden")
    assert page.locator(".cues li").count() == 2000
    assert page.inner_text(".quote .moment").startswith("1:59")
    again = visit()
    there = again.go(index.resolve().as_uri() + "#t=1:50")
    again.until("document.querySelectorAll('.cues li').length === 2000")
    again.until("document.querySelector('.cues li.now .moment').textContent >= '1:49'")
    assert there.locator(".cues li.now").count() == 1
    assert seen.complaints == again.complaints == []


def test_without_scripts_the_rest_of_a_long_transcript_is_in_its_file(visit, tmp_path):
    page = visit(script=False).go(long_release(tmp_path))
    assert "more lines are in the transcript’s file" in page.inner_text(".transcript")
    assert page.locator("#downloads a[download='long.vtt']").count() == 1
