"""checker.html in a real browser, from a disk: it decodes, checks, shows and plays; it asks nobody for anything."""

from __future__ import annotations

import shutil

import pytest

import wholetape
from eval.checker import differences
from tests.browser.checker_page import DONE, EXAMPLES, MEETING, POSTED, PRINT, answer, begin
from tests.browser.conftest import DESKTOP, PHONE
from tests.checking import desk
from wholetape.release.checker import catalogue
from wholetape.report import as_json

WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.tasks.push(entry.duration); })
    .observe({ type: "longtask" });
}"""


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """An edited copy in several containers."""
    folder = tmp_path_factory.mktemp("copies")
    m = desk.meeting
    sound = desk.splice(m(0, 9), m(11.5, 20), desk.stranger(1.1), m(20, 28), desk.silence(0.6), m(28.6, 40))
    wav = desk.save(folder / "copy.wav", sound)
    ways = {
        "a.mp3": ("-c:a", "libmp3lame", "-b:a", "48k"),
        "b.aac": ("-c:a", "aac", "-b:a", "64k"),
        "c.opus": ("-c:a", "libopus", "-b:a", "32k"),
        "d.ogg": ("-c:a", "libvorbis"),
        "e.flac": ("-c:a", "flac"),
        "f.webm": ("-ar", "48000", "-c:a", "libopus"),
        "g.mkv": ("-c:a", "aac"),
        "h.mp4": ("-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov", "-frag_duration", "1000000"),
    }
    return [wav, *(desk.ffmpeg(wav, folder / name, *words) for name, words in ways.items())]


def test_a_lossy_edited_copy_gives_the_edits_of_the_command_line(visit, page_file):
    seen = visit()
    page = seen.go(page_file)
    ours = answer(seen, page, POSTED, MEETING)
    theirs = as_json(wholetape.check(POSTED, MEETING))
    assert list(differences(theirs, ours)) == []
    assert len(ours["edits"]) == 5
    assert page.inner_text(".answer .outcome") == "edited"
    assert len(page.query_selector_all("li.entry")) == len(page.query_selector_all("a.pin-of")) == 5
    assert [url for url in seen.requests if not url.startswith("blob:")] == [page.url]
    assert seen.complaints == []


def test_each_container_that_a_browser_decodes(visit, page_file, copies, tmp_path):
    seen = visit()
    page = seen.go(page_file)
    original = tmp_path / "meeting.print"
    original.write_bytes(wholetape.make_print(desk.save(tmp_path / "meeting.wav", desk.meeting())).encode())
    wrong = []
    for copy in copies:
        ours = answer(seen, page, copy, original)
        assert ours, (copy.name, page.inner_text("#main .answer"))
        theirs = as_json(wholetape.check(copy, original))
        assert abs(ours["release"]["duration"] - theirs["release"]["duration"]) < 0.002, copy.name
        assert ours["release"]["codec"] == theirs["release"]["codec"]
        wrong += [f"{copy.name}: {line}" for line in differences(theirs, ours)]
        assert ours["outcome"] == "edited"
    assert not wrong


def test_the_edits_play_from_the_readers_own_files(visit, page_file):
    seen = visit()
    page = seen.go(page_file)
    answer(seen, page, POSTED, MEETING)
    for button in page.query_selector_all("li.entry button")[:2]:
        button.click()
        seen.until(
            "[...document.querySelectorAll('.listen button')].filter((b) => b.textContent.includes('■')).length === 1"
        )
        button.click()
        seen.until("[...document.querySelectorAll('.listen button')].every((b) => b.textContent.includes('▶'))")
    assert seen.complaints == []


def test_with_the_keyboard_alone(visit, page_file):
    seen = visit()
    page = seen.go(page_file)
    page.set_input_files("input[id$=copy]", str(POSTED))
    page.set_input_files("input[id$=against]", str(PRINT))
    page.focus("input[id$=against]")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "start":
            break
    page.keyboard.press("Enter")
    seen.until(DONE, 60)
    assert "answer" in page.evaluate("document.activeElement.className"), "the focus goes to the answer"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith("edit-1")
    page.keyboard.press("Enter")
    seen.until("location.hash.endsWith('edit-1')")


def test_it_can_be_cancelled_and_begun_again(visit, page_file):
    seen = visit()
    page = seen.go(page_file)
    begin(page, POSTED, MEETING)
    page.click("button:visible:has-text('Cancel')")
    seen.until("document.querySelector('[role=status].status').textContent.startsWith('Cancelled')")
    assert page.query_selector("#main .answer") is None
    assert answer(seen, page, POSTED, PRINT)["outcome"] == "edited"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("voice.amr", b"#!AMR\n" + bytes(3000), "cannot decode AMR"),
        ("song.wma", bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(3000), "cannot decode Windows Media"),
        ("<img src=x onerror=alert(1)>.mp3", b"this is no sound" * 100, "no recording that this page knows"),
        ("empty.mp3", b"", "The file is empty"),
    ],
)
def test_what_it_cannot_decode_it_says_it_cannot_decode(visit, page_file, tmp_path, name, data, words):
    seen = visit()
    page = seen.go(page_file)
    path = tmp_path / name
    path.write_bytes(data)
    assert answer(seen, page, path, PRINT) is None
    assert words in page.inner_text("#main .answer").replace("\u2068", "").replace("\u2069", "")
    assert "unrelated" not in page.inner_text("#main")
    assert page.query_selector("#main img") is None
    assert seen.complaints == []


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("voice.amr", b"#!AMR\n" + bytes(3000), "AMR"),
        ("empty.mp3", b"", "ឯកសារទទេ"),
        ("cut.m4a", POSTED.read_bytes()[:3000], "ឯកសារដាច់"),
        ("cut.flac", MEETING.read_bytes()[:40], "ឯកសារដាច់"),
        ("silent.wav", b"RIFF\x04\0\0\0WAVE", "គ្មានសំឡេង"),
        ("notes.txt", b"this is no sound" * 100, "មិនមែនជាការថត"),
    ],
)
def test_why_a_file_is_refused_is_said_in_the_language_of_the_page(visit, page_file, tmp_path, name, data, words):
    seen = visit()
    page = seen.go(page_file)
    page.select_option("#language", "km")
    path = tmp_path / name
    path.write_bytes(data)
    begin(page, path, PRINT)
    seen.until("!!document.querySelector('#main .answer')")
    assert words in page.inner_text("#main .answer")
    assert page.query_selector("#main .answer [lang=en]") is None


def test_hostile_names_stay_text(visit, page_file, tmp_path):
    seen = visit()
    page = seen.go(page_file)
    hostile = tmp_path / "<img src=x onerror=alert(1)>\u202egnp.m4a"
    shutil.copy(POSTED, hostile)
    reference = tmp_path / "</script><script>alert(2)</script>.print".replace("/", "∕")
    shutil.copy(PRINT, reference)
    answer(seen, page, hostile, reference)
    assert page.query_selector("#main img, #main script") is None
    assert "\u202e" not in page.inner_text("#main")
    assert seen.complaints == []


def test_a_malformed_print_is_refused(visit, page_file, tmp_path):
    seen = visit()
    page = seen.go(page_file)
    bad = tmp_path / "bad.print"
    bad.write_bytes(PRINT.read_bytes()[:-1] + b"\0")
    assert answer(seen, page, POSTED, bad) is None
    assert "damaged" in page.inner_text("#main .answer")


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True), ({"width": 640, "height": 450}, False)])
def test_it_is_accessible_and_fits_in_every_language(visit, page_file, size, dark):
    seen = visit(size, dark=dark)
    page = seen.go(page_file)
    for language in ("en", "km"):
        in_language(seen, page, language)


def in_language(seen, page, language):
    page.select_option("#language", language)
    assert page.evaluate("document.documentElement.lang") == language
    assert seen.faults() == []
    answer(seen, page, POSTED, PRINT)
    assert page.inner_text("h1") == catalogue(language)["check.page.title"]
    assert seen.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_stays_responsive(visit, page_file):
    seen = visit()
    page = seen.go(page_file)
    page.evaluate(WATCH)
    answer(seen, page, POSTED, MEETING)
    assert [task for task in page.evaluate("window.tasks") if task > 400] == [], "work belongs into the worker"


def test_nothing_runs_that_was_not_in_the_page(visit, page_file):
    seen = visit()
    page = seen.go(page_file)
    policy = page.get_attribute("meta[http-equiv]", "content")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    page.evaluate("""() => {
      window.ran = false;
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return fetch("https://example.org/").catch(() => null);
    }""")
    assert page.evaluate("window.ran") is False
    assert [url for url in seen.requests if not url.startswith(("blob:", "file:"))] == []


@pytest.mark.parametrize("name", ["whole.mp3", "meeting.flac"])
def test_damage_is_no_edit(visit, page_file, tmp_path, name):
    """A hole that damage tore looks like a cut: it is told as damage, and the answer is undecided."""
    data = bytearray((EXAMPLES / name).read_bytes())
    for k in range(20):
        data[100_000 + 5000 * k] ^= 0x55
    bad = tmp_path / name
    bad.write_bytes(data)
    seen = visit()
    ours = answer(seen, seen.go(page_file), bad, PRINT)
    assert ours["outcome"] == "undecided"
    assert ours["release"]["damage"]


def test_what_the_engine_notes_is_told_in_khmer(visit, page_file, tmp_path):
    data = bytearray((EXAMPLES / "whole.mp3").read_bytes())
    for k in range(20):
        data[100_000 + 5000 * k] ^= 0x55
    bad = tmp_path / "whole.mp3"
    bad.write_bytes(data)
    seen = visit()
    page = seen.go(page_file)
    page.select_option("#language", "km")
    ours = answer(seen, page, bad, PRINT)
    assert ours["release"]["damage"]
    told = page.locator(".result > ul li").all_inner_texts()
    assert len(told) > 3
    assert all(any("\u1780" <= letter <= "\u17ff" for letter in line) for line in told), told
    assert page.locator(".result > ul li[lang=en]").count() == 0
