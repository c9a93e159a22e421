"""The small player for other people's pages: sound, outcome, and the way to the whole page."""

from __future__ import annotations

from wholetape.release import words
from wholetape.release.messages import Messages
from wholetape.release.model import Release, Site
from wholetape.release.page import frame
from wholetape.release.page.player import player
from wholetape.report.drawing import patterns
from wholetape.report.markup import prose, tag


def embed_page(m: Messages, site: Site, release: Release, page: str) -> bytes:
    """The first session's player; ``page`` is the name of the whole page in this language."""
    results = [answered.result for answered in release.answers]
    outcomes = [
        tag(
            "p",
            m.say("answers.this", name=words.base(result.release.path)),
            " ",
            tag("b", m.text(f"outcome.{result.outcome}"), class_=f"o-{result.outcome}"),
            class_="short",
        )
        for result in results
    ]
    body = [
        patterns(),
        tag(
            "main",
            tag(
                "h1",
                tag("a", prose(release.title), href=page, target="_blank", rel="noopener"),
                dir="auto",
                class_="prose",
            ),
            *outcomes,
            player(m, release.sessions[0], 1, results),
            tag("p", m.say("supplied", supplier=release.supplier or m.text("supplier.unknown")), class_="small"),
            tag("p", tag("a", m.say("embed.more"), href=page, target="_blank", rel="noopener")),
            id="main",
        ),
    ]
    head = frame.Head(title=release.title)
    scripts = [frame.resource("lazy.js"), frame.resource("player.js")]
    styles = [frame.report_style(), frame.resource("release.css"), frame.resource("embed.css")]
    return frame.document(m, head, body, scripts, styles)
