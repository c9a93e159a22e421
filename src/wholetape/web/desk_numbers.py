"""Numbers at the desk: how moderation goes, naming nobody; and the trail, for auditors."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import tables
from wholetape.comments.revisions import Revision, parse_leaf
from wholetape.comments.stats import daily, transparency
from wholetape.comments.trail import newest_head
from wholetape.web.context import Context
from wholetape.web.pages import page
from wholetape.web.resource import get
from wholetape.web.signin import members

PAGE = 100
"""Entries of the trail on a page."""


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/moderate/numbers", members(numbers)),
        get(context, "/moderate/trail", members(trail)),
    ]


async def numbers(context: Context, request: Request) -> Response:
    """Statistics."""
    at = context.desk.clock()
    found, days = await context.read(lambda c: (transparency(c), daily(c, at)))
    return page(request, "desk/numbers.html", found=found, days=days)


async def trail(context: Context, request: Request) -> Response:
    """The entries of the trail, newest first, and its newest head."""
    before = request.query_params.get("after", "")
    table = tables.revisions.c
    query = sa.select(table.n, table.leaf).order_by(table.n.desc()).limit(PAGE)
    if before.isascii() and before.isdecimal() and len(before) < 12:
        query = query.where(table.n < int(before))
    rows, note = await context.read(lambda c: (c.execute(query).all(), newest_head(c) or b""))
    entries = [(n, leaf) for n, leaf in ((row.n, parse_leaf(row.leaf)) for row in rows) if isinstance(leaf, Revision)]
    return page(request, "desk/trail.html", entries=entries, head=note.decode())
