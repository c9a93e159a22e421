"""The style of the pages, and the desk's keyboard shortcuts."""

from __future__ import annotations

from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.web.context import Context
from wholetape.web.forms import Problem
from wholetape.web.resource import get
from wholetape.web.site import TYPES

_NAMES = ("style.css", "embedded.css", "desk.js")
_FILES = {name: (resources.files("wholetape.web") / "static" / name).read_bytes() for name in _NAMES}


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [get(context, "/comments/-/assets/{name}", asset), get(context, "/favicon.ico", icon)]


async def asset(context: Context, request: Request) -> Response:
    """One of these files."""
    data = _FILES.get(request.path_params["name"])
    if data is None:
        raise Problem(404, "nothing")
    kind = TYPES["." + request.path_params["name"].rpartition(".")[2]]
    return Response(data, 200, {"cache-control": "max-age=3600"}, kind)


async def icon(context: Context, request: Request) -> Response:
    """The site's own, where it has one; browsers ask for it unasked."""
    if (context.site.folder / "favicon.ico").is_file():
        return await context.site.answer(request)
    return Response(b"", 204, {"cache-control": "max-age=3600"})
