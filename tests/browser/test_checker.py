"""checker.html in a real browser, from a disk: it decodes, checks, shows and plays; it asks nobody for anything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import wholetape
from eval.checker import differences
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_release_page import served
from tests.checking import desk
from wholetape.cli.main import main
from wholetape.release.checker import catalogue
from wholetape.report import as_json

EXAMPLES = desk.EXAMPLES
POSTED, MEETING, PRINT = EXAMPLES / "posted.m4a", EXAMPLES / "meeting.flac", EXAMPLES / "meeting.print"
DONE = "document.querySelector('#main .answer') !== null"
WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.tasks.push(entry.duration); })
    .observe({ type: "longtask" });
}"""


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    target = tmp_path_factory.mktemp("checker") / "checker.html"
    assert main(["checker", "-o", str(target)]) == 0
    return target


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


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A sealed meeting: the seal, its print, and the public keys of both sides."""
    folder = tmp_path_factory.mktemp("sealed")
    for name in ("side-a", "side-b"):
        assert main(["keygen", "--name", name, "-o", str(folder / f"{name}.key")]) == 0
    shutil.copy(MEETING, folder / "meeting.flac")
    words = ["--key", folder / "side-a.key", "--party", folder / "side-b.pub", "-o", folder / "meeting.seal"]
    assert main(["seal", str(folder / "meeting.flac"), *map(str, words)]) == 0
    cosign = ["cosign", folder / "meeting.seal", "--key", folder / "side-b.key", "--recording", folder / "meeting.flac"]
    assert main([*map(str, cosign)]) == 0
    return folder


def test_against_a_seal_with_the_keys_of_both_sides(visit, page_file, sealed):
    seen = visit()
    page = seen.go(page_file)
    files = [sealed / name for name in ("meeting.seal", "meeting.print", "side-a.pub", "side-b.pub")]
    ours = answer(seen, page, POSTED, *files)
    assert ours["outcome"] == "edited"
    assert (ours["references"][0]["kind"], ours["references"][0]["standing"]) == ("seal", "all-parties")
    assert "sealed by all parties" in page.inner_text(".answer")
    page.click("details.sealed summary")
    assert "no seal proves who spoke" in page.inner_text("details.sealed")
    assert seen.faults() == []


def test_without_keys_the_seal_proves_nothing(visit, page_file, sealed):
    seen = visit()
    page = seen.go(page_file)
    assert answer(seen, page, POSTED, sealed / "meeting.seal", sealed / "meeting.print") is None
    shown = page.inner_text("#main")
    assert "consistent with itself, signed by unknown keys" in shown
    page.click("summary:has-text('Keys of the parties')")
    keys = "".join((sealed / f"{name}.pub").read_text() for name in ("side-a", "side-b"))
    page.fill("textarea", keys)
    assert answer(seen, page, POSTED, sealed / "meeting.seal", sealed / "meeting.print")["outcome"] == "edited"
    assert seen.faults() == []


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


DETECTOR = """(text) => {
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect(seen) { return seen.width ? [{ rawValue: text }] : []; }
  };
}"""


def picture(path):
    from PIL import Image

    Image.new("RGB", (8, 8)).save(path)
    return path


def test_a_key_is_scanned_from_a_picture_where_the_browser_reads_codes(visit, page_file, sealed, tmp_path):
    """Chromium on Linux reads none: one that does is put in its place."""
    key = (sealed / "side-a.pub").read_text()
    for text, told in ((key, "among those above"), ("https://example.org", "but of no key")):
        seen = visit()
        seen.page.add_init_script(f"({DETECTOR})({json.dumps(text)})")
        page = seen.go(page_file)
        page.click("summary:has-text('Keys of the parties')")
        page.set_input_files(".scan input", str(picture(tmp_path / "code.png")))
        seen.until("document.querySelector('.scan [role=status]').textContent !== ''")
        assert told in page.inner_text(".scan [role=status]")
        assert page.input_value("textarea") == (key if text == key else "")
        assert seen.faults() == []


def test_a_browser_that_reads_no_codes_says_so(visit, page_file):
    seen = visit()
    seen.page.add_init_script("delete globalThis.BarcodeDetector")
    page = seen.go(page_file)
    page.click("summary:has-text('Keys of the parties')")
    assert "reads no QR codes" in page.inner_text(".scan")
    assert not page.is_visible(".scan button")
    assert not page.is_visible(".scan input")


def test_the_sealed_recording_itself_is_told_as_such_and_a_stamp_counts_under_its_root(visit, page_file):
    vectors = EXAMPLES.parent / "vectors" / "seal"
    seen = visit()
    page = seen.go(page_file)
    names = ("good-stamped.seal", "recording.print", "side-a.pub", "side-b.pub", "roots.pem")
    ours = answer(seen, page, vectors / "recording.wav", *(vectors / name for name in names))
    assert ours["references"][0]["standing"] == "all-parties"
    page.click("details.sealed summary")
    shown = page.inner_text("details.sealed")
    assert "Every sample of the copy has its sealed hash." in shown
    assert "The seal existed by this time" in shown
    assert "Clock of the vectors" in shown


def test_an_excerpts_proof_is_a_reference_and_its_own_samples_are_told_as_such(visit, page_file):
    vectors = EXAMPLES.parent / "vectors" / "seal"
    files = [vectors / name for name in ("good.excerpt", "side-a.pub", "side-b.pub")]
    for copy, own in (("excerpt.wav", True), ("excerpt-bit.wav", False)):
        seen = visit()
        page = seen.go(page_file)
        ours = answer(seen, page, vectors / copy, *files)
        assert ours["references"][0]["withheld"] == [1, 0]
        page.click("details.sealed summary")
        shown = page.inner_text("details.sealed")
        assert ("Every sample of the copy has its sealed hash." in shown) is own
        assert "withheld: 1.000 s before, 0.000 s after" in shown


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
