"""The list of an outlet's releases, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from wholetape.release.messages import Messages
from wholetape.release.model import Entry, Site
from wholetape.release.page import frame
from wholetape.report.markup import Markup, prose, tag


def listing(m: Messages, site: Site, others: Sequence[tuple[Messages, str]], page: str) -> bytes:
    """The page of the list; ``page`` is the name of a release's page in this language."""
    title = site.name or m.text("list.all")
    head = frame.Head(
        title=title,
        description=m.text("list.description"),
        others=others,
        feed="feed.xml",
        canonical=site.address if m.language == site.language else "",
    )
    body = [
        frame.skip(m),
        tag("header", tag("p", m.say("list.all"), class_="mark-word"), frame.languages(m, others), class_="top"),
        tag(
            "main",
            tag("h1", prose(title), dir="auto", class_="prose"),
            tag("ol", *(_entry(m, entry, page) for entry in site.releases), class_="releases", role="list"),
            tag("p", tag("a", m.say("list.feed"), href="feed.xml")),
            tag("p", m.say("independent")),
            id="main",
        ),
        tag("footer", tag("p", m.say("footer"))),
    ]
    return frame.document(m, head, body, (), (frame.report_style(), frame.resource("release.css")))


def _entry(m: Messages, entry: Entry, page: str) -> Markup:
    outcomes = [tag("b", m.text(f"outcome.{outcome}"), class_=f"o-{outcome}") for outcome in entry.outcomes]
    return tag(
        "li",
        tag("h2", tag("a", prose(entry.title), href=f"{entry.id}/{page}"), dir="auto", class_="prose"),
        tag(
            "p",
            tag("time", entry.published[:10], datetime=entry.published),
            " · ",
            m.seconds(entry.duration),
            class_="small",
        ),
        tag("p", m.say("list.answers"), " ", *(part for each in outcomes for part in (each, " ")))
        if outcomes
        else None,
        tag("p", prose(entry.summary), dir="auto", class_="prose") if entry.summary else None,
        class_="frame",
    )
