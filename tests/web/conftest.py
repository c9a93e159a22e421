"""The application on a fresh database, and a browser's side of it without a browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from eval.comments.loop import Loop
from tests.comments.conftest import PASSWORD, Clock, Office, hashed, lite, office, staffed, url
from wholetape.web.app import make_app
from wholetape.web.context import Context, Options
from wholetape.web.site import Site

__all__ = ["PASSWORD", "Clock", "Office", "hashed", "lite", "office", "staffed", "url"]
NUMBERS = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PAGE = """<!doctype html><html lang="{lang}"><head>
<meta name="viewport" content="width=device-width"><title>The debate</title>
<style>p{{color:red}}</style></head><body>
<main><h1>The debate</h1></main><section id="comments" data-release="debate" hidden></section>
<script>document.title = "run";</script></body></html>
"""


def make_site(folder: Path) -> Path:
    """A site with one release, an audio file, and things that must not be served."""
    release = folder / "site" / "debate"
    (release / "audio").mkdir(parents=True)
    (release / "files" / "abc").mkdir(parents=True)
    (release / "index.html").write_text(PAGE.format(lang="en"))
    (release / "index.km.html").write_text(PAGE.format(lang="km"))
    (release / "audio" / "1-abc.mp3").write_bytes(bytes(range(256)) * 40)
    (release / "files" / "abc" / "a.txt").write_text("<script>alert(1)</script>")
    (folder / "site" / "index.html").write_text("<!doctype html><title>All</title><p>All releases")
    (folder / "site" / ".hidden").write_text("hidden")
    (folder / "outside.txt").write_text("outside")
    (folder / "site" / "escape.txt").symlink_to(folder / "outside.txt")
    return folder / "site"


class Client:
    """A browser's side of HTTP: keeps cookies, follows nothing, runs no script."""

    def __init__(self, app: Any, loop: Loop) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("203.0.113.5", 40000))
        self._inner, self._loop = httpx.AsyncClient(transport=transport, base_url="http://site.test"), loop

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Asks for a page."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """Sends a form."""
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any request."""
        return self._loop.run(self._inner.request(method, path, **more))


@dataclass
class Web:
    """The application with one client, who has no cookies at first."""

    office: Office
    context: Context
    app: Any
    log: list[dict[str, object]]
    loop: Loop
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.fresh()

    def fresh(self) -> Client:
        """Another reader."""
        return Client(self.app, self.loop)

    def form(self, path: str = "/comments/debate") -> dict[str, str]:
        """The fields of the form on a page, filled in rightly, a minute later."""
        text = self.client.get(path).text
        return self.filled(text)

    def filled(self, text: str) -> dict[str, str]:
        token = re.search(r'name="token" value="([^"]+)"', text)
        asked = re.search(r"How much is (\w+) and (\w+) together", text)
        assert token
        assert asked
        self.office.clock.sleep(seconds=60)
        answer = NUMBERS.index(asked[1]) + NUMBERS.index(asked[2])
        return {"token": unescape(token[1]), "answer": str(answer), "website": "", "name": "", "email": ""}

    def send(self, text: str = "It was said at the end.", **fields: str) -> str:
        """Sends a comment as a reader does; returns the address of its private page."""
        self.context.buckets._left.clear()
        answer = self.client.post("/comments/debate", data={**self.form(), "text": text, **fields})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def sign_in(self, name: str = "max") -> Client:
        """A client who is signed in."""
        client = self.fresh()
        answer = client.post("/moderate/sign-in", data={"name": name, "password": PASSWORD, "code": ""})
        assert answer.status_code == 303, answer.text
        return client


def csrf(client: Client, path: str = "/moderate/") -> str:
    """The token of a signed-in client's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def act(client: Client, uid: str, seen: int, act: str, **fields: str):
    """Does an act on a comment by its form."""
    token = csrf(client)
    return client.post(f"/moderate/comment/{uid}", data={"csrf": token, "seen": str(seen), "act": act, **fields})


@pytest.fixture
def web(lite, tmp_path) -> Iterator[Web]:
    """The application on SQLite."""
    log: list[dict[str, object]] = []
    context = Context(lite.desk, lite.secret, Site(make_site(tmp_path)), Options(rate=100))
    loop = Loop()
    yield Web(lite, context, make_app(context, log.append), log, loop)
    loop.close()


def fresh_source() -> str:
    """The name of another source."""
    return secrets.token_hex(8)
