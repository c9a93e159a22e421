"""The archive on the web: drop a clip, or type words; a page for people and an interface for programs."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from wholetape.archive import Archive, Entry, Found, Passage
from wholetape.errors import UnreadableInput, UsageError
from wholetape.web.archive_api import OPENAPI, entry_tree, found_tree, passage_tree
from wholetape.web.confined import LIMITS, hear_confined
from wholetape.web.context import Context
from wholetape.web.forms import Problem
from wholetape.web.pages import page
from wholetape.web.resource import get, post
from wholetape.web.uploads import uploaded

PAGE = 20
"""Answers a page."""
WAITING = 16
"""Clips that may wait; more are answered 503."""
PER_MINUTE = 6.0
"""Clips that one source may send."""


def routes(context: Context) -> list[BaseRoute]:
    """What is served here: nothing where no archive is served."""
    if context.archive is None:
        return []
    return [
        get(context, "/archive", search),
        post(context, "/archive", find),
        get(context, "/archive/api/openapi.json", openapi),
        get(context, "/archive/api/recordings", recordings),
        get(context, "/archive/api/words", words),
        post(context, "/archive/api/find", find_api),
    ]


def _archive(context: Context) -> Archive:
    assert context.archive is not None
    return context.archive


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise Problem(400, "form")
    return min(int(text), most)


def _passages(archive: Archive, text: str) -> list[tuple[Entry, Passage]]:
    if len(text) > 500:
        raise Problem(400, "form")
    try:
        return archive.passages(text)
    except UsageError:
        return []


async def search(context: Context, request: Request) -> Response:
    """The page, with passages where words were asked for."""
    text, start = request.query_params.get("words", ""), _number(request, "start", 0, 10_000)
    found = await run_in_threadpool(_passages, _archive(context), text) if text.strip() else []
    return _page(
        request, text=text, passages=found[start : start + PAGE], more=_more(found, start), asked=bool(text.strip())
    )


def _more(found: list[Any], start: int) -> int:
    return start + PAGE if len(found) > start + PAGE else 0


def _page(request: Request, status: int = 200, **values: Any) -> Response:
    plain = {"text": "", "passages": [], "more": 0, "asked": False, "found": None, "error": ""}
    return page(request, "archive.html", status, **{**plain, **values}, limits=LIMITS)


async def find(context: Context, request: Request) -> Response:
    """The page with what a clip is from."""
    try:
        found, _ = await _find(context, request)
    except UnreadableInput as problem:
        return _page(request, 422, error=str(problem))
    return _page(request, found=found)


async def find_api(context: Context, request: Request) -> Response:
    """The same as ``wholetape.find/v1``."""
    try:
        found, sha256 = await _find(context, request)
    except UnreadableInput as problem:
        return JSONResponse({"error": str(problem)}, 422)
    return JSONResponse(found_tree(found, sha256))


async def _find(context: Context, request: Request) -> tuple[Found, str]:
    source = context.secret.source(context.address(request), context.desk.clock())
    per_minute = PER_MINUTE * context.options.rate
    if not context.buckets.take(f"clip {source}", per_minute, per_minute):
        raise Problem(429, "rate", {"retry-after": "60"})
    if context.clips_waiting >= WAITING:
        raise Problem(503, "storage", {"retry-after": "30"})
    context.clips_waiting += 1
    try:
        async with uploaded(request, LIMITS.bytes) as path, context.clips:
            frames, sha256 = await run_in_threadpool(hear_confined, path)
            return await run_in_threadpool(_archive(context).find, frames), sha256
    finally:
        context.clips_waiting -= 1


async def recordings(context: Context, request: Request) -> Response:
    """The archive's recordings, some at a time."""
    start, most = _number(request, "start", 0, 1 << 30), _number(request, "limit", PAGE, 200)
    entries = await run_in_threadpool(_archive(context).entries)
    some = [entry_tree(entry) for entry in entries[start : start + most]]
    return JSONResponse({"total": len(entries), "start": start, "recordings": some})


async def words(context: Context, request: Request) -> Response:
    """Passages of transcripts that hold the words, some at a time."""
    start, most = _number(request, "start", 0, 10_000), _number(request, "limit", PAGE, 200)
    found = await run_in_threadpool(_passages, _archive(context), request.query_params.get("words", ""))
    some = [passage_tree(entry, passage) for entry, passage in found[start : start + most]]
    return JSONResponse({"total": len(found), "start": start, "passages": some})


async def openapi(context: Context, request: Request) -> Response:
    """The description of the interface."""
    return JSONResponse(OPENAPI)
