"""A flood of automated submissions that pass the hurdle, from one source and from many; and the readers in between."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from eval.comments.office import Browser, Office, office
from wholetape.comments import queue
from wholetape.comments.hurdle import make_form
from wholetape.comments.settings import Settings
from wholetape.comments.states import State

READERS = 50


@dataclass(frozen=True, slots=True)
class Flood:
    """What came of it."""

    sources: int
    sent: int
    taken: int
    most_of_one: int
    readers_sent: int
    readers_taken: int
    place: int
    """the last place in the queue, from the top, at which a reader's comment stands"""
    entries: int
    """entries that a moderator sees when copies of one text are told together"""


def run(folder: Path, sent: int, sources: int, seed: int = 1, rate: float = 1e6) -> Flood:
    """Sends ``sent`` comments from ``sources`` sources, and one each of some readers in between."""
    draw = random.Random(seed)
    with office(folder) as desk:
        browser = Browser(desk, folder, rate=rate)
        turns = sorted(draw.sample(range(sent), READERS))
        taken = readers = 0
        for number in range(sent):
            robot = f"10.{number % sources >> 8 & 255}.{number % sources & 255}.7"
            taken += _send(desk, browser, robot, f"Buy pills number {number} at shop{draw.randrange(9)}!")
            if turns and number == turns[0]:
                turns.pop(0)
                topic = chr(97 + len(turns) % 26) * (3 + len(turns))
                readers += _send(desk, browser, f"192.0.2.{len(turns)}", f"A reader's comment on {topic}.")
        browser.close()
        rows = [row for row in desk.rows() if row.state == State.QUEUED]
        order = desk.read(_order)
        places = [place for place, text in enumerate(order, 1) if text.startswith("A reader")]
        by_source: dict[str, int] = {}
        for row in rows:
            by_source[row.source] = by_source.get(row.source, 0) + 1
        alike = len({row.likeness for row in rows})
    return Flood(sources, sent, taken, max(by_source.values()), READERS, readers, max(places, default=0), alike)


def _send(desk: Office, browser: Browser, address: str, text: str) -> bool:
    form = make_form(desk.secret, "debate", Settings(), desk.clock())
    desk.clock.at += 5000
    answer = str(form.question.a + form.question.b)
    fields = {"token": form.token, "answer": answer, "text": text}
    return browser.request("POST", "/comments/debate", address, data=fields).status_code == 303


def _order(connection: object) -> list[str]:
    found: list[str] = []
    after: int | None = 0
    while after is not None:
        page = queue.find(connection, queue.Filter(after=after))  # type: ignore[arg-type]
        found += [row.text for row in page.rows]
        after = page.more
    return found
