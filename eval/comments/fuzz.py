"""Requests made to break things, to every route: no answer is a 500, nothing that was sent comes back as markup."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes

from eval.comments.office import PASSWORD, Browser, office
from wholetape.comments.acts import New
from wholetape.comments.hurdle import make_form
from wholetape.comments.settings import Settings
from wholetape.comments.states import Role
from wholetape.comments.verify import verify_trail

SCRIPT = "<script>fuzzed()</script>"
PIECES = (
    b"",
    b"debate",
    b"-",
    b"..",
    b"%2e%2e",
    b"..%2f..%2f..%2fetc%2fpasswd",
    b"....//",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"A" * 5000,
    SCRIPT.encode(),
    b"'\"><img src=x onerror=fuzzed()>",
    b"{{7*7}}{%debug%}",
    b"' OR 1=1 --",
    b"${jndi:ldap://x}",
    b"\r\nSet-Cookie: a=b",
    "\u202e\u2066\u200b\ufeff".encode(),
    "ខ្មែរ".encode(),
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e9",
    b"null",
    b"[]",
)
PATHS = (
    *("/", "/debate/", "/debate/{}", "/{}", "/comments/{}", "/comments/debate", "/comments/debate/{}"),
    *("/comments/debate/feed.xml", "/comments/{}/feed.xml", "/comments/debate/{}/signed", "/comments/debate/statement"),
    *("/comments/-/status/{}", "/comments/-/status/{}/receipt", "/comments/-/status/{}/withdraw"),
    *("/comments/-/status/{}/answer", "/comments/-/{}", "/comments/-/assets/{}", "/comments/-/consistency"),
    *("/comments/-/terms", "/comments/-/transparency", "/comments/-/head", "/comments/-/key.pub"),
    *(
        "/moderate/",
        "/moderate/{}",
        "/moderate/sign-in",
        "/moderate/sign-out",
        "/moderate/bulk",
        "/moderate/comment/{}",
    ),
    *("/moderate/accounts", "/moderate/password", "/moderate/settings", "/moderate/numbers", "/moderate/trail"),
    *("/healthz", "/readyz", "/metrics"),
)
FIELDS = (
    *("text", "name", "email", "parent", "token", "answer", "website", "csrf", "act", "seen", "uid", "rule", "reason"),
    *(
        "note",
        "answers",
        "password",
        "code",
        "old",
        "new",
        "role",
        "state",
        "words",
        "after",
        "before",
        "order",
        "lang",
    ),
    *("release", "kind", "source", "likeness", "reply", "longest", "notice", "done"),
)
_HEADERS = ("Range", "Accept-Language", "Origin", "Host", "X-Forwarded-For", "If-None-Match", "Content-Type")
_VALUES = ("bytes=0-1", "bytes=-1", "bytes=9-1", "km", "null", "http://evil.test", "a" * 300, "*", "text/plain")
_TYPED = re.compile(r'<textarea[^>]*>[^<]*</textarea>| value="[^"]*"')
"""What somebody typed is given back in the field where it was typed."""
_WRONG = (
    re.compile(re.escape(SCRIPT)),
    re.compile("<img src=x onerror"),
    re.compile("root:x:0:0"),
    re.compile("Traceback|sqlalchemy|SELECT .* FROM"),
    re.compile("[\u202a-\u202e\u2066-\u2069]"),
)


@dataclass
class Count:
    """What was tried."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def run(folder: Path, requests: int, seed: int = 1) -> Count:
    """Sends ``requests`` requests, as readers, as a moderator and as an administrator."""
    draw, told = random.Random(seed), Count()
    with office(folder) as desk:
        browser = Browser(desk, folder)
        uid = desk.receive(New("debate", f"real {SCRIPT}"), Role.AUTHOR)
        people = {"192.0.2.1": "", **{address: _sign_in(browser, *who) for address, who in _STAFF.items()}}
        for number in range(requests):
            address = draw.choice(list(people))
            form = make_form(desk.secret, "debate", Settings(), desk.clock())
            desk.clock.at += 200
            known = {
                "token": form.token,
                "answer": str(form.question.a + form.question.b),
                "csrf": people[address],
                "uid": uid,
                "seen": "1",
            }
            method, path, more = _request(draw, known)
            answer = browser.request(method, path, address, **more)
            told.requests += 1
            told.statuses[answer.status_code] += 1
            _judge(told, f"{number}: {method} {path[:80]}", answer.status_code, answer.content, str(answer.headers))
            if address in _STAFF and answer.headers.get("location", "").startswith("/moderate/sign-in"):
                desk.read(lambda c: c)
                people[address] = _sign_in(browser, *_STAFF[address])
        desk.read(verify_trail)
        if any(event.get("event") == "error" for event in browser.log):
            told.faults += [str(event) for event in browser.log if event.get("event") == "error"][:10]
        browser.close()
    return told


_STAFF = {"192.0.2.2": ("max", Role.MODERATOR), "192.0.2.3": ("otto", Role.AUDITOR)}


def _sign_in(browser: Browser, name: str, role: Role) -> str:
    address = next(a for a, who in _STAFF.items() if who[0] == name)
    browser.request("POST", "/moderate/sign-in", address, data={"name": name, "password": PASSWORD, "code": ""})
    found = re.search(r'name="csrf" value="([^"]+)"', browser.request("GET", "/moderate/", address).text)
    return found[1] if found else ""


def _request(draw: random.Random, known: dict[str, str]) -> tuple[str, str, dict[str, object]]:
    method = draw.choice((*["GET"] * 8, *["POST"] * 10, "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"))
    path = draw.choice(PATHS).replace("{}", _piece(draw, known, quoted=True))
    pairs = [(draw.choice(FIELDS), draw.random() < 0.35) for _ in range(draw.randrange(8))]
    values = (
        (name, known[name] if real and name in known else _piece(draw, known, quoted=True)) for name, real in pairs
    )
    encoded = "&".join(f"{name}={value}" for name, value in values)
    headers = {draw.choice(_HEADERS): draw.choice(_VALUES)} if draw.random() < 0.2 else {}
    if method in ("GET", "HEAD"):
        return method, f"{path}?{encoded}"[:60_000], {"headers": headers}
    body = encoded.encode() if draw.random() < 0.9 else bytes(draw.randrange(256) for _ in range(draw.randrange(300)))
    if draw.random() < 0.002:
        body = b"text=" + b"A" * 10_000_000
    headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return method, path, {"content": body, "headers": headers}


def _piece(draw: random.Random, known: dict[str, str], *, quoted: bool) -> str:
    if draw.random() < 0.15:
        return known["uid"]
    raw = draw.choice(PIECES)
    if draw.random() < 0.1:
        raw += bytes(draw.randrange(256) for _ in range(draw.randrange(20)))
    return quote_from_bytes(raw, safe="%" if draw.random() < 0.3 else "")


def _judge(told: Count, what: str, status: int, body: bytes, headers: str) -> None:
    if status >= 500 and status not in (501, 503, 505):
        told.faults.append(f"{what}: {status}")
    text = _TYPED.sub("", body.decode("utf-8", "replace"))
    for pattern in _WRONG:
        if pattern.search(text):
            told.faults.append(f"{what}: {pattern.pattern} in the answer")
    if "a=b" in headers.lower() and "set-cookie: a=b" in headers.lower():
        told.faults.append(f"{what}: a header was injected")
