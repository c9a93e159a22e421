"""Sharing: a moment, the picture, the small player."""

from __future__ import annotations

from wholetape.release.messages import Messages
from wholetape.release.model import Release
from wholetape.release.page.frame import section
from wholetape.report.markup import Markup, tag


def share(m: Messages, release: Release, address: str, embed: str) -> Markup:
    """The section about links and embedding; ``address`` is the release's own, empty where nobody knows it."""
    source = (address or f"https://…/{release.id}/") + embed
    code = (
        f'<iframe src="{source}" title="{release.id}" width="100%" height="300" loading="lazy" '
        'sandbox="allow-scripts allow-popups allow-same-origin" referrerpolicy="no-referrer"></iframe>'
    )
    return section(
        "share",
        m.say("share"),
        tag(
            "p",
            m.say("share.moment"),
            " ",
            tag("code", "#t=1:02.5", dir="ltr"),
            " ",
            tag("code", "#t=62.5,70", dir="ltr"),
        ),
        tag("p", m.say("share.embed") if address else m.say("share.embed.unknown")),
        tag("pre", code, dir="ltr", tabindex=0, class_="frame"),
        tag("p", tag("a", m.say("share.card"), href="card.png", download=f"{release.id}.png")),
    )
