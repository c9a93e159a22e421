"""One file that a reader sends, to disk, bounded: from a form of a page, or as the whole body of a request."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import AsyncIterator

from starlette.requests import Request

from wholetape.web.forms import Problem, refuse_strangers

_ROOM = 64 << 10
"""Bytes of a form around its file."""


@contextlib.asynccontextmanager
async def uploaded(request: Request, most: int) -> AsyncIterator[str]:
    """The path of a temporary file that holds what was sent; it is gone when the block ends.

    Raises:
        Problem: from another site's page, empty, or larger than ``most`` bytes.
    """
    refuse_strangers(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    with tempfile.NamedTemporaryFile(prefix="wholetape-", suffix=".clip") as file:
        written = 0
        if kind == "multipart/form-data":
            async with _bounded(request, most + _ROOM).form(max_files=1, max_fields=4) as form:
                clip = form.get("clip")
                if clip is None or isinstance(clip, str):
                    raise Problem(400, "form")
                while chunk := await clip.read(1 << 20):
                    written += file.write(chunk)
        else:
            async for chunk in _bounded(request, most).stream():
                written += file.write(chunk)
        if not written:
            raise Problem(400, "form")
        file.flush()
        yield file.name


def _bounded(request: Request, most: int) -> Request:
    """The request, whose body ends with a ``Problem`` once it is longer than ``most`` bytes."""
    taken = 0

    async def receive() -> dict[str, object]:
        nonlocal taken
        message = dict(await request.receive())
        body = message.get("body", b"")
        taken += len(body) if isinstance(body, bytes) else 0
        if taken > most:
            raise Problem(413, "long", {"connection": "close"})
        return message

    return Request(request.scope, receive)
