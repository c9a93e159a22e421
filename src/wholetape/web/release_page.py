"""A release's page as it was published, with comments in the place that it keeps for them: ``docs/spec/site.md``."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments.revisions import RELEASE
from wholetape.web.comments import Parts, fill_parts, public_parts
from wholetape.web.context import Context
from wholetape.web.messages import LANGUAGES
from wholetape.web.resource import get
from wholetape.web.site import LARGEST_PAGE, policy_of

_PAGE = re.compile(r"index(?:\.[A-Za-z-]{2,16})?\.html\Z")
_LANGUAGE = re.compile(r"<html[^>]*\slang=[\"']?([a-z]{2})", re.IGNORECASE)
_Known = tuple[int, int, list[str], str]


def routes(context: Context) -> list[BaseRoute]:
    """What is served here; what is no release's page is left to the files."""
    known: dict[Path, _Known] = {}

    async def show(context: Context, request: Request) -> Response:
        release = str(request.path_params["release"])
        name = str(request.path_params.get("name", "index.html"))
        path = context.site.folder / release / name
        if not RELEASE.match(release) or not _PAGE.match(name):
            return await context.site.answer(request)
        page = await run_in_threadpool(_split, path, context.site.folder, known)
        if page is None:
            return await context.site.answer(request)
        halves, language = page
        settings = await context.settings()
        parts = await public_parts(context, request, release, settings, Parts("embedded.html", language))
        text = halves[0] + fill_parts(context, parts, release, settings, language) + halves[1]
        return Response(
            text,
            headers={"content-security-policy": policy_of(str(path), path.stat()), "vary": "Accept-Language"},
            media_type="text/html; charset=utf-8",
        )

    return [get(context, "/{release}/", show), get(context, "/{release}/{name}", show)]


def _split(path: Path, folder: Path, known: dict[Path, _Known]) -> tuple[list[str], str] | None:
    """What stands before and after the place for comments, and the page's language; None for pages without one."""
    try:
        real = path.resolve(strict=True)
        facts = real.stat()
    except (OSError, ValueError):
        return None
    if not real.is_relative_to(folder) or not real.is_file() or facts.st_size > LARGEST_PAGE:
        return None
    old = known.get(path)
    if old is None or old[:2] != (facts.st_mtime_ns, facts.st_size):
        text = real.read_bytes().decode("utf-8", "replace")
        place = f'<section id="comments" data-release="{path.parent.name}" hidden></section>'
        found = _LANGUAGE.search(text[:2000])
        language = found[1].lower() if found and found[1].lower() in LANGUAGES else "en"
        old = known[path] = facts.st_mtime_ns, facts.st_size, text.split(place), language
    return (old[2], old[3]) if len(old[2]) == 2 else None
