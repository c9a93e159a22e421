"""The page of a release: sound first, then what was done to copies, who says what, and what is proven."""

from __future__ import annotations

from collections.abc import Sequence

from wholetape.findings import CheckResult
from wholetape.release import words
from wholetape.release.linked import Address, linked_data, social
from wholetape.release.messages import Messages
from wholetape.release.model import Release, Site
from wholetape.release.page import frame
from wholetape.release.page.answer import answer
from wholetape.release.page.downloads import documents, downloads
from wholetape.release.page.own_check import Check, data_of, own_check
from wholetape.release.page.parties import parties
from wholetape.release.page.player import session
from wholetape.release.page.proof import proof
from wholetape.release.page.share import share
from wholetape.report.drawing import patterns
from wholetape.report.markup import Markup, prose, tag

SCRIPTS = ("lazy.js", "cues.js", "find.js", "card.js", "quote.js", "player.js")
"""Scripts of a release's page, in their order; the check's own come after them."""


def release_page(
    m: Messages,
    site: Site,
    release: Release,
    others: Sequence[tuple[Messages, str]],
    page: str,
    embed: str,
    check: Check,
) -> bytes:
    """The page; ``page`` and ``embed`` are file names of it and of the small player, ``others`` other languages'."""
    results, checks = [answered.result for answered in release.answers], bool(check.scripts)
    where = Address(site, release, page)
    head = frame.Head(
        title=f"{release.title} – {site.name}" if site.name else release.title,
        description=release.summary or m.text("page.description", supplier=release.supplier),
        others=others,
        social=social(m, where),
        linked=linked_data(m, where),
        feed="../feed.xml",
        canonical=where.page,
    )
    count = len(release.sessions)
    body = [
        frame.skip(m),
        patterns(),
        tag("header", _home(m, site), frame.languages(m, others), class_="top"),
        tag(
            "main",
            tag("h1", prose(release.title), dir="auto", class_="prose"),
            _supplied(m, release),
            tag("p", prose(release.summary), dir="auto", class_="prose lead") if release.summary else None,
            *(_short(m, result, number) for number, result in enumerate(results, 1)),
            *(session(m, one, number, count, results, checks) for number, one in enumerate(release.sessions, 1)),
            *(answer(m, release, number) for number in range(1, len(results) + 1)),
            parties(m, release),
            documents(m, release),
            proof(m, release),
            own_check(m, release, check),
            downloads(m, release),
            share(m, release, where.release, embed),
            tag("section", id="comments", data_release=release.id, hidden=True),
            id="main",
        ),
        tag("footer", tag("p", m.say("footer")), tag("p", m.say("independent"))),
        *data_of(m, check),
    ]
    scripts = [*map(frame.resource, SCRIPTS), *check.scripts]
    styles = [frame.report_style(), frame.resource("release.css"), *check.styles]
    return frame.document(m, head, body, scripts, styles)


def _home(m: Messages, site: Site) -> Markup:
    target = "../index.html" if m.language == site.language else f"../index.{m.language}.html"
    return tag("p", tag("a", prose(site.name) if site.name else m.say("list.all"), href=target), class_="mark-word")


def _supplied(m: Messages, release: Release) -> Markup:
    supplier: Markup | str = release.supplier or m.text("supplier.unknown")
    dates = [m.say("published", day=tag("time", release.published[:10], datetime=release.published))]
    if release.updated[:10] != release.published[:10]:
        dates.append(m.say("updated", day=tag("time", release.updated[:10], datetime=release.updated)))
    return tag(
        "div",
        tag("p", m.say("supplied", supplier=supplier), " ", *dates),
        tag("p", m.say("independent")),
        class_="supplied",
    )


def _short(m: Messages, result: CheckResult, number: int) -> Markup:
    """The answer in one line at the top, with the way to it."""
    return tag(
        "p",
        m.say("answers.this", name=words.base(result.release.path)),
        " ",
        tag("a", tag("b", m.text(f"outcome.{result.outcome}")), href=f"#a{number}", class_=f"o-{result.outcome}"),
        class_="frame short",
    )
