"""The feed of an outlet's releases: Atom, RFC 4287."""

from __future__ import annotations

import uuid

from wholetape.release.messages import Messages
from wholetape.release.model import Entry, Site
from wholetape.report.escape import readable
from wholetape.report.markup import Markup, prose, tag


def as_atom(m: Messages, site: Site) -> bytes:
    """The feed; its identifiers hold for ever, whatever address the site has."""
    latest = max((entry.updated for entry in site.releases), default="1970-01-01T00:00:00Z")
    drawn = tag(
        "feed",
        tag("id", f"urn:uuid:{site.uuid}"),
        tag("title", prose(readable(site.name or m.text("list.all")))),
        tag("updated", latest),
        _link("self", f"{site.address}feed.xml", "application/atom+xml") if site.address else None,
        _link("alternate", site.address, "text/html") if site.address else None,
        tag("author", tag("name", prose(readable(site.name or m.text("supplier.unknown"))))),
        tag("generator", "wholetape"),
        *(_entry(m, site, entry) for entry in site.releases),
        xmlns="http://www.w3.org/2005/Atom",
        **{"xml:lang": site.language},
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'.encode()


def _entry(m: Messages, site: Site, entry: Entry) -> Markup:
    told = " ".join([*(m.text(f"outcome.{outcome}") for outcome in entry.outcomes), entry.summary]).strip()
    return tag(
        "entry",
        tag("id", f"urn:uuid:{uuid.uuid5(uuid.UUID(site.uuid), entry.id)}"),
        tag("title", prose(readable(entry.title))),
        tag("published", entry.published),
        tag("updated", entry.updated),
        _link("alternate", f"{site.address}{entry.id}/index.html", "text/html"),
        tag("summary", prose(readable(told))) if told else None,
    )


def _link(rel: str, href: str, kind: str) -> Markup:
    return Markup(tag("x", rel=rel, href=href, type=kind).replace("<x ", "<link ").replace("></x>", "/>"))
