"""The XML that Disqus exports: threads, and posts whose messages are HTML, which becomes plain text here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser

from wholetape.comments.exchange.incoming import Incoming
from wholetape.errors import MalformedFile

_NS = "{http://disqus.com}"
_ID = "{http://disqus.com/disqus-internals}id"
_BREAKS = {"p", "br", "div", "li", "blockquote", "ul", "ol", "pre"}


def parse(data: bytes) -> Iterator[Incoming]:
    """The comments of an export, those first that others answer; spam and deleted ones are left out.

    Raises:
        MalformedFile: not such a file.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    threads: dict[str, str] = {}
    found: list[Incoming] = []
    try:
        for _, element in iterparse(io.BytesIO(data)):
            if element.tag == f"{_NS}thread" and element.find(f"{_NS}link") is not None:
                threads[element.get(_ID, "")] = element.findtext(f"{_NS}link") or element.findtext(f"{_NS}id") or ""
            elif element.tag == f"{_NS}post":
                if "true" not in (element.findtext(f"{_NS}isDeleted"), element.findtext(f"{_NS}isSpam")):
                    found.append(_post(element, threads))
                element.clear()
    except (ParseError, DefusedXmlException, ValueError) as problem:
        raise MalformedFile("this is no export of Disqus", "it is the XML file that Disqus sends by mail") from problem
    if not threads and not found:
        raise MalformedFile("this is no export of Disqus", "it is the XML file that Disqus sends by mail")
    yield from sorted(found, key=lambda one: one.received or 0)


def _post(element, threads: dict[str, str]) -> Incoming:  # type: ignore[no-untyped-def]  # an Element of defusedxml
    thread, parent = element.find(f"{_NS}thread"), element.find(f"{_NS}parent")
    author = element.find(f"{_NS}author")
    made = element.findtext(f"{_NS}createdAt") or ""
    return Incoming(
        element.get(_ID, ""),
        threads.get(thread.get(_ID, ""), "") if thread is not None else "",
        plain(element.findtext(f"{_NS}message") or ""),
        (author.findtext(f"{_NS}name") or "") if author is not None else "",
        (author.findtext(f"{_NS}email") or "") if author is not None else "",
        parent.get(_ID) if parent is not None else None,
        round(datetime.fromisoformat(made).timestamp() * 1000) if made else None,
        True,
    )


def plain(html: str) -> str:
    """The text of HTML; the address of a link stands behind its words where they differ."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS and self.parts:
            self.parts.append("\n")
        self._link = dict(attrs).get("href") or "" if tag == "a" else self._link

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link and self._link not in "".join(self.parts[-2:]):
            self.parts.append(f" ({self._link})")
        self._link = "" if tag == "a" else self._link
        if tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
