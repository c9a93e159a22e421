"""A published release in a real browser: from a disk and a web server, played, read along, linked, shown elsewhere."""

from __future__ import annotations

import re

import pytest

from tests.browser.release_page import playing, served


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
