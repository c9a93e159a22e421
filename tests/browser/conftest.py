"""A real browser: the system's Chromium, headless, driven through Playwright; what a page asks for is written down."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.release_page import served
from tests.release import made
from wholetape.cli.main import main

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def _missing(what: str) -> None:
    """Skip what needs ``what``; where everything must be there, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and this machine must have it")
    pytest.skip(f"{what} is missing")


@dataclass
class Visit:
    """One page in a fresh window, with all that it asked for and complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, target: Path | str) -> Any:
        """Opens a file or an address, and returns the page."""
        self.page.goto(target.resolve().as_uri() if isinstance(target, Path) else target)
        return self.page

    def until(self, expression: str, seconds: float = 20.0) -> None:
        """Waits until ``expression`` holds in the page, also where its policy forbids Playwright's own way to wait."""
        for _ in range(round(seconds / 0.05)):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true: {expression}")

    def faults(self) -> list[str]:
        """What axe-core finds wrong with the page as it stands: rule, then the places."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{fault['id']}: {[node['target'] for node in fault['nodes']][:3]}" for fault in found]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The running browser."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        _missing("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Makes a :class:`Visit`: ``visit(size, dark=…, script=…)``; every window is closed at the end."""
    opened = []

    def make(size: dict[str, int] | None = None, *, dark: bool = False, script: bool = True) -> Visit:
        context = chromium.new_context(
            viewport=size or DESKTOP, color_scheme="dark" if dark else "light", java_script_enabled=script
        )
        opened.append(context)
        seen = Visit(context.new_page())
        seen.page.set_default_timeout(20_000)
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda line: seen.complaints.append(line.text) if line.type == "error" else None)
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        return seen

    yield make
    for context in opened:
        context.close()


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application on the loopback interface; its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    target = tmp_path_factory.mktemp("checker") / "checker.html"
    assert main(["checker", "-o", str(target)]) == 0
    return target


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


@pytest.fixture(params=["file", "http"])
def page_of(request, site, address):
    """The address of a page of the site, from a disk and from a web server."""

    def at(name: str) -> str:
        return (site / name).as_uri() if request.param == "file" else f"{address}/{name}"

    return at
