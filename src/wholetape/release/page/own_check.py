"""The place on a release's page for the reader's own check of a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wholetape.release.checker import spoken
from wholetape.release.messages import Messages
from wholetape.release.model import Release
from wholetape.release.page.frame import section
from wholetape.report.markup import Markup, data_block, tag


@dataclass(frozen=True, slots=True)
class Check:
    """What the check brings to a page: elements that hold data, scripts, style sheets; and ``files`` that it loads."""

    data: Sequence[Markup] = ()
    scripts: Sequence[str] = ()
    styles: Sequence[str] = ()
    files: Sequence[str] = ()


def data_of(m: Messages, check: Check) -> tuple[Markup, ...]:
    """What the check's scripts find in the page: what the release gives them, and their words in its language."""
    if not check.scripts:
        return ()
    words = tag("script", data_block(spoken(m.everything())), type="application/json", id="wholetape-messages")
    return (*check.data, words)


def own_check(m: Messages, release: Release, check: Check) -> Markup | None:
    """The section with the check; nothing where the page has none."""
    if not check.scripts:
        return None
    return section(
        "own-check",
        m.say("own-check"),
        tag("p", m.say("own-check.told")),
        tag("div", id="check"),
        tag("p", tag("a", m.say("own-check.alone"), href="../checker.html")),
    )
