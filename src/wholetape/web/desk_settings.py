"""The settings at the desk: an administrator changes them, an auditor reads them."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import settings as stored
from wholetape.comments.settings import Settings
from wholetape.comments.states import Role
from wholetape.errors import UsageError
from wholetape.web.context import Context
from wholetape.web.pages import page, redirect
from wholetape.web.resource import get, post
from wholetape.web.signin import ADMINISTRATORS, members, posted

_READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
MOST = 131_072


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [get(context, "/moderate/settings", members(show, _READERS)), post(context, "/moderate/settings", change)]


async def show(
    context: Context, request: Request, status: int = 200, problem: str = "", typed: dict[str, str] | None = None
) -> Response:
    """All settings, as JSON values."""
    now = asdict(await context.settings())
    told = {name: json.dumps(value, ensure_ascii=False) for name, value in now.items()}
    return page(request, "desk/settings.html", status, told=told | (typed or {}), problem=problem)


async def change(context: Context, request: Request) -> Response:
    """Keeps what was changed, or nothing."""
    _, form = await posted(context, request, ADMINISTRATORS, MOST)
    typed = {f.name: form[f.name] for f in fields(Settings) if f.name in form}
    now = asdict(await context.settings())
    try:
        given = {name: json.loads(text) for name, text in typed.items()}
        changes = {name: value for name, value in given.items() if value != now[name]}
        await context.do(lambda turn: stored.save(turn, changes))
    except (ValueError, RecursionError):
        return await show(context, request, 422, "json", typed)
    except UsageError as problem:
        return await show(context, request, 422, str(problem), typed)
    context.forget_settings()
    return redirect(request, "/moderate/settings")
