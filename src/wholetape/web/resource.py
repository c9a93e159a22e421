"""How a resource is declared: a path, its methods, and a function of context and request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wholetape.web.context import Context

Handler = Callable[[Context, Request], Awaitable[Response]]


def get(context: Context, path: str, handler: Handler) -> Route:
    """A page that changes nothing."""
    return _route(context, path, handler, ["GET", "HEAD"])


def post(context: Context, path: str, handler: Handler) -> Route:
    """An act. Nothing is ever changed by a GET."""
    return _route(context, path, handler, ["POST"])


def _route(context: Context, path: str, handler: Handler, methods: list[str]) -> Route:
    async def endpoint(request: Request) -> Response:
        request.scope["wholetape.route"] = path
        return await handler(context, request)

    return Route(path, endpoint, methods=methods)
