"""The document around a page: head, policy, header, footer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from wholetape.release.compact import compact, compact_style
from wholetape.release.messages import Messages
from wholetape.report.markup import Child, Markup, data_block, join, own, prose, tag
from wholetape.report.styles import styles as report_styles


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a page's head beside its title.

    ``others`` are pages of the same content, pairs of catalogue and file name; ``social`` pairs of property and content
    for networks; ``linked`` JSON-LD; ``feed`` and ``canonical`` addresses, empty where there are none.
    """

    title: str
    description: str = ""
    others: Sequence[tuple[Messages, str]] = ()
    social: Mapping[str, str] = field(default_factory=dict)
    linked: object = None
    feed: str = ""
    canonical: str = ""


def document(m: Messages, head: Head, body: Sequence[Child], scripts: Sequence[str], styles: Sequence[str]) -> bytes:
    """A whole page in the language of ``m``; ``scripts`` run in their order at its end."""
    style = own(compact_style("".join(styles)))
    script = own("".join(scripts))
    inner: list[Child] = [
        tag("meta", charset="utf-8"),
        *(tag("meta", http_equiv="Content-Security-Policy", content=rule) for rule in policies(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("link", rel="icon", href="data:,"),  # else browsers ask for one
        tag("title", prose(head.title.replace("\n", " "))),
        tag("meta", name="description", content=head.description) if head.description else None,
        *(tag("meta", property=name, content=content) for name, content in head.social.items()),
        tag("link", rel="canonical", href=head.canonical) if head.canonical else None,
        tag("link", rel="alternate", type="application/atom+xml", href=head.feed) if head.feed else None,
        *(tag("link", rel="alternate", hreflang=other.language, href=name) for other, name in head.others),
        tag("style", style),
        tag("script", data_block(head.linked), type="application/ld+json") if head.linked is not None else None,
    ]
    whole = tag(
        "html",
        tag("head", *inner),
        tag("body", *body, tag("script", script) if script else None),
        lang=m.language,
        dir=m.dir,
    )
    return f"<!doctype html>\n{whole}\n".encode()


def policies(style: str, script: str) -> tuple[str, str]:
    """Two policies that must both allow: scripts are the page's own, or made by it *and* of its own folder.

    A script element that a stranger's text could bring has neither hash nor maker, so it does not run, not even
    from this site; and what the page's own script loads comes from nowhere else. ``file:`` is there for pages
    that are opened from a disk, where Firefox knows no ``'self'``; a page from the web may load no files.
    """
    ours = f"'{_hash(style)}'"
    run = f"'{_hash(script)}'" if script else "'none'"
    made = f"{run} 'strict-dynamic'" if script else run
    placed = f"'self' file: {run}" if script else run
    return (
        f"default-src 'none'; script-src {made}; style-src 'self' {ours}; img-src 'self' file: data:; "
        "media-src 'self' file: blob:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'self'",
        f"script-src {placed}; worker-src blob:; object-src 'none'; frame-src 'none'",
    )


def _hash(code: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


@cache
def resource(name: str) -> str:
    """A style sheet or script of these pages."""
    text = files("wholetape.release.page").joinpath(name).read_text(encoding="utf-8")
    return compact(text) if name.endswith(".js") else text


@cache
def report_style() -> str:
    """The style sheet of reports, of which these pages are relatives."""
    return report_styles()


def languages(m: Messages, others: Sequence[tuple[Messages, str]]) -> Markup | None:
    """Links to the page in the other languages."""
    if not others:
        return None
    links = [
        tag("li", tag("a", other.name, href=name, hreflang=other.language, lang=other.language, class_="language"))
        for other, name in others
    ]
    return tag("nav", tag("ul", *links), aria_label=m.text("languages"), class_="languages")


def skip(m: Messages) -> Markup:
    """The link past the header, for keyboards."""
    return tag("a", m.text("skip"), href="#main", class_="skip")


def section(key: str, title: Child, *children: Child, class_: str | None = None) -> Markup:
    """A section of the page with its heading, which names it."""
    return tag(
        "section",
        tag("h2", title, id=f"{key}-h"),
        join(*children),
        id=key,
        aria_labelledby=f"{key}-h",
        class_=class_,
    )
