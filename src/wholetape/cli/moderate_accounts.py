"""``wholetape moderate users``: the accounts of the desk."""

from __future__ import annotations

import argparse
from typing import Any

from wholetape.cli.keys import passphrase
from wholetape.cli.moderation import Place, at_desk
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

_ROLES = ("moderator", "administrator", "auditor")


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the action."""
    users = actions.add_parser(
        "users", parents=[place], help="accounts: list, add, role, password, factor, close, open"
    )
    users.add_argument("what", choices=("list", "add", "role", "password", "factor", "close", "open"))
    users.add_argument("name", nargs="?", metavar="NAME", help="whose account")
    users.add_argument("--role", choices=_ROLES, help="what they may do; default for a new account: moderator")
    users.add_argument("--password-file", metavar="FILE", help="the password is its first line; else it is asked for")
    users.set_defaults(act=users_run)


def users_run(args: argparse.Namespace) -> int:
    """Does it."""
    if args.what != "list" and not args.name:
        raise UsageError("whose account?", f"wholetape moderate users {args.what} NAME")
    with at_desk(Place.of(args.site, args.database, args.data), create=True) as (desk, _):
        from wholetape.comments import accounts, tables, totp
        from wholetape.comments.states import Role

        if args.what == "list":
            with desk.engine.connect() as connection:
                for row in connection.execute(tables.accounts.select().order_by(tables.accounts.c.name)):
                    factor = "second factor" if row.totp else "password only"
                    say(f"{printable(row.name)}  {row.role}  {'open' if row.active else 'closed'}  {factor}\n")
            return 0
        name = args.name
        if args.what == "add":
            secret = passphrase(args.password_file, f"password for {name}: ")
            role = Role(args.role or "moderator")
            desk.do(lambda turn: accounts.add_account(turn, name, role, secret))
            say(f"{printable(name)}: {role}\n")
            return 0
        values: dict[str, Any] = {"active": args.what == "open"} if args.what in ("close", "open") else {}
        fresh = {"failed": 0, "locked": 0} if args.what in ("open", "password") else {}
        if args.what == "role":
            if args.role is None:
                raise UsageError("which role?", f"--role {'|'.join(_ROLES)}")
            values = {"role": args.role}
        if args.what == "password":
            values = {"password": passphrase(args.password_file, f"new password for {name}: ")}
        if args.what == "factor":
            values = {"totp": totp.new_secret(), "totp_used": 0}
        desk.do(lambda turn: accounts.change_account(turn, name, values | fresh))
        say(f"{printable(name)}: done; all sessions of this account have ended\n")
        if args.what == "factor":
            say(f"enter this into an authenticator app; it is not shown again:\n{totp.address(values['totp'], name)}\n")
    return 0
