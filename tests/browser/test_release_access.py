"""A published release for everybody: on any screen, enlarged, by keyboard, printed, in each language and direction."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.release_page import playing
from tests.release import made


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
