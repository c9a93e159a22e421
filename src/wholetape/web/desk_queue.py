"""The queue at the desk: search, filters, and acts on many comments at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import queue
from wholetape.comments.acts import Actor, Words, act_on
from wholetape.comments.revisions import UID
from wholetape.comments.rules import RULES
from wholetape.comments.states import Act, Refused, State
from wholetape.errors import UsageError
from wholetape.web.context import Context
from wholetape.web.forms import Problem
from wholetape.web.pages import page, redirect
from wholetape.web.resource import get, post
from wholetape.web.signin import CHANGES, members, posted

BULK = 500
"""Comments in one act, in one transaction."""


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [get(context, "/moderate/", members(show)), post(context, "/moderate/bulk", bulk)]


def wanted_of(request: Request) -> queue.Filter:
    """The filter that an address describes."""
    return _wanted(request.query_params)


def _wanted(query: Mapping[str, str]) -> queue.Filter:
    after = query.get("after", "")
    state = query.get("state", State.QUEUED)
    return queue.Filter(
        state="" if state == "all" else state if state in list(State) else State.QUEUED,
        release=query.get("release", "")[:64],
        kind=query.get("kind", "")[:16],
        words=query.get("words", "")[:200],
        source=query.get("source", "")[:16],
        likeness=query.get("likeness", "")[:16],
        answered=query.get("answered") == "1",
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 8 else 0,
    )


async def show(context: Context, request: Request) -> Response:
    """One page of the queue."""
    wanted = wanted_of(request)
    found, waiting = await context.read(lambda c: (queue.find(c, wanted), queue.count(c, State.QUEUED)))
    return page(
        request,
        "desk/queue.html",
        wanted=wanted,
        filter=urlencode({n: v for n, v in asdict(wanted).items() if v and n not in ("after", "state", "answered")}),
        found=found,
        waiting=waiting,
        counted=queue.COUNTED,
        states=list(State),
        rules=RULES,
        settings=await context.settings(),
        releases=context.site.releases(),
        done=_number(request.query_params.get("done", "")),
        skipped=_number(request.query_params.get("skipped", "")),
    )


def _number(text: str) -> str:
    """``text`` where it is a small number; nothing else of an address is shown."""
    return text if text.isascii() and text.isdecimal() and len(text) < 8 else ""


async def bulk(context: Context, request: Request) -> Response:
    """Rejects or approves what is ticked, or what the filter finds, as long as nobody else acted on it since."""
    who, fields = await posted(context, request, CHANGES, 65_536)
    ticked = [one.partition(":") for one in fields.lists.get("uid", [])][:BULK]
    pairs: list[tuple[str, int | None]] = [
        (uid, int(seen))
        for uid, _, seen in ticked
        if UID.match(uid) and seen.isascii() and seen.isdecimal() and len(seen) < 9
    ]
    if fields.get("all") == "1":
        wanted = _wanted(dict(parse_qsl(fields.get("filter", ""), max_num_fields=20)))
        found = await context.read(lambda c: queue.uids(c, replace(wanted, state=State.QUEUED), BULK))
        pairs = [(uid, None) for uid in found]
    act = {"reject": Act.REJECTED, "approve": Act.APPROVED}.get(fields.get("act", ""))
    if act is None or not pairs:
        raise Problem(400, "none")
    words = Words(reason=fields.get("reason", "")[:1000] or fields.get("rule", ""), rule=fields.get("rule", "")[:64])
    actor, done, skipped = Actor(who.role, who.account), 0, 0
    jobs = [partial(act_on, uid=uid, act=act, actor=actor, words=words, seen=seen) for uid, seen in pairs]
    for outcome in await asyncio.gather(*map(context.do, jobs), return_exceptions=True):
        if isinstance(outcome, UsageError):
            raise Problem(422, "reason") from outcome
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refused):
            raise outcome
        skipped += isinstance(outcome, Refused)
        done += not isinstance(outcome, Refused)
    return redirect(request, "/moderate/", done=done, skipped=skipped)
