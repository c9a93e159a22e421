"""Names, words, statements, captions, seals and tags made to attack the page: they are read, and do nothing."""

from __future__ import annotations

import subprocess

import pytest

from tests.browser.conftest import PHONE
from tests.release import made

SCRIPT = "<script>window.bad=1</script><img src=x onerror=window.bad=2>"
BREAK = "</script></style></title></textarea>--><svg onload=window.bad=3><a href=javascript:window.bad=4>x</a>"
QUOTES = "\"' onfocus=window.bad=5 autofocus x='"
TURNED = "safe\u202egnp.exe\u2066\u200f hidden \u2069\ufeff"
TALL = "Z" + "\u0300\u0316\u0489" * 400
WIDE = "\ufdfd" * 60 + "W" * 3000
TEMPLATE = "{name} {count} ${window.bad=6} {{7*7}}"
ALL = {
    "markup": SCRIPT,
    "ends": BREAK,
    "quotes": QUOTES,
    "turned": TURNED,
    "tall": TALL,
    "wide": WIDE,
    "template": TEMPLATE,
}
NOTHING_RAN = "window.bad === undefined"


def hostile_site(folder, words):
    """A site in which everything that a stranger may write is ``words``."""
    short = words[:60]
    captions = folder / "captions.srt"
    lines = "".join(
        f"{k + 1}\n00:00:{k:02},000 --> 00:00:{k:02},900\n{text}\n\n"
        for k, text in enumerate([words, short + ": " + words])
    )
    captions.write_text(lines, encoding="utf-8")
    name = "".join(c for c in short if c not in "/\0")[:50] or "x"
    statement, document, chapters = folder / f"s{name}.txt", folder / f"{name}.html", folder / "chapters.txt"
    statement.write_text(words, encoding="utf-8")
    document.write_text(f"<script>window.bad=9</script>{words}", encoding="utf-8")
    chapters.write_text(f"0:01 {words}\n", encoding="utf-8")
    recording = folder / f"{name}.flac"
    recording.write_bytes((made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac").read_bytes())
    given = [
        "--recording",
        recording,
        "--transcript",
        captions,
        "--statement",
        f"{short.replace('=', '')}={statement}",
        f"side-b={statement}",
    ]
    given += ["--document", document, "--chapters", chapters, "--answers", recording, "--id", "hostile"]
    made.publish(
        *given,
        "--title",
        f"T {words[:190]}",
        "--summary",
        f"S {words[:1900]}",
        "--supplier",
        f"B {short}",
        "--site-name",
        f"N {short}",
        "-o",
        folder / "SITE",
    )
    return folder / "SITE"


@pytest.mark.parametrize("words", ALL.values(), ids=ALL)
def test_what_strangers_wrote_is_read_and_does_nothing(visit, tmp_path, words):
    site = hostile_site(tmp_path, words)
    for size in (None, PHONE):
        seen = visit(size)
        for name in ("index.html", "hostile/index.html", "hostile/embed.html", "hostile/index.km.html"):
            page = seen.go(site / name)
            assert page.evaluate(NOTHING_RAN), name
            assert page.evaluate("document.querySelectorAll('img, iframe, form, object, embed, base').length") == 0
            assert page.evaluate(
                "[...document.querySelectorAll('a')].every(a => !/^javascript:/i.test(a.getAttribute('href') || ''))"
            )
            assert page.evaluate(
                "[...document.querySelectorAll('*')].every(e => ![...e.attributes].some(a => /^on/i.test(a.name)))"
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= (size or {"width": 1280})["width"], name
        assert seen.complaints == []
    page = visit().go(site / "hostile" / "index.html")
    assert page.locator(".said").first.text_content().strip()


def test_what_would_reorder_or_hide_is_shown_as_an_escape(visit, tmp_path):
    page = visit().go(hostile_site(tmp_path, TURNED) / "hostile" / "index.html")
    assert "safe\\u202egnp.exe" in page.locator(".said").first.text_content()
    page.evaluate("document.querySelector('#check').remove()")  # it isolates names with signs of its own
    text = page.evaluate("document.documentElement.outerHTML")
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff\u061c")


def test_stacked_marks_are_painted_inside_their_frame_only(visit, tmp_path):
    """Everything above and below the frame of a statement looks the same with and without its words."""
    page = visit().go(hostile_site(tmp_path, TALL) / "hostile" / "index.html")
    box = page.locator("#statements h2").bounding_box()
    clip = {"x": 0, "y": box["y"], "width": 1280, "height": box["height"]}
    shown = page.screenshot(full_page=True, clip=clip)
    page.evaluate("document.querySelectorAll('.said').forEach(e => { e.style.visibility = 'hidden'; })")
    assert page.screenshot(full_page=True, clip=clip) == shown
    framed = """[...document.querySelectorAll('.said, .cues, h1, .chapters')].every(
        e => [e, e.closest('.frame')].some(f => f && getComputedStyle(f).contain.includes('paint')))"""
    assert page.evaluate(framed)


def test_a_document_that_is_a_page_is_no_page_of_the_site(tmp_path):
    site = hostile_site(tmp_path, SCRIPT)
    assert not [
        path for path in (site / "hostile" / "files").rglob("*") if path.suffix in {".html", ".svg", ".js", ".xml"}
    ]
    assert list((site / "hostile" / "files").rglob("*.html.bin"))


def test_tags_of_a_recording_are_no_words_of_the_page(visit, tmp_path):
    """Chapters and titles inside a media file are written by strangers, too."""
    tagged = tmp_path / "tagged.m4a"
    chapters = tmp_path / "chapters.ini"
    chapters.write_text(
        f";FFMETADATA1\ntitle={SCRIPT}\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=3000\ntitle={SCRIPT}\n"
    )
    speech = made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac"
    words = ["ffmpeg", "-v", "error", "-i", speech, "-i", chapters, "-map_metadata", "1", "-map_chapters", "1", tagged]
    subprocess.run(list(map(str, words)), check=True)
    made.publish("--recording", tagged, "--title", "Tagged", "-o", tmp_path / "SITE")
    page = visit().go(tmp_path / "SITE" / "tagged" / "index.html")
    assert page.locator(".chapters li").text_content().strip().endswith(SCRIPT)
    assert page.evaluate(NOTHING_RAN)


def test_a_very_long_transcript_comes_when_it_is_wanted(visit, tmp_path):
    """Two hours of captions: the page stays small, the rest is loaded, and its words are only words."""

    def at(k):
        return f"{k // 3600:02}:{k // 60 % 60:02}:{k % 60:02}"

    lines = [f"{at(k)}.000 --> {at(k)}.900\n{SCRIPT} line {k}\n" for k in range(0, 7200, 2)]
    (tmp_path / "long.vtt").write_text("WEBVTT\n\n" + "\n".join(lines))
    speech = made.EXAMPLES / "speech" / "ljspeech-LJ001-0001.flac"
    made.publish(
        "--recording", speech, "--transcript", tmp_path / "long.vtt", "--title", "Long", "-o", tmp_path / "SITE"
    )
    assert (tmp_path / "SITE" / "long" / "index.html").stat().st_size < 250_000
    seen = visit()
    page = seen.go(tmp_path / "SITE" / "long" / "index.html")
    page.get_by_role("button", name="more lines").click()
    seen.until("document.querySelectorAll('.cues li').length === 3600")
    assert page.locator(".cues li").last.text_content().endswith("line 7198")
    assert page.evaluate(NOTHING_RAN)
    assert seen.complaints == []
