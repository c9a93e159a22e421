"""``wholetape moderate`` party and statement: whose statements are taken, and taking one from a file."""

from __future__ import annotations

import argparse
from typing import Any

from wholetape.cli.keys import public_keys
from wholetape.cli.moderation import Place, at_desk
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    party = actions.add_parser("party", parents=[place], help="list, add or remove the parties that make statements")
    party.add_argument("what", choices=("list", "add", "remove"))
    party.add_argument("release", metavar="RELEASE", nargs="?", help="of which release")
    party.add_argument("who", metavar="FILE.pub|NAME", nargs="?", help="the party's key to add; its name to remove")
    party.set_defaults(act=party_run)
    one = actions.add_parser("statement", parents=[place], help="take a party's signed statement into the queue")
    one.add_argument("release", metavar="RELEASE")
    one.add_argument("file", metavar="FILE.statement", help="made by `wholetape statement`")
    one.add_argument("--answers", metavar="COMMENT", help="the published statement that it answers")
    one.set_defaults(act=statement_run)


def party_run(args: argparse.Namespace) -> int:
    """Lists, adds or removes."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments import tables
        from wholetape.comments.statements import add_party, remove_party

        if args.what == "list":
            with desk.engine.connect() as connection:
                for row in connection.execute(tables.parties.select().order_by(tables.parties.c.release)):
                    say(f"{row.release}  {printable(row.name)}  {row.vkey}\n")
            return 0
        if not args.release or not args.who:
            raise UsageError("which party?", f"wholetape moderate party {args.what} RELEASE FILE.pub|NAME")
        if args.what == "remove":
            desk.do(lambda turn: remove_party(turn, args.release, args.who))
            return 0
        (key,) = public_keys([args.who])
        desk.do(lambda turn: add_party(turn, args.release, key))
        say(f"{printable(key.name)} is a party of {args.release}; fingerprint {key.fingerprint}\n")
    return 0


def statement_run(args: argparse.Namespace) -> int:
    """Takes a statement."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.statements import SubmitStatement
        from wholetape.log.party_statement import MAX_STATEMENT
        from wholetape.store.files import read_file

        job = SubmitStatement(args.release, read_file(args.file, MAX_STATEMENT), answers=args.answers)
        token = desk.do(job).value
        say(f"received; its private page is /comments/-/status/{token}\n")
    return 0
