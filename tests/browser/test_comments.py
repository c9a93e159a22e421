"""The pages of comments and of the desk in a real browser: accessible in two languages, by keyboard, without script."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.browser.conftest import PHONE, serving
from tests.comments.conftest import PASSWORD, lite
from tests.web.conftest import make_site
from wholetape.comments.settings import Settings
from wholetape.comments.states import Act, Role
from wholetape.web.app import make_app
from wholetape.web.context import Context, Options
from wholetape.web.site import Site

__all__ = ["lite"]


@pytest.fixture
def served(lite, tmp_path) -> Iterator[str]:
    """The application on the loopback interface, with comments in every state; its address."""
    lite.desk.clock = lite.clock = _Now()
    context = Context(lite.desk, lite.secret, Site(make_site(tmp_path)), Options(rate=1000))
    context._settings = float("inf"), Settings(form_seconds=0)
    with serving(make_app(context, lambda event: None)) as address:
        yield address


class _Now:
    def __call__(self) -> int:
        return time.time_ns() // 1_000_000

    def sleep(self, **more: float) -> None:
        """Time goes on by itself."""


@pytest.fixture
def filled(lite, served) -> str:
    """Comments, answers, an edit, a rejection and an answer to the moderator; the address of a private page."""
    from wholetape.comments import author

    top = lite.published("ខ្ញុំយល់ស្រប។ A first comment, with a long word " + "x" * 200, name="Ann")
    lite.published("An answer.", parent=top, name="សុខា")
    lite.published("مرحبا بالعالم \u202e turned")
    uid, token = lite.send("You idiots, it was said.", source="1" * 16, email="a@example.org")
    lite.act(uid, Act.EDITED, text="It was said.", reason="an insult", rule="disrespect")
    lite.act(uid, Act.NOTED, text="a note")
    lite.act(uid, Act.APPROVED)
    lite.desk.do(author.answer(token, "A joke."))
    for number in range(3):
        lite.send(f"waiting {'abc'[number]}", source="2" * 16, name="Bo")
    return f"/comments/-/status/{token}"


def test_every_page_is_accessible_in_both_languages(filled, served, lite, visit):
    uid = lite.read(lambda c: c.exec_driver_sql("SELECT uid FROM comments WHERE edits = 1").scalar())
    public = lite.read(lambda c: c.exec_driver_sql("SELECT uid FROM comments WHERE state = 'published'").scalar())
    readers = ["/comments/debate", f"/comments/debate?reply={public}#write", f"/comments/debate/{public}", filled]
    readers += [
        "/comments/-/terms",
        "/comments/-/transparency",
        "/comments/debate/statement",
        "/nothing",
        "/moderate/sign-in",
    ]
    desk = ["/moderate/", f"/moderate/comment/{uid}", "/moderate/accounts", "/moderate/settings", "/moderate/numbers"]
    desk += ["/moderate/trail", "/moderate/password", "/moderate/?state=all"]
    seen, found = visit(), {}
    for path in readers:
        for language in ("en", "km"):
            address, _, fragment = path.partition("#")
            seen.go(f"{served}{address}{'&' if '?' in address else '?'}lang={language}#{fragment}")
            found[path, language] = seen.faults()
    sign_in(seen, served)
    for path in desk:
        for language in ("en", "km"):
            seen.go(f"{served}{path}{'&' if '?' in path else '?'}lang={language}")
            assert seen.page.locator("html").get_attribute("lang") == language
            found[path, language] = seen.faults()
    assert {where: faults for where, faults in found.items() if faults} == {}
    assert all(url.startswith(served) for url in seen.requests)


def sign_in(seen, served, name="ada"):
    seen.go(f"{served}/moderate/sign-in")
    seen.page.get_by_label("Name").fill(name)
    seen.page.get_by_label("Password").fill(PASSWORD)
    seen.page.get_by_role("button", name="Sign in").click()


def test_dark_and_on_a_phone_pages_fit_and_are_accessible(filled, served, visit):
    seen = visit(PHONE, dark=True)
    for path in ("/comments/debate", "/debate/", filled, "/moderate/sign-in"):
        seen.go(served + path)
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if path != "/debate/":
            assert seen.faults() == []


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_sends_a_comment_and_withdraws_it_by_keyboard_alone(served, lite, visit, script):
    seen = visit(script=script)
    page = seen.go(f"{served}/comments/debate")
    question = page.locator("label[for=answer]").inner_text()
    numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    a, b = (numbers.index(w) for w in re.findall(r"\b(" + "|".join(numbers) + r")\b", question)[:2])
    _tab_to(page, "text")
    page.keyboard.type("By keyboard alone.")
    _tab_to(page, "name")
    page.keyboard.type("Ann")
    _tab_to(page, "answer")
    page.keyboard.type(str(a + b))
    page.keyboard.press("Enter")
    page.wait_for_url("**/status/**")
    assert "waits for a moderator" in page.inner_text("main")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Withdraw my comment":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You have withdrawn it.")
    assert lite.row(_last(lite)).state == "withdrawn"


def _last(lite) -> str:
    return str(lite.read(lambda c: c.exec_driver_sql("SELECT uid FROM comments ORDER BY id DESC LIMIT 1").scalar()))


def _tab_to(page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached")


def test_the_hidden_field_is_not_reached_by_keyboard_or_reader(served, visit):
    page = visit().go(f"{served}/comments/debate")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || ''"))
    assert "text" in reached
    assert "website" not in reached


def test_a_moderator_goes_through_the_queue_by_keys(filled, served, lite, visit):
    seen = visit()
    sign_in(seen, served, "max")
    page = seen.page
    page.locator(".item").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(".item input:checked").count() == 2
    page.get_by_role("button", name="Reject").click()
    assert "Done: 2." in page.inner_text("main")
    page.locator(".item").first.focus()
    page.keyboard.press("o")
    page.wait_for_url("**/moderate/comment/**")
    page.locator("#do-edit textarea").fill("waiting, edited")
    page.get_by_role("button", name="Look at the difference").click()
    assert page.locator("ins").count() > 0
    page.get_by_role("button", name="Make this edit and approve").click()
    assert "published" in page.inner_text("main")
    assert seen.complaints == []


def test_in_the_releases_page_no_rule_is_broken(filled, served, visit):
    seen = visit()
    page = seen.go(f"{served}/debate/")
    assert page.title() == "run"
    assert page.locator("#comments .comment").count() == 4
    assert seen.complaints == []
    page.get_by_role("link", name="Comments on a page of their own").click()
    assert page.locator("h1").inner_text() == "Comments: debate"


def test_an_auditor_sees_no_button_that_changes_anything(filled, served, lite, visit):
    seen = visit()
    sign_in(seen, served, "otto")
    assert Role.AUDITOR in lite.accounts
    assert seen.page.locator(".item input").count() == 0
    seen.page.locator(".item a").first.click()
    assert seen.page.locator("main form").count() == 0
