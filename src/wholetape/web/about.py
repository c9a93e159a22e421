"""What anybody may know: the terms of use, numbers about the moderation, and the signed heads of the trail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments.rules import RULES
from wholetape.comments.stats import transparency
from wholetape.comments.trail import newest_head
from wholetape.log.encoding import b64encode
from wholetape.log.keys import encode_public
from wholetape.web.context import Context
from wholetape.web.forms import Problem
from wholetape.web.pages import page
from wholetape.web.resource import get

PLAIN = "text/plain; charset=utf-8"
_SHORT = {"cache-control": "max-age=60"}


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/comments/-/terms", terms),
        get(context, "/comments/-/transparency", numbers),
        get(context, "/comments/-/head", head),
        get(context, "/comments/-/key.pub", key),
        get(context, "/comments/-/consistency", consistency),
    ]


async def terms(context: Context, request: Request) -> Response:
    """The terms of use, with the rules that moderators cite."""
    return page(request, "terms.html", settings=await context.settings(), rules=RULES)


async def numbers(context: Context, request: Request) -> Response:
    """The transparency page."""
    found, note = await context.read(lambda c: (transparency(c), newest_head(c)))
    return page(
        request, "transparency.html", found=found, head=(note or b"").decode(), fingerprint=_fingerprint(context)
    )


async def head(context: Context, request: Request) -> Response:
    """The newest signed head: whoever keeps it can tell later whether the trail was changed."""
    return Response(await context.read(newest_head) or b"", 200, _SHORT, PLAIN)


async def key(context: Context, request: Request) -> Response:
    """The public key of the site. Whoever trusts it has compared its fingerprint elsewhere."""
    return Response(encode_public(context.desk.key), 200, _SHORT, PLAIN)


async def consistency(context: Context, request: Request) -> Response:
    """The proof (RFC 9162) that the tree of ``old`` leaves is the beginning of that of ``new`` leaves, base64 lines."""
    sizes = [request.query_params.get(name, "") for name in ("old", "new")]
    if not all(size.isascii() and size.isdecimal() and len(size) < 12 for size in sizes):
        raise Problem(400, "form")
    old, new = map(int, sizes)
    done = await context.do(
        lambda turn: turn.trail.tree.prove_consistency(old, new) if 1 <= old <= new <= len(turn.trail.tree) else None
    )
    if done.value is None:
        raise Problem(404, "nothing")
    return Response("".join(f"{b64encode(node)}\n" for node in done.value), 200, {}, PLAIN)


def _fingerprint(context: Context) -> str:
    return context.desk.key.public.fingerprint
