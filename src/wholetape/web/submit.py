"""A comment that a reader sends: taken into the queue, or given back with what is wrong."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import public
from wholetape.comments.hurdle import NotPassed, make_form, pass_form
from wholetape.comments.settings import Settings
from wholetape.comments.submitting import Full, Submit, TakenName, draft, status_token
from wholetape.comments.text import BadText
from wholetape.web.comments import changed, question_of, release_of
from wholetape.web.context import Context
from wholetape.web.forms import Fields, Problem, read_form
from wholetape.web.pages import language_of, page, redirect
from wholetape.web.resource import post

ENCODED = 12
"""Bytes of a code point at most as a form sends it."""
ROOM = 16_384
"""Bytes for the other fields."""
_KEPT = ("text", "name", "email", "parent")


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [post(context, "/comments/{release}", submit)]


async def submit(context: Context, request: Request) -> Response:
    """Takes a comment; the answer leads to its private page."""
    release, settings = release_of(context, request), await context.settings()
    address, at = context.address(request), context.desk.clock()
    shared = address in settings.shared_sources
    per_minute = settings.per_minute * context.options.rate * (100 if shared else 1)
    source = context.secret.source(address, at)
    if not context.buckets.take(f"submit {source}", per_minute, per_minute):
        raise Problem(429, "rate", {"retry-after": "60"})
    if await context.queue_length() >= settings.queue_most:
        raise Problem(503, "queue", {"retry-after": "3600"})
    fields = await read_form(request, ROOM + ENCODED * settings.longest, unnamed=True)
    try:
        nonce = pass_form(
            context.secret,
            release,
            settings,
            at,
            fields.get("token", ""),
            fields.get("answer", ""),
            fields.get("website", ""),
        )
        taken = draft(release, fields, language_of(request), settings, nonce, source, shared)
        await context.do(Submit(taken, context.secret, settings))
    except (NotPassed, BadText) as wrong:
        return await _again(context, request, release, settings, fields, wrong.code, getattr(wrong, "limit", 0))
    except TakenName:
        return await _again(context, request, release, settings, fields, "name_taken")
    except Full as full:
        if full.code == "source":
            raise Problem(429, full.code, {"retry-after": "3600"}) from full
        return await _again(context, request, release, settings, fields, full.code)
    return redirect(request, f"/comments/-/status/{status_token(context.secret, nonce)}")


async def _again(
    context: Context, request: Request, release: str, settings: Settings, fields: Fields, code: str, limit: int = 0
) -> Response:
    """The page once more, with what was written and what is wrong with it."""
    _, shown = await changed(context, release)
    found, statements = await context.read(
        lambda c: (public.page(c, release, True, None), public.statements(c, release))
    )
    form = make_form(context.secret, release, settings, context.desk.clock())
    kept = {name: fields.get(name, "")[: 2 * settings.longest] for name in _KEPT}
    return page(
        request,
        "release.html",
        422,
        release=release,
        title=context.site.title(release),
        found=found,
        statements=statements,
        shown=shown,
        oldest=False,
        settings=settings,
        form={"token": form.token, "question": question_of(form, settings, language_of(request)), **kept},
        error={"code": code, "limit": limit},
    )
