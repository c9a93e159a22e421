"""Words of a transcript on a release's page: found, linked to, drawn on a card, and proven to have their place."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_hostile_release import ALL, hostile_site
from tests.release import made
from wholetape.cli.main import main
from wholetape.seal.sealfile import parse_seal

SELECT = """([from, start, to, end]) => {
  const words = (n) => document.querySelectorAll(".cues li")[n].lastElementChild.firstChild;
  getSelection().setBaseAndExtent(words(from), start, words(to), end);
}"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder with a sealed recording, its parties' keys, and its release in ``SITE``."""
    folder: Path = tmp_path_factory.mktemp("quoted")
    made.sealed_site(folder)
    return folder


def chosen(seen, page, *where):
    """Selects from a letter of one line to a letter of another; returns the words that are quoted then."""
    page.evaluate(SELECT, list(where))
    seen.until("!document.querySelector('.chosen').hidden && getSelection().toString() !== ''")
    page.wait_for_timeout(300)
    return page.inner_text(".quote .words")


def test_selected_words_grow_to_whole_words_and_get_a_link_that_keeps_them(visit, desk):
    seen = visit()
    page = seen.go(desk / "SITE" / "meeting" / "index.html")
    assert chosen(seen, page, 0, 7, 1, 8) == "first question, please. – We agreed"
    assert page.inner_text(".quote .moment") == "0:00–0:12"
    page.click(".copy-link")
    seen.until("document.querySelector('.quote-status').textContent.includes('#s=1')")
    link = page.inner_text(".quote-status").split()[-1]
    assert link.endswith("#s=1&t=0.5,12&q=" + quote("first question, please. – We agreed"))
    again = visit()
    there = again.go(link)
    again.until("!document.querySelector('.chosen').hidden")
    assert there.inner_text(".quote .words") == "first question, please. – We agreed"
    assert there.evaluate("CSS.highlights.get('wholetape-now').size") == 1
    assert seen.complaints == again.complaints == []


def test_a_link_whose_words_are_not_there_puts_none_into_the_page(visit, desk):
    """Who sends a link could name words that nobody said: the page never shows them as its own."""
    seen = visit()
    page = seen.go(desk / "SITE" / "meeting" / "index.html")
    for words in ("I stole the money", "<img src=x onerror=window.bad=1>", "%", "That is not what I said"):
        page.goto("about:blank")
        page.goto((desk / "SITE" / "meeting" / "index.html").as_uri() + f"#s=1&t=0.5,12&q={quote(words)}")
        seen.until("!document.querySelector('.not-there').hidden")
        assert words == "%" or words not in page.inner_text(".quote")
        assert not page.is_visible(".quote .chosen")
    assert page.evaluate("window.bad === undefined")


def test_words_are_found_by_keyboard_and_quoted(visit, desk):
    seen = visit()
    page = seen.go(desk / "SITE" / "meeting" / "index.html")
    page.focus(".find")
    page.keyboard.type("PLEASE we")
    seen.until("document.querySelector('.found').textContent !== ''")
    page.keyboard.press("Enter")
    seen.until("!document.querySelector('.chosen').hidden")
    assert page.inner_text(".quote .words") == "please. – We"
    assert page.inner_text(".found").split() == ["1", "of", "1"]
    page.fill(".find", "និយាយ​ដូច្នេះ")
    page.press(".find", "Enter")
    seen.until("document.querySelector('.found').textContent.startsWith('1 of')")
    page.fill(".find", "never said")
    seen.until("document.querySelector('.found').textContent.includes('may be wrong')")
    assert seen.faults() == []
    assert seen.complaints == []


@pytest.mark.parametrize("line", [1, 3, 4], ids=["latin", "khmer", "arabic"])
def test_a_card_has_the_words_and_says_what_they_are(visit, desk, line):
    seen = visit()
    page = seen.go(desk / "SITE" / "meeting" / "index.html")
    length = page.evaluate(f"document.querySelectorAll('.cues li')[{line}].lastElementChild.textContent.length")
    words = chosen(seen, page, line, 0, line, length)
    page.click(".draw-card")
    seen.until("document.querySelector('.card-png').href.startsWith('blob:')")
    for kind in ("png", "svg"):
        with page.expect_download() as download:
            page.click(f".card-{kind}")
        data = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename.endswith(f".{kind}")
        assert data.startswith(b"\x89PNG" if kind == "png" else b"<?xml")
    text = data.decode()
    assert "".join(words.split())[:4] in "".join(text.split())
    assert "may be wrong" in text
    assert "side-a, side-b" in text
    assert "wholetape/" in text
    assert seen.faults() == []
    assert seen.complaints == []


def test_a_card_shows_that_words_were_left_out_around_and_that_another_speaks(visit, desk):
    seen = visit()
    page = seen.go(desk / "SITE" / "meeting" / "index.html")
    chosen(seen, page, 0, 7, 1, 8)
    page.click(".draw-card")
    label = page.get_attribute(".card canvas", "aria-label")
    assert label.startswith("“… first question, please. – We agreed …”")


@pytest.mark.parametrize("name", ["markup", "ends", "quotes", "turned", "wide", "template"])
def test_hostile_words_become_nothing_but_text_of_a_card(visit, tmp_path, name):
    seen = visit(PHONE)
    page = seen.go(hostile_site(tmp_path, ALL[name]) / "hostile" / "index.html")
    length = page.evaluate("document.querySelectorAll('.cues li')[1].lastElementChild.textContent.length")
    chosen(seen, page, 0, 0, 1, length)
    page.click(".draw-card")
    seen.until("document.querySelector('.card-svg').href.startsWith('blob:')")
    with page.expect_download() as download:
        page.click(".card-svg")
    drawn = ElementTree.fromstring(Path(download.value.path()).read_text())
    assert {element.tag.rpartition("}")[2] for element in drawn.iter()} == {"svg", "title", "rect", "text"}
    attributes = {key for element in drawn.iter() for key in element.attrib}
    assert not [key for key in attributes if key.startswith("on") or "href" in key]
    text = "".join(drawn.itertext())
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert page.evaluate("window.bad === undefined")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert seen.complaints == []


def test_the_proof_of_their_place_verifies_with_the_program(visit, desk, tmp_path):
    seen = visit()
    page = seen.go(desk / "SITE" / "meeting" / "index.html")
    chosen(seen, page, 2, 0, 2, 10)
    with page.expect_download() as download:
        page.click(".make-proof")
    proof = tmp_path / download.value.suggested_filename
    shutil.copy(download.value.path(), proof)
    assert proof.name == "meeting-40-50.excerpt"
    lines = page.inner_text(".commands").splitlines()
    assert [line.split()[1] for line in lines] == ["excerpt", "verify"]
    assert all(proof.name in line for line in lines)
    clip = tmp_path / "quoted.wav"
    assert main(["excerpt", str(made.MEETING), "--seal", str(proof), "-o", str(clip)]) == 0
    trust = ["--trust", str(desk / "side-a.pub"), "--trust", str(desk / "side-b.pub")]
    assert main(["verify", str(clip), "--seal", str(proof), *trust]) == 0
    assert seen.complaints == []
    assert seen.faults() == []


@pytest.mark.parametrize(
    ("sealed", "told"), [(False, "Nobody has sealed this recording"), (True, "ask the parties for a proof")]
)
def test_without_a_seal_or_its_salts_the_page_says_that_it_proves_no_place(visit, desk, tmp_path, sealed, told):
    words = ["--recording", made.MEETING, "--print", made.PRINT, "--transcript", desk / "captions.vtt", "--id", "x"]
    if sealed:
        public = tmp_path / "public.seal"
        public.write_bytes(parse_seal((desk / "meeting.seal").read_bytes()).public().encode())
        words += ["--seal", public, "--trust", desk / "side-a.pub", "--trust", desk / "side-b.pub"]
        words[3] = desk / "meeting.print"
    made.publish(*words, "-o", tmp_path / "SITE")
    seen = visit()
    page = seen.go(tmp_path / "SITE" / "x" / "index.html")
    chosen(seen, page, 1, 0, 1, 4)
    assert page.locator(".make-proof").count() == 0
    assert told in page.inner_text(".quote .chosen")


def test_without_scripts_each_line_is_a_link_and_the_page_says_so(visit, desk):
    page = visit(script=False).go(desk / "SITE" / "meeting" / "index.html")
    assert "scripts, which are switched off" in page.inner_text(".quote")
    assert page.locator(".cues .moment").first.get_attribute("href") == "#s=1&t=0.5"
    assert not page.is_visible(".finding")
