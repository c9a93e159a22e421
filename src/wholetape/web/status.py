"""The author's private page: what became of the comment, its receipt, withdrawing, one answer to the moderator."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import author
from wholetape.comments.acts import NotThere
from wholetape.comments.diff import diff
from wholetape.comments.receipt import encode_receipt
from wholetape.comments.states import Act, Refused, Role, may
from wholetape.comments.text import BadText
from wholetape.web.context import Context
from wholetape.web.forms import Problem, read_form
from wholetape.web.pages import page, redirect
from wholetape.web.resource import get, post

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}\Z")
_SMALL = 4096


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    at = "/comments/-/status/{token}"
    return [
        get(context, at, show),
        get(context, f"{at}/receipt", receipt),
        post(context, f"{at}/withdraw", withdraw),
        post(context, f"{at}/answer", answer),
    ]


async def show(context: Context, request: Request, error: str = "") -> Response:
    """The page."""
    token = _token(request)
    try:
        found = await context.read(lambda c: author.status(c, token))
    except NotThere as problem:
        raise Problem(404, "nothing") from problem
    text, told = "", []
    for entry in found.entries:
        changes = []
        if entry.revision.act is Act.EDITED and "text" in entry.said:
            changes = diff(text, entry.said["text"]) if text else []
        if entry.revision.act in (Act.RECEIVED, Act.EDITED):
            text = entry.said.get("text", "")
        told.append((entry, changes))
    return page(
        request,
        "status.html",
        422 if error else 200,
        {"referrer-policy": "same-origin", "x-robots-tag": "noindex"},
        row=found.row,
        told=told,
        token=token,
        may_withdraw=may(found.standing, Act.WITHDRAWN, author.sender(found.row.kind)),
        may_answer=may(found.standing, Act.ANSWERED, Role.AUTHOR),
        longest=author.LONGEST_ANSWER,
        error=error,
    )


async def receipt(context: Context, request: Request) -> Response:
    """The signed receipt, to keep."""
    token = _token(request)
    try:
        done = await context.do(author.receipt(token))
    except NotThere as problem:
        raise Problem(404, "nothing") from problem
    name = f"comment-{done.value.n}.receipt"
    return Response(
        encode_receipt(done.value), 200, {"content-disposition": f'attachment; filename="{name}"'}, "application/json"
    )


async def withdraw(context: Context, request: Request) -> Response:
    """Withdraws the comment."""
    token = _token(request)
    await read_form(request, _SMALL)
    await _do(context, author.withdraw(token))
    return redirect(request, f"/comments/-/status/{token}")


async def answer(context: Context, request: Request) -> Response:
    """Keeps the one answer to the moderator."""
    token = _token(request)
    fields = await read_form(request, 16 * author.LONGEST_ANSWER)
    try:
        job = author.answer(token, fields.get("text", ""))
    except BadText as wrong:
        return await show(context, request, wrong.code)
    await _do(context, job)
    return redirect(request, f"/comments/-/status/{token}")


async def _do(context: Context, job: author.Job) -> None:
    try:
        await context.do(job)
    except NotThere as problem:
        raise Problem(404, "nothing") from problem
    except Refused as problem:
        raise Problem(409, "not_now") from problem


def _token(request: Request) -> str:
    token = str(request.path_params["token"])
    if not _TOKEN.match(token):
        raise Problem(404, "nothing")
    return token
