"""The public page of comments under a release, one comment's own page, and the feed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import public
from wholetape.comments.hurdle import Form, make_form
from wholetape.comments.revisions import UID
from wholetape.comments.settings import Settings
from wholetape.web.context import FRESH, Context
from wholetape.web.forms import Problem
from wholetape.web.messages import say
from wholetape.web.pages import language_of, page, render
from wholetape.web.resource import get

MOST_CACHED = 512
_TOKEN, _QUESTION = "@form-token@", "@form-question@"


@dataclass(frozen=True, slots=True)
class Parts:
    """Which page: its template, its language, and where it begins, and the comment to answer."""

    template: str
    language: str
    oldest: bool = False
    after: str | None = None
    before: str | None = None
    reply: str | None = None


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/comments/{release}", comments),
        get(context, "/comments/{release}/feed.xml", feed),
        get(context, "/comments/{release}/{uid}", one),
    ]


async def changed(context: Context, release: str) -> tuple[int, int]:
    """The release's counter of changes and of public comments, looked at once a second."""
    known = context.changed.get(release)
    now = time.monotonic()
    if known is None or now - known[0] > FRESH:
        known = now, *await context.read(lambda c: public.changed(c, release))
        if len(context.changed) > 4096:
            context.changed.clear()
        context.changed[release] = known
    return known[1:]


async def comments(context: Context, request: Request) -> Response:
    """The page of comments under a release, newest or oldest first."""
    release = release_of(context, request)
    settings = await context.settings()
    query, language = request.query_params, language_of(request)
    after, before, reply = (_uid(query.get(name)) for name in ("after", "before", "reply"))
    wanted = Parts("release.html", language, query.get("order") == "old", after, before, reply)
    parts = await public_parts(context, request, release, settings, wanted)
    return Response(
        fill_parts(context, parts, release, settings, language),
        headers={"vary": "Accept-Language"},
        media_type="text/html; charset=utf-8",
    )


async def public_parts(
    context: Context, request: Request, release: str, settings: Settings, wanted: Parts
) -> list[str]:
    """A public page, cut where readers' forms differ; rendered anew only when something public has changed."""
    version, shown = await changed(context, release)
    key = (release, wanted, request.query_params.get("lang"), settings_key(settings))
    known = context.pages.get(key)
    if known is None or known[0] != version:

        def read(connection: Any) -> tuple[public.Page, Any]:
            return (
                public.page(connection, release, not wanted.oldest, wanted.before or wanted.after, bool(wanted.before)),
                public.statements(connection, release),
            )

        found, statements = await context.read(read)
        text = render(
            request,
            wanted.template,
            wanted.language,
            release=release,
            title=context.site.title(release),
            found=found,
            statements=statements,
            shown=shown,
            oldest=wanted.oldest,
            settings=settings,
            **blank_form(wanted.reply),
        )
        known = context.pages[key] = version, cut(text)
        if len(context.pages) > MOST_CACHED:
            context.pages.pop(next(iter(context.pages)))
    return known[1]


def settings_key(settings: Settings) -> object:
    """What of the settings a public page depends on."""
    return (settings.open, settings.longest, tuple(settings.notice.items()))


def blank_form(reply: str | None) -> dict[str, Any]:
    """The values of an empty form, with marks for what differs from reader to reader."""
    return {
        "form": {"token": _TOKEN, "question": _QUESTION, "text": "", "name": "", "email": "", "parent": reply or ""},
        "error": None,
    }


def cut(text: str) -> list[str]:
    """A page in three: around the token, and around the question; in one where there is no form."""
    if _TOKEN not in text:
        return [text]
    first, rest = text.split(_TOKEN, 1)
    return [first, *rest.split(_QUESTION, 1)]


def fill_parts(context: Context, parts: list[str], release: str, settings: Settings, language: str) -> str:
    """A page that was cut, with a form of its own."""
    if len(parts) == 1:
        return parts[0]
    form = make_form(context.secret, release, settings, context.desk.clock())
    return f"{parts[0]}{form.token}{parts[1]}{escape(question_of(form, settings, language))}{parts[2]}"


def question_of(form: Form, settings: Settings, language: str) -> str:
    """The words of a form's question."""
    question = form.question
    if question.own is not None:
        own = settings.questions[question.own]
        return own.get(language, own["en"])
    return say(
        language,
        "form.sum",
        a=say(language, f"number.{question.a}"),
        b=say(language, f"number.{question.b}"),
    )


async def one(context: Context, request: Request) -> Response:
    """A comment in its thread, at an address that stays."""
    release, uid = release_of(context, request), request.path_params["uid"]
    found = await context.read(lambda c: public.thread(c, release, uid)) if UID.match(uid) else None
    if found is None:
        raise Problem(404, "nothing")
    return page(request, "thread.html", release=release, title=context.site.title(release), thread=found, uid=uid)


async def feed(context: Context, request: Request) -> Response:
    """The last approved comments as Atom."""
    release, settings = release_of(context, request), await context.settings()
    rows = await context.read(lambda c: public.newest(c, release))
    base = settings.base_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
    text = render(request, "feed.xml", release=release, title=context.site.title(release), rows=rows, base=base)
    return Response(text, headers={"vary": "Accept-Language"}, media_type="application/atom+xml; charset=utf-8")


def release_of(context: Context, request: Request) -> str:
    """The release that the path names; raises ``Problem`` where there is none."""
    release = str(request.path_params["release"])
    if not context.site.has(release):
        raise Problem(404, "nothing")
    return release


def _uid(text: str | None) -> str | None:
    return text if text is not None and UID.match(text) else None
