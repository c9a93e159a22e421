"""Accounts at the desk: an administrator adds, changes and closes them; everybody changes the own password."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import accounts, passwords, tables
from wholetape.comments.states import Role
from wholetape.errors import WholetapeError
from wholetape.web.context import Context
from wholetape.web.forms import Problem
from wholetape.web.pages import page, redirect
from wholetape.web.resource import get, post
from wholetape.web.signin import ADMINISTRATORS, EVERYBODY, members, posted


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/moderate/accounts", members(show, ADMINISTRATORS)),
        post(context, "/moderate/accounts", change),
        get(context, "/moderate/password", members(own)),
        post(context, "/moderate/password", own_password),
    ]


async def show(context: Context, request: Request, status: int = 200, problem: str = "") -> Response:
    """All accounts."""
    table = tables.accounts.c
    query = sa.select(table.name, table.role, table.active, table.totp.is_not(None).label("factor")).order_by(
        table.name
    )
    rows = await context.read(lambda c: c.execute(query).all())
    return page(request, "desk/accounts.html", status, rows=rows, roles=accounts.DESK, problem=problem)


async def change(context: Context, request: Request) -> Response:
    """Adds an account, gives it another role, closes it or opens it again."""
    _, fields = await posted(context, request, ADMINISTRATORS)
    name, what = fields.get("name", ""), fields.get("act", "")
    try:
        role = Role(fields.get("role", Role.MODERATOR))
        if role not in accounts.DESK:
            raise ValueError(role)
        if what == "add":
            await context.do(lambda turn: accounts.add_account(turn, name, role, fields.get("password", "")))
        elif what == "role":
            await context.do(lambda turn: accounts.change_account(turn, name, {"role": str(role)}))
        elif what in ("close", "open"):
            await context.do(lambda turn: accounts.change_account(turn, name, {"active": what == "open"}))
        else:
            raise Problem(400, "form")
    except ValueError as problem:
        raise Problem(400, "form") from problem
    except WholetapeError as problem:
        return await show(context, request, 422, str(problem))
    return redirect(request, "/moderate/accounts")


async def own(context: Context, request: Request, status: int = 200, problem: str = "") -> Response:
    """The form for another password."""
    return page(request, "desk/password.html", status, problem=problem)


async def own_password(context: Context, request: Request) -> Response:
    """Another password for the one who asks; all sessions end."""
    who, fields = await posted(context, request, EVERYBODY)
    row = await context.read(lambda c: accounts.account(c, who.name))
    if not await run_in_threadpool(passwords.holds, row.password, fields.get("old", "")):
        await context.do(lambda turn: accounts.count_failure(turn, row.id))
        return await own(context, request, 422, "wrong")
    try:
        await context.do(lambda turn: accounts.change_account(turn, who.name, {"password": fields.get("new", "")}))
    except WholetapeError:
        return await own(context, request, 422, "weak")
    return redirect(request, "/moderate/sign-in")
