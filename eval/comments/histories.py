"""Random histories of acts by all roles: what is public is what a model of ten lines says, and nothing else.

The model knows nothing of the program's states: a text is public when the last of the acts that were done to it and
decide (approved, rejected, withdrawn, redacted) is an approval by a moderator or an administrator.
"""

from __future__ import annotations

import random
import re
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from eval.comments.office import Browser, Office, office
from wholetape.comments import public
from wholetape.comments.acts import New, Words, act_on
from wholetape.comments.exchange import own
from wholetape.comments.states import Act, Kind, Role
from wholetape.comments.verify import verify_trail
from wholetape.errors import WholetapeError

DECIDE = (Act.APPROVED, Act.REJECTED, Act.WITHDRAWN, Act.REDACTED)
TOGETHER = 50
"""Histories that go on at the same time."""
ON_ONE_DESK = 500
"""Histories on one database."""
_MARK = re.compile(r"mark[0-9]+x[0-9]+x")


@dataclass
class History:
    """One comment: what was asked for, and what was done."""

    number: int
    kind: Kind
    uid: str = ""
    texts: list[str] = field(default_factory=list)
    done: list[tuple[Act, Role]] = field(default_factory=list)

    @property
    def public(self) -> bool:
        """What the model says."""
        last = next(((act, role) for act, role in reversed(self.done) if act in DECIDE), None)
        return last in ((Act.APPROVED, Role.MODERATOR), (Act.APPROVED, Role.ADMINISTRATOR))


@dataclass
class Count:
    """What was tried."""

    histories: int = 0
    tried: int = 0
    done: int = 0
    looks: int = 0
    faults: list[str] = field(default_factory=list)


def run(folder: Path, histories: int, seed: int = 1) -> Count:
    """Tries ``histories`` histories; ``faults`` is empty when nothing was public that should not be, or missing."""
    draw, told = random.Random(seed), Count()
    for first in range(0, histories, ON_ONE_DESK):
        place = folder / str(first)
        place.mkdir()
        with office(place) as desk:
            browser = Browser(desk, place)
            last = min(histories, first + ON_ONE_DESK)
            for start in range(first, last, TOGETHER):
                _together(browser, desk, draw, range(start, min(last, start + TOGETHER)), told)
            desk.read(verify_trail)
            browser.close()
    return told


def _together(browser: Browser, desk: Office, draw: random.Random, numbers: range, told: Count) -> None:
    """Some histories, side by side."""
    group = [_begin(desk, draw, number) for number in numbers]
    for _ in range(draw.randint(4, 12)):
        _step(desk, draw, group, told)
        if draw.random() < 0.3:
            _look(browser, desk, group, told)
    _look(browser, desk, group, told)
    told.histories += len(group)


def _begin(desk: Office, draw: random.Random, number: int) -> History:
    one = History(number, Kind.STATEMENT if draw.random() < 0.15 else Kind.COMMENT)
    one.texts.append(f"mark{number}x0x")
    new = New("debate", one.texts[0], kind=one.kind, note="note" if one.kind is Kind.STATEMENT else None)
    role = Role.PARTY if one.kind is Kind.STATEMENT else Role.AUTHOR
    one.uid = desk.receive(new, role)
    return one


def _step(desk: Office, draw: random.Random, group: list[History], told: Count) -> None:
    """One random act on each history, all in line at once."""
    waiting: list[tuple[History, Act, Role, str, Future[Any]]] = []
    for one in group:
        act, role = draw.choice(list(Act)), draw.choice(list(Role))
        if draw.random() < 0.5:
            act, role = draw.choice((Act.APPROVED, Act.APPROVED, Act.EDITED, Act.REJECTED)), Role.MODERATOR
        text = f"mark{one.number}x{len(one.texts)}x"
        words = Words(text, draw.choice(("", "reason", "reason")), draw.choice(("", "law-court", "disrespect")))
        seen = draw.choice((None, None, None, len(one.done) + 1, len(one.done)))

        job = partial(act_on, uid=one.uid, act=act, actor=desk.actors[role], words=words, seen=seen)
        waiting.append((one, act, role, text, desk.desk.submit(job)))
    for one, act, role, text, future in waiting:
        told.tried += 1
        try:
            future.result()
        except WholetapeError:
            continue
        told.done += 1
        one.done.append((act, role))
        if act is Act.EDITED:
            one.texts.append(text)


def _look(browser: Browser, desk: Office, group: list[History], told: Count) -> None:
    """Compares all that readers can reach with the model."""
    browser.context.changed.clear()
    expected = {one.texts[-1] for one in group if one.public}
    pages = [f"/comments/debate/{one.uid}" for one in group[told.looks % 7 :: 7]]
    pages += ["/comments/debate", "/comments/debate?order=old", "/comments/debate/feed.xml", "/debate/"]
    seen: set[str] = set()
    for path in pages:
        seen |= set(_MARK.findall(browser.request("GET", path).text))
        told.looks += 1
    seen |= set(_MARK.findall(b"".join(desk.read(lambda c: list(own.write(c, False)))).decode()))
    after: str | None = None
    while True:
        page = desk.read(lambda c, after=after: public.page(c, "debate", True, after))
        seen |= {thread.row.text for thread in page.threads if not thread.gone}
        if page.later is None or not any(_of(group, t.row.text) for t in page.threads if not t.gone):
            break
        after = page.later
    mine = {mark for mark in seen if _of(group, mark)}
    for mark in mine - expected:
        told.faults.append(f"{mark} is public")
    for mark in expected - mine:
        told.faults.append(f"{mark} is not public")


def _of(group: list[History], mark: str) -> bool:
    number = int(re.findall(r"[0-9]+", mark)[0])
    return group[0].number <= number <= group[-1].number
