"""What the parties say, side by side: whose words, claim or answer, when, and whether they signed them."""

from __future__ import annotations

from wholetape.release.messages import Messages
from wholetape.release.model import Release, Statement
from wholetape.release.page.frame import section
from wholetape.report.markup import Markup, prose, tag


def parties(m: Messages, release: Release) -> Markup | None:
    """The section of the statements: a column a party, in each its statements by day."""
    if not release.statements:
        return None
    names = list(dict.fromkeys(statement.party for statement in release.statements))
    columns = [
        tag(
            "section",
            tag("h3", tag("bdi", prose(name))),
            *(_statement(m, one) for one in release.statements if one.party == name),
            class_="party frame",
        )
        for name in names
    ]
    return section(
        "statements",
        m.say("statements"),
        tag("p", m.say("statements.told")),
        tag("div", *columns, class_="side-by-side"),
    )


def _statement(m: Messages, one: Statement) -> Markup:
    state = one.state if one.state != "signed" else ("signed" if one.vouched else "signed.own")
    return tag(
        "article",
        tag(
            "h4",
            m.text(f"statement.{one.kind}"),
            " ",
            tag("time", one.day, datetime=one.day, class_="when")
            if one.day
            else tag("span", m.text("undated"), class_="when"),
        ),
        tag("div", prose(one.words), dir="auto", class_="prose said"),
        tag("p", m.say(f"statement.{state}"), class_=f"small state-{one.state}"),
        tag("p", m.say("fingerprint"), " ", tag("code", one.fingerprint, class_="hash"), class_="small")
        if one.fingerprint
        else None,
        tag(
            "p",
            tag("a", m.say("download.file", name=one.file.name), href=one.file.path, download=one.file.name),
            class_="small",
        ),
    )
