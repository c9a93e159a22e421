"""For those who run the program: whether it lives, whether it can work, and its numbers."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from wholetape.comments import queue, tables
from wholetape.comments.states import State
from wholetape.web.context import Context
from wholetape.web.resource import get


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [get(context, "/healthz", alive), get(context, "/readyz", ready), get(context, "/metrics", metrics)]


async def alive(context: Context, request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def ready(context: Context, request: Request) -> Response:
    """The database answers."""
    try:
        await context.read(lambda c: c.execute(sa.select(sa.literal(1))).scalar())
    except SQLAlchemyError:
        return PlainTextResponse("the database does not answer\n", 503)
    return PlainTextResponse("ok\n")


async def metrics(context: Context, request: Request) -> Response:
    """Numbers for Prometheus; they name nobody."""
    began = time.perf_counter()

    def read(connection: sa.Connection) -> dict[str, float]:
        newest = connection.execute(sa.select(sa.func.max(tables.heads.c.size))).scalar() or 0
        return {
            "queue_comments": queue.count(connection, State.QUEUED),
            "trail_entries": newest,
            "outbox_messages": connection.execute(sa.select(sa.func.count()).select_from(tables.outbox)).scalar() or 0,
        }

    gauges = await context.read(read)
    gauges |= {"desk_jobs_waiting": context.desk.waiting, "database_seconds": time.perf_counter() - began}
    return PlainTextResponse(context.metrics.text(gauges))
