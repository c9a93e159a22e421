"""Statements of the parties: the page where they are sent, and each one as its party signed it."""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import public
from wholetape.comments.revisions import UID
from wholetape.comments.statements import SubmitStatement
from wholetape.errors import WholetapeError
from wholetape.log.party_statement import MAX_STATEMENT
from wholetape.web.about import PLAIN
from wholetape.web.comments import release_of
from wholetape.web.context import Context
from wholetape.web.forms import Problem, read_form
from wholetape.web.pages import page, redirect
from wholetape.web.resource import get, post


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/comments/{release}/statement", form),
        post(context, "/comments/{release}/statement", submit),
        get(context, "/comments/{release}/{uid}/signed", signed),
    ]


async def form(context: Context, request: Request, status: int = 200, typed: str = "") -> Response:
    """The page where a party sends its statement."""
    release = release_of(context, request)
    rows = await context.read(lambda c: public.statements(c, release))
    return page(request, "statement.html", status, release=release, rows=rows, typed=typed, wrong=status != 200)


async def submit(context: Context, request: Request) -> Response:
    """Takes a signed statement into the queue."""
    release = release_of(context, request)
    source = context.secret.source(context.address(request), context.desk.clock())
    rate = 6 * context.options.rate
    if not context.buckets.take(f"statement {source}", rate, rate):
        raise Problem(429, "rate", {"retry-after": "60"})
    fields = await read_form(request, 4 * MAX_STATEMENT)
    note = fields.get("note", "").replace("\r\n", "\n").strip("\n") + "\n"
    answers = fields.get("answers", "")
    origins = await run_in_threadpool(origins_of, context, release)
    job = SubmitStatement(release, note.encode(), origins, answers if UID.match(answers) else None)
    try:
        token = (await context.do(job)).value
    except WholetapeError:
        return await form(context, request, 422, note[: 2 * MAX_STATEMENT])
    return redirect(request, f"/comments/-/status/{token}")


async def signed(context: Context, request: Request) -> Response:
    """The note of a published statement, to be verified with the party's key."""
    release, uid = release_of(context, request), request.path_params["uid"]
    rows = await context.read(lambda c: public.statements(c, release))
    note = next((row.note for row in rows if row.uid == uid), None)
    if note is None:
        raise Problem(404, "nothing")
    return Response(note, 200, {"content-disposition": f'attachment; filename="{uid[:8]}.statement"'}, PLAIN)


def origins_of(context: Context, release: str) -> frozenset[str]:
    """The origins of the seals that a release's ``release.json`` names; empty where it has none."""
    try:
        tree = json.loads((context.site.folder / release / "release.json").read_bytes())
        seals = [session["seal"] for session in tree["sessions"] if session["seal"]]
        found = [seal["verification"]["seal"]["origin"] for seal in seals]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()
    return frozenset(origin for origin in found if isinstance(origin, str))
