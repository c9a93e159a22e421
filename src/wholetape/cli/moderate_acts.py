"""``wholetape moderate`` queue, show, approve, edit, reject, note and redact."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from wholetape.cli.moderation import Place, at_desk
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.comments.acts import Actor
    from wholetape.comments.desk import Desk
_ACTS = ("approve", "reject", "note", "edit", "redact")


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    listed = actions.add_parser("queue", parents=[place], help="list comments that wait, or that match")
    listed.add_argument("--state", default="queued", help="queued, published, rejected, withdrawn, redacted or all")
    listed.add_argument("--release", default="", help="of one release only")
    listed.add_argument("--words", default="", help="which have these words in text or name")
    listed.add_argument("--answered", action="store_true", help="whose author answered the moderator")
    listed.add_argument("--after", type=int, default=0, help="leave out so many")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    listed.set_defaults(act=queue)
    shown = actions.add_parser("show", parents=[place], help="show a comment with all that was done to it")
    shown.add_argument("comment", metavar="COMMENT")
    shown.set_defaults(act=show)
    for name, words in (
        ("approve", "publish comments"),
        ("reject", "reject comments; also takes one from the public"),
        ("edit", "put another text in place of a comment's, with a reason; shows the difference"),
        ("note", "leave a note for the other members of the desk"),
        ("redact", "destroy a comment's text, name, address and salt, in known backups too"),
    ):
        one = actions.add_parser(name, parents=[place], help=words)
        one.add_argument("comments", metavar="COMMENT", nargs="+" if name in ("approve", "reject", "redact") else 1)
        one.add_argument("--as", dest="who", required=True, metavar="NAME", help="the account that acts")
        if name in ("reject", "edit", "redact"):
            one.add_argument("--reason", default="", help="why; its author reads it")
            one.add_argument("--rule", default="", help="the rule that it rests on, as in the terms of use")
        if name in ("edit", "note"):
            one.add_argument("--text", required=True, help="the text; - reads it from standard input")
        one.set_defaults(act=act, name=name)


def queue(args: argparse.Namespace) -> int:
    """Lists comments."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.queue import Filter, find
        from wholetape.comments.states import State

        if args.state != "all" and args.state not in list(State):
            raise UsageError(f"{args.state!r} is no state", f"{', '.join(State)} or all")
        wanted = Filter(
            "" if args.state == "all" else args.state,
            args.release,
            words=args.words,
            answered=args.answered,
            after=args.after,
        )
        with desk.engine.connect() as connection:
            found = find(connection, wanted)
        for row in found.rows:
            if args.json:
                keys = ("uid", "release", "kind", "state", "name", "text", "received", "parent", "edits", "version")
                say(json.dumps({key: getattr(row, key) for key in keys}, ensure_ascii=False) + "\n")
            else:
                text = printable(row.text.replace("\n", " "))
                say(f"{row.uid}  {row.state}  {row.release}  {printable(row.name) or '-'}: {text[:200]}\n")
        if found.more is not None:
            say(f"more: --after {found.more}\n")
    return 0


def show(args: argparse.Namespace) -> int:
    """Shows one comment and its entries."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.history import history

        with desk.engine.connect() as connection:
            entries = history(connection, args.comment)
        if not entries:
            raise UsageError("there is no such comment", "`wholetape moderate queue` lists them")
        for entry in entries:
            one = entry.revision
            said = "; ".join(f"{k}: {printable(str(v))}" for k, v in entry.said.items() if v) or "-"
            said = "(destroyed)" if entry.body is None else said
            say(f"{entry.n}  {one.act}  {one.role} {printable(entry.actor)}  {one.at}  {said}\n")
    return 0


def act(args: argparse.Namespace) -> int:
    """Does the same act on each comment; ends at the first that is refused."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.acts import Words, act_on
        from wholetape.comments.redacting import finish
        from wholetape.comments.states import Act
        from wholetape.comments.text import LIMITS, clean_text

        verb = dict(zip(_ACTS, (Act.APPROVED, Act.REJECTED, Act.NOTED, Act.EDITED, Act.REDACTED), strict=True))[
            args.name
        ]
        text = clean_text(_text(args.text), 20_000) if args.name in ("edit", "note") else ""
        reason = getattr(args, "reason", "") or getattr(args, "rule", "")
        words = Words(text, clean_text(reason, LIMITS.reason) if reason else "", getattr(args, "rule", ""))
        actor = acting(desk, args.who)
        for uid in args.comments:
            before = desk.do(lambda turn, uid=uid: act_on(turn, uid, verb, actor, words)).value  # type: ignore[misc]
            if verb is Act.EDITED:
                say(_difference(before.text, text))
            say(f"{uid}: {verb}\n")
        if verb is Act.REDACTED:
            for words_left in finish(desk):
                say(words_left + "\n")
    return 0


def acting(desk: Desk, name: str) -> Actor:
    """The actor that the account ``name`` is; raises ``UsageError`` where it is closed or unknown."""
    from wholetape.comments.accounts import account
    from wholetape.comments.acts import Actor
    from wholetape.comments.states import Role

    with desk.engine.connect() as connection:
        row = account(connection, name)
    if not row.active:
        raise UsageError(f"the account {name} is closed", "name another with --as")
    return Actor(Role(row.role), row.id)


def _difference(old: str, new: str) -> str:
    from wholetape.comments.diff import Change, diff

    marks = {Change.KEPT: ("", ""), Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}")}
    return printable("".join(f"{marks[s.change][0]}{s.text}{marks[s.change][1]}" for s in diff(old, new))) + "\n"


def _text(given: str) -> str:
    import sys

    return sys.stdin.read(1 << 20) if given == "-" else given
