"""Publishes a release into a site: judged, laid, and then its pages replaced, so that nothing is ever half-written."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from wholetape.errors import UsageError
from wholetape.release import gather
from wholetape.release.answered import check_answers, laid_answers
from wholetape.release.card import as_png, as_svg
from wholetape.release.checker import checker_page
from wholetape.release.feed import as_atom
from wholetape.release.lazy import lay_lazy
from wholetape.release.messages import Messages
from wholetape.release.model import Entry, Release, Site
from wholetape.release.names import ID, RESERVED, id_from
from wholetape.release.order import Order
from wholetape.release.page.embed import embed_page
from wholetape.release.page.listing import listing
from wholetape.release.page.own_check import Check
from wholetape.release.page.whole import release_page
from wholetape.release.sitefile import encode_release, encode_site, parse_site
from wholetape.store.sitefolder import MARK, SiteFolder, room_for

Report = Callable[[str, float], None]
_SPARE = 16 << 20
"""Bytes for pages, pictures and clips; the sound for browsers is smaller than most files it is made from."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """What the publisher says of the site, empty where it is to stay as it is; and the catalogues, its own first."""

    name: str
    address: str
    catalogues: tuple[Messages, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: the release, where its page is, and whether it is an update."""

    release: Release
    page: str
    site: Site
    updated: bool
    tags: tuple[tuple[str, str], ...]


def publish(order: Order, outlet: Outlet, path: str, now: str, report: Report) -> Published:
    """Publishes ``order`` into the site at ``path`` at the time ``now`` (RFC 3339, UTC).

    Raises:
        WholetapeError: something given cannot be read, breaks its format, does not hold, or cannot be written; then the
            site is as it was.
    """
    with SiteFolder(path) as folder:
        site = _site(folder, outlet)
        name = _id(order)
        before = next((entry for entry in site.releases if entry.id == name), None)
        sources = gather.judged(order, report)
        if before is not None and not order.id and not _same(folder, name, sources[0].facts.sha256):
            raise UsageError(
                f"the site has a release {name!r} of another recording",
                f"--id {name} replaces it; another --id adds one",
            )
        said = gather.said(order, sources)
        results = check_answers(order.answers, sources, order.jobs, report)
        room_for(path, sum(one.facts.size * order.original + len(one.print.data) * 4 for one in sources) + _SPARE)
        sessions = tuple(gather.laid(one, n, order, folder, name, report) for n, one in enumerate(sources, 1))
        release = Release(
            id=name,
            title=order.title or os.path.basename(order.recordings[0]).rpartition(".")[0] or name,
            supplier=order.supplier or site.name,
            published=before.published if before else now,
            updated=now,
            sessions=sessions,
            summary=order.summary,
            statements=gather.statements(said, order, folder, name),
            documents=gather.documents(order, sources, folder, name),
            answers=laid_answers(results, folder, name, order.jobs, report),
        )
        release, check = lay_lazy(release, folder)
        site = replace(site, releases=_listed(site, release))
        pages = dict(_pages(outlet.catalogues, site, release, check))
        for page, data in pages.items():
            folder.page(f"{name}/{page}", data)
        folder.page(MARK, encode_site(site))
        for page, data in _lists(outlet.catalogues, site):
            folder.page(page, data)
        folder.sweep(name, [*pages, *_referred(release, check)])
        tags = tuple(tag for source in sources for tag in source.tags) if order.original else ()
        return Published(release, os.path.join(path, name, "index.html"), site, before is not None, tags)


def page_name(m: Messages, site: Site, stem: str = "index") -> str:
    """The file name of a page in a language."""
    return f"{stem}.html" if m.language == site.language else f"{stem}.{m.language}.html"


def _site(folder: SiteFolder, outlet: Outlet) -> Site:
    data = folder.read(MARK)
    languages = tuple(m.language for m in outlet.catalogues)
    if data is None:
        return Site(str(uuid.uuid4()), outlet.name, outlet.address, languages[0], languages)
    found = parse_site(data, os.path.join(folder.path, MARK))
    return replace(
        found,
        name=outlet.name or found.name,
        address=outlet.address or found.address,
        language=languages[0],
        languages=languages,
    )


def _id(order: Order) -> str:
    name = order.id or id_from(order.title, os.path.basename(order.recordings[0]).rpartition(".")[0])
    if not ID.match(name) or name in RESERVED:
        raise UsageError(f"--id {name} is no identifier", "use a-z, 0-9 and -, at most 64 of them")
    return name


def _same(folder: SiteFolder, name: str, sha256: str) -> bool:
    """Whether the release that is there is of this recording."""
    return sha256.encode() in (folder.read(f"{name}/release.json") or b"")


def _listed(site: Site, release: Release) -> tuple[Entry, ...]:
    own = Entry(
        release.id,
        release.title,
        release.published,
        release.updated,
        release.duration,
        tuple(str(answered.result.outcome) for answered in release.answers),
        release.summary,
    )
    others = [entry for entry in site.releases if entry.id != release.id]
    return tuple(sorted([own, *others], key=lambda entry: entry.published, reverse=True))


def _pages(catalogues: Sequence[Messages], site: Site, release: Release, check: Check) -> Iterator[tuple[str, bytes]]:
    """The pages of the release in the order in which they are replaced: that which people open is last."""
    own = catalogues[0]
    yield "card.svg", as_svg(own, site, release)
    yield "card.png", as_png(own, release)
    yield "release.json", encode_release(release)
    for m in reversed(catalogues):
        page, embed = page_name(m, site), page_name(m, site, "embed")
        others = [(other, page_name(other, site)) for other in catalogues if other is not m]
        yield embed, embed_page(m, site, release, page)
        yield page, release_page(m, site, release, others, page, embed, check)


def _lists(catalogues: Sequence[Messages], site: Site) -> Iterator[tuple[str, bytes]]:
    for m in reversed(catalogues):
        page = page_name(m, site)
        others = [(other, page_name(other, site)) for other in catalogues if other is not m]
        yield page, listing(m, site, others, page)
    yield "feed.xml", as_atom(catalogues[0], site)
    yield "checker.html", checker_page()


def _referred(release: Release, check: Check) -> Iterator[str]:
    """Everything below the release's folder that its pages refer to."""
    for one in release.sessions:
        yield one.sound.path
        yield one.transcript_rest
        yield from (file.path for file in (one.recording, one.print, one.transcript_file) if file)
        if one.seal:
            yield one.seal.file.path
    yield from (statement.file.path for statement in release.statements)
    yield from (document.file.path for document in release.documents)
    for answered in release.answers:
        yield from answered.clips.values()
    yield from check.files


def site_language(path: str) -> str:
    """The language of the site at ``path``, empty where there is none yet."""
    from wholetape.store.files import read_file

    name = os.path.join(path, MARK)
    return parse_site(read_file(name, 1 << 26), name).language if os.path.isfile(name) else ""
