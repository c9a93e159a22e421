"""The application: every resource in one list, with what stands around all of them.

A new resource is a file with ``routes(context) -> list[BaseRoute]`` and its line in ``RESOURCES``.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp

from wholetape.errors import StorageFailed
from wholetape.web import (
    about,
    archive,
    assets,
    comments,
    desk_accounts,
    desk_comment,
    desk_numbers,
    desk_queue,
    desk_settings,
    health,
    release_page,
    signin,
    statements,
    status,
    submit,
)
from wholetape.web.context import Context
from wholetape.web.edge import Edge
from wholetape.web.forms import Problem
from wholetape.web.messages import catalogue
from wholetape.web.pages import page

RESOURCES = (
    assets,
    health,
    about,
    archive,
    status,
    statements,
    comments,
    submit,
    signin,
    desk_queue,
    desk_comment,
    desk_accounts,
    desk_settings,
    desk_numbers,
    release_page,
)
"""In this order; what is more particular comes first. The site's files are behind all of them."""


def make_app(context: Context, log: Callable[[dict[str, object]], None]) -> ASGIApp:
    """The ASGI application that serves ``context``."""

    async def told(request: Request, problem: Any) -> Response:
        if isinstance(problem, Problem):
            return _page(request, problem.status, problem.code, problem.headers)
        if isinstance(problem, StorageFailed):
            log({"event": "error", "kind": "storage", "what": str(problem)})
            return _page(request, 503, "storage", {"retry-after": "30"})
        code = {404: "nothing", 405: "method", 416: "range"}.get(problem.status_code, "form")
        return _page(request, problem.status_code, code, dict(problem.headers or {}))

    async def failed(request: Request, problem: Exception) -> Response:
        where = traceback.format_tb(problem.__traceback__)[-3:]
        log({"event": "error", "kind": type(problem).__name__, "where": where})
        return _page(request, 500, "internal", {})

    routes = [route for resource in RESOURCES for route in resource.routes(context)]
    app = Starlette(
        routes=[*routes, Mount("/", context.site.files)],
        exception_handlers={Problem: told, HTTPException: told, StorageFailed: told, Exception: failed},
    )
    return Edge(app, context.metrics, log)


def _page(request: Request, status: int, code: str, headers: dict[str, str]) -> Response:
    known = f"problem.{code}" in catalogue("en")
    return page(request, "problem.html", status, headers, number=status, code=code if known else "form")
