"""The archive's page in a real browser: a clip or words in, recordings out; accessible in two languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, serving
from wholetape.archive import Archive
from wholetape.checking.printing import print_or_why
from wholetape.cli.moderation import Place, open_desk
from wholetape.web.app import make_app
from wholetape.web.context import Context, Options
from wholetape.web.site import Site

SPEECH = Path(__file__).parents[2] / "examples" / "speech"
CLIP = SPEECH / "ami-trn01.flac"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[str]:
    """The application with an archive of three recordings, one with a transcript; its address."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "site").mkdir()
    sound = folder / "sound"
    sound.mkdir()
    for name in ("ami-trn01", "ami-dev01", "jfk-inaugural-1961"):
        shutil.copy(SPEECH / f"{name}.flac", sound)
    (sound / "jfk-inaugural-1961.txt").write_text("ask not what your country <b>can</b> do for you")
    with Archive(folder / "A", make=True) as archive:
        list(archive.add([str(sound)], print_or_why))
        desk, secret = open_desk(Place.of(str(folder / "site"), None, str(folder / "data")), create=True)
        context = Context(desk, secret, Site(folder / "site"), Options(rate=1000), archive=archive)
        with serving(make_app(context, lambda event: None)) as address:
            yield address
        desk.close()


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("script", [True, False], ids=["", "without script"])
def test_a_clip_is_found_and_every_state_of_the_page_is_accessible(served, visit, language, script):
    seen = visit(script=script)
    page = seen.go(f"{served}/archive?lang={language}")
    states = [lambda: None]

    def clip(path: Path) -> None:
        page.locator("#clip").set_input_files(path)
        page.locator("form[method=post] button").click()
        page.wait_for_selector("#answer, [role=alert]")

    states += [lambda: clip(CLIP), lambda: clip(SPEECH / "ami-dev00.flac"), lambda: clip(Path(__file__))]
    told = []
    for state in states:
        state()
        told.append(page.inner_text("main"))
        assert page.locator("html").get_attribute("lang") == language
        if script:
            assert seen.faults() == []
    assert ["ami-trn01.flac" in text for text in told] == [False, True, False, False]
    assert page.locator("[role=alert]").count() == 1
    assert all(url.startswith(served) for url in seen.requests)
    assert [line for line in seen.complaints if "status of 4" not in line] == []


def test_words_are_found_by_keyboard_alone(served, visit):
    seen = visit()
    page = seen.go(f"{served}/archive")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "words":
            break
    page.keyboard.type("country")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=country*")
    assert "ask not what your country <b>can</b> do for you" in page.inner_text("main")
    assert seen.faults() == []


def test_dark_on_a_phone_it_fits(served, visit):
    seen = visit(PHONE, dark=True)
    page = seen.go(f"{served}/archive?lang=km")
    page.locator("#clip").set_input_files(CLIP)
    page.locator("form[method=post] button").click()
    page.wait_for_selector("#answer")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.faults() == []
