"""Signing in at the desk and out again, and who is there: sessions in a cookie that no script or other site gets."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import accounts
from wholetape.comments.accounts import Session, SignInRefused
from wholetape.comments.states import Role
from wholetape.web.context import Context
from wholetape.web.forms import Fields, Problem, read_form
from wholetape.web.pages import page, redirect
from wholetape.web.resource import Handler, get, post

SMALL = 8192
"""Bytes of a form without a text."""
TRIES = 10
"""To sign in, of one source a minute."""
CHANGES = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
EVERYBODY = frozenset(accounts.DESK)


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/moderate/sign-in", form),
        post(context, "/moderate/sign-in", sign_in),
        post(context, "/moderate/sign-out", sign_out),
    ]


async def form(context: Context, request: Request) -> Response:
    """The form."""
    return page(request, "desk/signin.html", wrong=False)


async def sign_in(context: Context, request: Request) -> Response:
    """Opens a session, under a new token."""
    source = context.secret.source(context.address(request), context.desk.clock())
    if not context.buckets.take(f"sign-in {source}", TRIES * context.options.rate, TRIES * context.options.rate):
        raise Problem(429, "rate", {"retry-after": "60"})
    fields, settings = await read_form(request, SMALL), await context.settings()
    name, password, code = (fields.get(f, "") for f in ("name", "password", "code"))
    at = context.desk.clock()
    checked = await run_in_threadpool(context.read_now, lambda c: accounts.check(c, name, password, code, settings, at))
    if not checked.right:
        if checked.row is not None:
            await context.do(lambda turn: accounts.count_failure(turn, checked.row.id))
        return page(request, "desk/signin.html", 403, wrong=True)
    try:
        token = (await context.do(lambda turn: accounts.sign_in(turn, checked))).value
    except SignInRefused:
        return page(request, "desk/signin.html", 403, wrong=True)
    response = redirect(request, "/moderate/")
    secure = context.secure(request)
    response.set_cookie(cookie(secure), token, path="/", secure=secure, httponly=True, samesite="strict")
    return response


async def sign_out(context: Context, request: Request) -> Response:
    """Ends the session."""
    who, _ = await posted(context, request, EVERYBODY)
    await context.do(lambda turn: accounts.sign_out(turn, who.token))
    response = redirect(request, "/moderate/sign-in")
    secure = context.secure(request)
    response.delete_cookie(cookie(secure), path="/", secure=secure, httponly=True, samesite="strict")
    response.headers["clear-site-data"] = '"cache"'
    return response


def cookie(secure: bool) -> str:
    """The cookie's name; with ``__Host-`` no neighbouring host can set it."""
    return "__Host-desk" if secure else "desk"


def members(handler: Handler, roles: frozenset[Role] = EVERYBODY) -> Handler:
    """A page for members of the desk in these roles; others are sent to sign in, or refused."""

    async def guarded(context: Context, request: Request) -> Response:
        who = await present(context, request)
        if who is None:
            return redirect(request, "/moderate/sign-in")
        if who.role not in roles:
            raise Problem(403, "role")
        return await handler(context, request)

    return guarded


async def posted(
    context: Context, request: Request, roles: frozenset[Role], most: int = SMALL
) -> tuple[Session, Fields]:
    """Who sent a form of the desk, and its fields.

    Raises:
        Problem: nobody who is signed in, not in these roles, or not from a page that this session was shown.
    """
    who = await present(context, request)
    if who is None:
        raise Problem(403, "signed_out")
    fields = await read_form(request, most)
    if not hmac.compare_digest(fields.get("csrf", "").encode(), who.csrf.encode()):
        raise Problem(403, "origin")
    if who.role not in roles:
        raise Problem(403, "role")
    return who, fields


async def present(context: Context, request: Request) -> Session | None:
    """Who is signed in."""
    token = request.cookies.get(cookie(context.secure(request)))
    if token is None:
        return None
    settings, at = await context.settings(), context.desk.clock()
    found = await context.read(lambda c: accounts.session(c, token, settings, at))
    if found is None:
        return None
    who, due = found
    if due:
        await context.do(lambda turn: accounts.seen(turn, who.token))
    request.state.session = who
    return who


Guard = Callable[[Context, Request], Awaitable[Response]]
