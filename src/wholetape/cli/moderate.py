"""``wholetape moderate``: all that the desk does, on the command line, and what only the command line does."""

from __future__ import annotations

import argparse

from wholetape.cli import (
    moderate_accounts,
    moderate_acts,
    moderate_data,
    moderate_parties,
    moderate_settings,
    moderate_trail,
)

HELP = "moderate comments: queue, approve, edit, reject, redact; accounts, verify, backup, import and export"
EPILOG = """Each action has its own help: wholetape moderate ACTION --help. Acts on comments name the account that acts,
--as NAME.
exit code: 0 done, 1 refused, 2 usage, 3 the trail is consistent only, 4 a file cannot be read, 6 the trail does
not verify, 8 the database cannot be used"""
_PARTS = (moderate_acts, moderate_accounts, moderate_parties, moderate_settings, moderate_trail, moderate_data)


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    place = argparse.ArgumentParser(add_help=False)
    where = place.add_argument_group("which site")
    where.add_argument("--site", metavar="SITE", help="the folder that is served")
    where.add_argument("--database", metavar="URL", help="its database, where it is not in SITE.comments")
    where.add_argument("--data", metavar="DIR", help="where key and secret are; default: beside the database or SITE")
    for part in _PARTS:
        part.add(actions, place)


def run(args: argparse.Namespace) -> int:
    """Runs the action."""
    code: int = args.act(args)
    return code
