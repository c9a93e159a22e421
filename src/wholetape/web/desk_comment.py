"""One comment at the desk: its history, and each act on it, with a look at the difference before an edit is made."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from wholetape.comments import tables
from wholetape.comments.acts import Actor, NotThere, Stale, Words, act_on, standing_of
from wholetape.comments.desk import Turn
from wholetape.comments.diff import diff
from wholetape.comments.history import history
from wholetape.comments.redacting import finish
from wholetape.comments.revisions import UID
from wholetape.comments.rules import RULES
from wholetape.comments.states import Act, Refused, may
from wholetape.comments.text import LIMITS, BadText, clean_text, mixes_scripts
from wholetape.errors import UsageError
from wholetape.web.context import Context
from wholetape.web.forms import Fields, Problem
from wholetape.web.pages import page, redirect
from wholetape.web.resource import get, post
from wholetape.web.signin import CHANGES, members, posted

ACTS = {
    "approve": Act.APPROVED,
    "edit": Act.EDITED,
    "reject": Act.REJECTED,
    "note": Act.NOTED,
    "redact": Act.REDACTED,
}
LONGEST_FORM = 20_000 * 12 + 32_768


def routes(context: Context) -> list[BaseRoute]:
    """What is served here."""
    return [
        get(context, "/moderate/comment/{uid}", members(show)),
        post(context, "/moderate/comment/{uid}", act),
    ]


async def show(
    context: Context, request: Request, status: int = 200, problem: str = "", fields: Fields | None = None
) -> Response:
    """The comment with all that was done to it. ``fields`` keeps what was typed when an act was not done."""
    uid = _uid(request)
    row, entries = await context.read(
        lambda c: (
            c.execute(tables.comments.select().where(tables.comments.c.uid == uid)).one_or_none(),
            history(c, uid),
        )
    )
    if row is None:
        raise Problem(404, "nothing")
    standing, role = standing_of(row), request.state.session.role
    text, told = "", []
    for entry in entries:
        new = entry.said.get("text", "") if entry.revision.act in (Act.RECEIVED, Act.IMPORTED, Act.EDITED) else text
        told.append((entry, diff(text, new) if entry.revision.act is Act.EDITED and text else []))
        text = new
    typed = fields.get("text", row.text) if fields else row.text
    return page(
        request,
        "desk/comment.html",
        status,
        row=row,
        told=told,
        can={name: may(standing, act, role) for name, act in ACTS.items()},
        rules=RULES,
        settings=await context.settings(),
        mixed=mixes_scripts(row.name),
        problem=problem,
        typed=typed,
        reason=fields.get("reason", "") if fields else "",
        rule=fields.get("rule", "") if fields else "",
        preview=diff(row.text, typed) if typed != row.text else [],
    )


async def act(context: Context, request: Request) -> Response:
    """Does one act, as long as nobody else acted since the page was shown; an edit is first shown, then made."""
    uid = _uid(request)
    who, fields = await posted(context, request, CHANGES, LONGEST_FORM)
    name, seen = fields.get("act", ""), fields.get("seen", "")
    if name == "preview":
        return await show(context, request, 200, "", fields)
    todo = ACTS.get(name.removesuffix("-approve"))
    if todo is None or not (seen.isascii() and seen.isdecimal() and len(seen) < 9):
        raise Problem(400, "form")
    try:
        rule = fields.get("rule", "")[:64]
        reason = clean_text(fields["reason"], LIMITS.reason) if fields.get("reason", "").strip() else rule
        text = clean_text(fields.get("text", ""), 20_000) if todo in (Act.EDITED, Act.NOTED) else ""
        actor, words = Actor(who.role, who.account), Words(text, reason, rule)

        def job(turn: Turn) -> None:
            act_on(turn, uid, todo, actor, words, int(seen))
            if name == "edit-approve":
                act_on(turn, uid, Act.APPROVED, actor)

        await context.do(job)
        if todo is Act.REDACTED:
            await run_in_threadpool(finish, context.desk)
    except Stale:
        return await show(context, request, 409, "stale", fields)
    except NotThere as problem:
        raise Problem(404, "nothing") from problem
    except BadText as wrong:
        return await show(context, request, 422, wrong.code, fields)
    except UsageError:
        return await show(context, request, 422, "reason", fields)
    except Refused:
        return await show(context, request, 409, "refused", fields)
    return redirect(request, f"/moderate/comment/{uid}")


def _uid(request: Request) -> str:
    uid = str(request.path_params["uid"])
    if not UID.match(uid):
        raise Problem(404, "nothing")
    return uid
