"""Templates into responses: escaped, in the reader's language, with links that keep it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from wholetape.comments.text import shown
from wholetape.times import timecode
from wholetape.web.messages import LANGUAGES, catalogue, choose, say

_ENVIRONMENT = Environment(
    loader=PackageLoader("wholetape.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def lines(text: str) -> Markup:
    """A comment's text as HTML: escaped, its own line breaks and nothing else."""
    return Markup("<br>\n").join(escape(shown(line)) for line in text.split("\n"))


def moment(at: int) -> Markup:
    """A time for people and for programs; ``at`` in ms since 1970."""
    when = datetime.fromtimestamp(at / 1000, UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        when.strftime("%Y-%m-%dT%H:%M:%SZ"), when.strftime("%Y-%m-%d %H:%M UTC")
    )


def iso(at: int) -> str:
    """A time as RFC 3339 has it."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_ENVIRONMENT.filters |= {"lines": lines, "moment": moment, "iso": iso, "shown": shown, "clock": timecode}


def language_of(request: Request) -> str:
    """The language of the answer to a request."""
    return choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def link(request: Request, path: str, /, **query: object) -> str:
    """``path`` with ``query``, and with the language where one was asked for. A fragment may follow ``#``."""
    if request.query_params.get("lang") in LANGUAGES and "lang" not in query:
        query["lang"] = request.query_params["lang"]
    path, _, fragment = path.partition("#")
    words = urlencode({name: value for name, value in query.items() if value not in (None, "", False)})
    return quote(path) + (f"?{words}" if words else "") + (f"#{fragment}" if fragment else "")


def render(request: Request, template: str, language: str | None = None, /, **values: Any) -> str:
    """The text of a page, in the language of the request unless another is given."""
    forced = {"lang": language} if language and language != language_of(request) else {}
    language = language or language_of(request)
    words = catalogue(language)

    def t(key: str, **given: object) -> str:
        return say(language, key, **given) if given else words[key]

    def other(code: str) -> str:
        query = {
            k: v
            for k, v in request.query_params.items()
            if k in ("order", "after", "before", "reply", "state", "words")
        }
        return link(request, request.url.path, **{**query, "lang": code})

    return _ENVIRONMENT.get_template(template).render(
        t=t,
        lang=language,
        languages=LANGUAGES,
        url=lambda path, **query: link(request, path, **{**query, **forced}),
        other=other,
        session=getattr(request.state, "session", None),
        **values,
    )


def page(
    request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> Response:
    """The response with a page."""
    text = render(request, template, **values)
    return Response(text, status, {"vary": "Accept-Language, Cookie", **(headers or {})}, "text/html; charset=utf-8")


def redirect(request: Request, path: str, /, **query: object) -> Response:
    """Sends the browser on with a GET, after a POST was done."""
    return Response(b"", 303, {"location": link(request, path, **query)})
