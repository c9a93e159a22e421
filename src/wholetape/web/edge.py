"""Around every request: headers that let nothing in, a line in the log that names nobody, and numbers."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wholetape.web.metrics import Metrics

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Of all pages that this program renders; those of the site bring their own, see ``site``."""
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    b"cache-control": b"no-store",
}
"""Set where a response does not set its own."""
HSTS = (b"strict-transport-security", b"max-age=31536000")


class Edge:
    """The ASGI middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: Callable[[dict[str, object]], None]) -> None:
        self._app, self._metrics, self._log = app, metrics, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in HEADERS.items() if name not in given),
                    *((HSTS,) if scope["scheme"] == "https" else ()),
                ]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - began
            route = scope.get("wholetape.route", "files")
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
            self._metrics.seen(method, route, status, seconds)
            self._log(
                {"event": "request", "method": method, "route": route, "status": status, "ms": round(seconds * 1000, 2)}
            )


def to_stream(stream: TextIO | None = None) -> Callable[[dict[str, object]], None]:
    """A log of one JSON object a line. Paths, addresses, browsers and names are not in it: only what is passed."""
    out = stream or sys.stderr

    def write(event: dict[str, object]) -> None:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        out.write(json.dumps({"at": at, **event}, ensure_ascii=False) + "\n")
        out.flush()

    return write
