"""A published release in a real browser: from a disk and from a web server, played, read along, linked, printed."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import re
import threading
from collections.abc import Iterator

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.release import made


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@contextlib.contextmanager
def served(folder) -> Iterator[str]:
    """The folder on a web server that knows nothing of it."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return made.site(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="session")
def sealed(tmp_path_factory):
    return made.sealed_site(tmp_path_factory.mktemp("sealed"))


@pytest.fixture(scope="session")
def address(site):
    with served(site) as found:
        yield found


def playing(seen, session: int = 1) -> float:
    return float(seen.page.evaluate(f"document.querySelector('#s{session} audio').currentTime"))


@pytest.fixture(params=["file", "http"])
def page_of(request, site, address):
    """The address of a page of the site, from a disk and from a web server."""

    def at(name: str) -> str:
        return (site / name).as_uri() if request.param == "file" else f"{address}/{name}"

    return at


def test_from_the_list_to_the_sound(visit, page_of):
    seen = visit()
    page = seen.go(page_of("index.html"))
    page.get_by_role("link", name="The meeting").click()
    page.get_by_role("button", name="▶ Play", exact=True).first.click()
    seen.until("document.querySelector('#s1 audio').currentTime > 0.3")
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("document.querySelector('#s1 audio').paused")
    assert seen.complaints == []
    folder = page_of("")
    assert [url for url in seen.requests if not url.startswith((folder, "data:", "blob:"))] == []


def test_nothing_but_the_page_is_asked_for_before_somebody_plays(visit, page_of):
    seen = visit()
    page = seen.go(page_of("meeting/index.html"))
    page.wait_for_timeout(300)
    assert [url for url in seen.requests if not url.startswith("data:")] == [page.url]


def test_a_line_of_the_transcript_seeks_and_the_transcript_follows(visit, page_of):
    seen = visit()
    page = seen.go(page_of("meeting/index.html"))
    page.locator(".cues a").nth(2).click()
    seen.until("document.querySelector('#s1 audio').currentTime > 40.2")
    assert playing(seen) < 46
    assert "That is not what I said" in page.locator(".cues li[aria-current=true]").text_content()
    page.locator(".cues a").nth(3).click()
    seen.until("document.querySelector('#s1 audio').currentTime > 70")
    seen.until("document.querySelector('.cues li.now').textContent.includes('ខ្ញុំ')")
    assert page.url.endswith("#s=1&t=70")


def test_the_slider_and_the_waveform_seek(visit, site):
    seen = visit()
    page = seen.go(site / "meeting" / "index.html")
    page.locator("#s1 .seek").focus()
    page.keyboard.press("End")
    assert page.locator("#s1 .now-at").text_content() == "2:00"
    wave = page.locator("#s1 .wave-of")
    box = wave.bounding_box()
    wave.click(position={"x": box["width"] / 2, "y": 30})
    seen.until("document.querySelector('#s1 audio').currentTime > 60.1")
    assert playing(seen) < 63


@pytest.mark.parametrize(
    ("fragment", "start"), [("#t=62.5", 62.5), ("#t=1:02.5", 62.5), ("#s=1&t=10,12", 10), ("#t=npt:5", 5)]
)
def test_a_link_leads_to_its_moment(visit, page_of, fragment, start):
    seen = visit()
    page = seen.go(page_of("meeting/index.html") + fragment)
    page.keyboard.press("Enter")  # the play button has the focus
    seen.until(f"document.querySelector('#s1 audio').currentTime > {start + 0.2}")
    assert playing(seen) < start + 4


def test_a_link_to_a_stretch_plays_it_and_stops(visit, site):
    seen = visit()
    page = seen.go((site / "meeting" / "index.html").as_uri() + "#t=10,10.8")
    page.keyboard.press("Enter")
    seen.until("document.querySelector('#s1 audio').currentTime >= 10.8")
    seen.until("document.querySelector('#s1 audio').paused")
    assert playing(seen) < 11.5


@pytest.mark.parametrize("fragment", ["#t=", "#t=x", "#s=9&t=1", "#t=1:2:3:4", "#<script>", "#t=1e9", "#t=99999"])
def test_a_broken_link_breaks_nothing(visit, site, fragment):
    seen = visit()
    page = seen.go((site / "meeting" / "index.html").as_uri() + fragment)
    assert page.locator("#s1 .toggle").is_visible()
    assert seen.complaints == []


def test_the_link_to_this_moment_is_shown(visit, site):
    seen = visit()
    page = seen.go((site / "meeting" / "index.html").as_uri() + "#t=12.5")
    page.get_by_role("button", name="Link to this moment").click()
    shown = page.locator("#s1 .link-shown")
    assert shown.text_content().endswith("#s=1&t=12.5")


def test_the_removed_passage_is_played_from_the_recording(visit, page_of):
    seen = visit()
    page = seen.go(page_of("meeting/index.html"))
    page.get_by_role("button", name=re.compile("what was removed, 0:38")).click()
    seen.until("document.querySelector('#a1e1 .of-reference audio').currentTime > 38.5")
    assert page.locator("#a1e1 .of-reference.playing").count() == 1
    page.locator("#s1 .toggle").click()
    assert page.locator("#a1e1 .of-reference.playing").count() == 0


def test_an_edit_chosen_in_the_drawing_is_shown_and_heard(visit, site):
    seen = visit()
    page = seen.go(site / "meeting" / "index.html")
    page.get_by_role("link", name="Edit 2, replaced").click()
    page.wait_for_selector("#a1e2 .playing")
    assert page.locator("#a1e2").evaluate("e => e === document.activeElement")


def test_without_a_script_everything_is_there_with_the_browsers_own_controls(visit, site):
    page = visit(script=False).go(site / "meeting" / "index.html")
    assert page.locator("#s1 audio").is_visible()
    assert page.locator(".controls").is_hidden()
    assert page.locator("#a1e1 audio").first.is_visible()
    assert page.get_by_text("That is not what I said.").is_visible()


@pytest.mark.parametrize("name", ["index.html", "meeting/index.html", "meeting/embed.html"])
@pytest.mark.parametrize("language", ["", ".km"])
@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone-dark"])
def test_axe_finds_nothing_wrong_and_nothing_is_wider_than_the_screen(visit, site, name, language, size, dark):
    seen = visit(size, dark=dark)
    page = seen.go(site / name.replace(".html", f"{language}.html"))
    assert seen.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("language", ["", ".km"])
def test_axe_finds_nothing_wrong_with_a_sealed_release(visit, sealed, language):
    seen = visit()
    seen.go(sealed / "meeting" / f"index{language}.html")
    assert seen.faults() == []
    assert seen.complaints == []


def test_at_twice_the_size_nothing_is_cut_off(visit, site):
    """200% zoom of a window is half its width in CSS pixels."""
    seen = visit({"width": 640, "height": 450})
    page = seen.go(site / "meeting" / "index.html")
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    assert (
        page.evaluate("[...document.querySelectorAll('button')].filter(b => b.scrollWidth > b.clientWidth + 1).length")
        == 0
    )


def test_everything_can_be_done_with_the_keyboard_alone(visit, site):
    seen = visit()
    page = seen.go(site / "meeting" / "index.html")
    reached: list[str] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(e => e.getAttribute('aria-label') || e.textContent.trim().slice(0, 40))(document.activeElement)"
        )
        if "The Daily Tape" in reached and name == "To the recording":
            break
        reached.append(name)
    for wanted in (
        "To the recording",
        "Position",
        "▶ Play",
        "−10 s",
        "Link to this moment",
        "0:40",
        "meeting.flac",
    ):
        assert wanted in reached, wanted
    assert sum("what was removed" in name for name in reached) == 2
    page.locator("#s1 .toggle").focus()
    page.keyboard.press("k")
    seen.until("document.querySelector('#s1 audio').currentTime > 0.1")
    page.keyboard.press("l")
    seen.until("document.querySelector('#s1 audio').currentTime > 10")
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('#s1 audio').paused")


def test_the_languages_lead_to_each_other_and_keep_the_moment(visit, site):
    seen = visit()
    page = seen.go((site / "meeting" / "index.html").as_uri() + "#t=62.5")
    page.get_by_role("link", name="ខ្មែរ").click()
    seen.until("document.documentElement.lang === 'km'")
    assert page.url.endswith("index.km.html#t=62.5")
    assert page.get_by_role("link", name="English").count() == 1


def test_printed_it_holds_transcript_edits_and_proofs_and_no_controls(visit, sealed):
    page = visit().go(sealed / "meeting" / "index.html")
    page.emulate_media(media="print")
    assert not any(button.is_visible() for button in page.locator("button, audio, input").all())
    for words in ("That is not what I said.", "The edits", "Never proven by any of this", "SHA-256"):
        assert page.get_by_text(words).first.is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_the_small_player_plays_in_another_page(visit, site, tmp_path, address):
    other = tmp_path / "other.html"
    other.write_text(
        f'<!doctype html><title>x</title><iframe src="{address}/meeting/embed.html" width="600" height="400"></iframe>'
    )
    with served(tmp_path) as elsewhere:
        seen = visit()
        page = seen.go(f"{elsewhere}/other.html")
        frame = page.frame_locator("iframe")
        assert frame.get_by_text("edited").is_visible()
        frame.get_by_role("button", name="▶ Play").click()
        frame.get_by_role("button", name="Pause").wait_for()
        assert [line for line in seen.complaints if "404" not in line] == []  # the other page's own icon


def test_a_policy_stops_what_is_not_the_pages_own(visit, page_of):
    seen = visit()
    page = seen.go(page_of("meeting/index.html"))
    failed: list[tuple[str, str]] = []
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    ran = page.evaluate(
        """async () => {
            const image = document.createElement("img"); image.setAttribute("onerror", "window.bad = 1");
            image.src = "nowhere.png"; document.body.append(image);
            const script = document.createElement("script"); script.textContent = "window.bad = 2";
            document.body.append(script);
            const box = document.createElement("div");
            box.innerHTML = '<script src="data/evil.js"></' + 'script><style>body { display: none }</style>';
            document.body.append(box);
            const far = document.createElement("script"); far.src = "http://127.0.0.1:9/evil.js";
            document.body.append(far);
            const asked = await fetch("http://127.0.0.1:9/").then(() => true, () => false);
            await new Promise(resolve => setTimeout(resolve, 200));
            return [window.bad === undefined, asked, getComputedStyle(document.body).display];
        }"""
    )
    assert ran == [True, False, "block"]
    assert ("http://127.0.0.1:9/evil.js", "csp") in failed
    assert not [url for url, why in failed if ":9/" in url and why != "csp"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_written_from_right_to_left_it_is_as_wide_as_the_screen_and_the_sound_runs_as_ever(visit, tmp_path, size):
    words = {"name": "العربية", "dir": "rtl", "page.listen": "استمع", "page.play": "تشغيل"}
    (tmp_path / "ar.json").write_text(json.dumps(words), encoding="utf-8")
    folder = made.site(tmp_path, "--messages", tmp_path / "ar.json", "--language", "ar", "--title", "الاجتماع")
    seen = visit(size)
    page = seen.go(folder / "meeting" / "index.html")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert seen.faults() == []
    wave = page.locator("#s1 .wave-of")
    wave.click(position={"x": wave.bounding_box()["width"] * 0.75, "y": 30})
    seen.until("document.querySelector('#s1 audio').currentTime > 89")
    assert playing(seen) < 95


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
