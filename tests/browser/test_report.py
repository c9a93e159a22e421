"""The report of a check in a real browser: it asks for nothing, plays, prints, and works for everybody."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.report import results
from tests.report.sounding import sounds
from wholetape.errors import UnreadableInput
from wholetape.findings import Edit, Kind
from wholetape.report import Occasion, as_html

OCCASION = Occasion({"wholetape": "0.1.0"}, "2026-11-24 05:00:00 UTC")
MAKES = [results.whole, results.excerpt, results.edited, results.undecided, results.unrelated]


@pytest.fixture
def written(tmp_path):
    """Writes the page about the answers into a file."""

    def write(*answers, paths=()):
        path = tmp_path / "report.html"
        shown = [answer for answer in answers if not isinstance(answer, Exception)]
        path.write_text(as_html(answers, OCCASION, sounds(*shown), paths), encoding="utf-8")
        return path

    return write


def everything():
    """An edited release with a possible edit, stretches unverified, several references and a long name."""
    plain, doubt = results.edited(), results.undecided()
    return replace(
        plain,
        release=results.release(150, path="a-very-long-name-" * 12 + ".m4a", has_picture=True),
        references=(*plain.references, results.reference(60, path="second.print", kind="print")),
        edits=(*plain.edits, *doubt.edits),
        spans=(*plain.spans[:-1], replace(plain.spans[-1], kind=Kind.UNVERIFIED)),
        coverage=replace(plain.coverage, references=(0.9, 0.1)),
        notes=("one thing", "and another"),
    )


def test_it_asks_for_nothing_and_breaks_no_rule_of_its_own(visit, written):
    seen = visit()
    page = seen.go(written(results.edited()))
    page.get_by_role("button", name=re.compile("release, the join")).click()
    page.wait_for_selector("figure.playing")
    assert [url for url in seen.requests if not url.startswith("data:audio/mpeg;")] == [page.url]
    assert seen.complaints == []


def test_it_would_be_stopped_if_it_tried(visit, written):
    """The policy holds: neither fetched, inline nor styled code runs that was not in the page."""
    seen = visit()
    page = seen.go(written(results.edited()))
    ran = page.evaluate(
        """async () => {
            const image = document.createElement("img"); image.setAttribute("onerror", "window.bad = 1");
            image.src = "nowhere.png"; document.body.append(image);
            const script = document.createElement("script"); script.textContent = "window.bad = 2";
            document.body.append(script);
            const asked = await fetch("http://127.0.0.1:9/").then(() => true, () => false);
            await new Promise(resolve => setTimeout(resolve, 100));
            return [window.bad === undefined, asked];
        }"""
    )
    assert ran == [True, False]
    assert len(seen.complaints) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("make", [*MAKES, everything], ids=lambda make: make.__name__)
def test_axe_finds_nothing_wrong_and_nothing_is_wider_than_the_screen(visit, written, make, size, dark):
    seen = visit(size, dark=dark)
    page = seen.go(written(make()))
    assert seen.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_axe_finds_nothing_wrong_with_several_releases(visit, written):
    seen = visit(PHONE)
    gone = UnreadableInput("gone.m4a does not exist", "check the path")
    seen.go(written(results.edited(), gone, results.whole(), paths=["a", "gone.m4a", "b"]))
    assert seen.faults() == []


def test_axe_would_find_something(visit, written):
    seen = visit()
    page = seen.go(written(results.edited()))
    page.evaluate("document.querySelector('figure button').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('figure button').textContent = ''")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert {fault.split(":")[0] for fault in seen.faults()} == {"button-name", "html-has-lang"}


def test_an_edit_chosen_in_the_picture_is_shown_marked_and_heard(visit, written):
    seen = visit()
    page = seen.go(written(results.edited()))
    page.get_by_role("link", name="Edit 3, replaced").click()
    seen.until("location.hash === '#r1e3'")
    page.wait_for_selector("#r1e3 .of-release.playing")
    entry = page.locator("#r1e3")
    assert entry.evaluate("e => e === document.activeElement")
    seen.until("document.querySelector('#r1e3').getBoundingClientRect().top < innerHeight")
    seen.until("document.querySelector('#r1e3 audio').currentTime > 0.05")
    moved = "parseFloat(document.querySelector('#r1e3 .of-release .cursor').getAttribute('x1')) > 1"
    seen.until(moved)


def test_everything_can_be_done_with_the_keyboard_alone(visit, written):
    page = visit().go(written(results.edited()))
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.className")
        if name == "skip" and reached:  # round again
            break
        reached.append(name)
    assert reached[0] == "skip"
    assert [name.split(":")[0] for name in reached if name.startswith("Edit ")] == [
        f"Edit {number}, {edit.kind}" for number, edit in enumerate(results.edited().edits, 1)
    ]
    buttons = [name for name in reached if name.startswith("Play ")]
    assert len(buttons) == 11
    page.get_by_role("button", name=buttons[0]).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("figure.playing")
    page.keyboard.press("Escape")
    page.wait_for_selector("figure.playing", state="detached")


def test_one_place_is_heard_at_a_time_and_it_ends_by_itself(visit, written):
    seen = visit()
    page = seen.go(written(results.edited()))
    first, second = page.locator("figure button").nth(0), page.locator("figure button").nth(1)
    first.click()
    page.wait_for_selector("figure.playing")
    second.click()
    seen.until("document.querySelectorAll('figure.playing').length === 1")
    assert first.text_content() == "▶ Play"
    assert second.text_content() == "■ Stop"
    page.wait_for_selector("figure.playing", state="detached")
    assert second.text_content() == "▶ Play"


def test_a_click_into_a_drawing_plays_from_there(visit, written):
    seen = visit()
    page = seen.go(written(results.edited()))
    page.evaluate("""document.querySelectorAll("audio").forEach(a => a.addEventListener("playing",
        () => { window.began = a.currentTime / a.duration; }, { once: true }))""")
    drawing = page.locator(".wave-of").first
    width = drawing.bounding_box()["width"]
    drawing.click(position={"x": width / 2, "y": 20})
    seen.until("window.began !== undefined")
    assert 0.45 < page.evaluate("window.began") < 0.75


def test_without_a_script_the_browsers_own_controls_are_there(visit, written):
    page = visit(script=False).go(written(results.edited()))
    assert page.locator("audio").first.is_visible()
    assert page.locator("figure button").first.is_hidden()


def test_printed_it_holds_every_edit_and_no_buttons(visit, written):
    page = visit().go(written(everything()))
    page.emulate_media(media="print")
    assert not any(button.is_visible() for button in page.locator("button, audio").all())
    assert all(entry.is_visible() for entry in page.locator(".entry").all())
    overlapping = page.evaluate(
        """() => [...document.querySelectorAll("figure .wave-of")].filter(wave => {
            const drawn = wave.querySelector("path").getBoundingClientRect(), box = wave.getBoundingClientRect();
            return drawn.bottom > box.bottom + 1 || drawn.right > box.right + 1;
        }).length"""
    )
    assert overlapping == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


def test_dark_and_print_are_readable_each_in_its_own_colours(visit, written):
    seen = visit(dark=True)
    page = seen.go(written(results.edited()))
    ground = "getComputedStyle(document.body).color"
    assert page.evaluate(ground) == "rgb(232, 233, 236)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(27, 29, 33)"


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=document.title='bad'>", "</script><script>document.title='bad'</script>", "' onfocus='x"],
)
def test_a_hostile_name_is_read_and_not_run(visit, written, hostile):
    seen = visit()
    edit = Edit(Kind.CUT, results.span(5, 5), 0, results.span(7, 9), 0.99, where=hostile)
    result = replace(
        results.edited(),
        release=results.release(150, path=hostile),
        references=(results.reference(158, path=hostile),),
        edits=(edit,),
        notes=(hostile,),
    )
    page = seen.go(written(result))
    assert page.evaluate("document.title").endswith("report of a check")
    assert hostile.rsplit("/", 1)[-1] in page.locator("h2").first.text_content()
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert seen.complaints == []
