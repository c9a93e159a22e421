"""``wholetape moderate settings``: what a publisher sets."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from wholetape.cli.moderation import Place, at_desk
from wholetape.cli.terminal import say
from wholetape.errors import UsageError


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the action."""
    settings = actions.add_parser("settings", parents=[place], help="list the settings, or set some: NAME=JSON")
    settings.add_argument("changes", nargs="*", metavar="NAME=JSON", help='as per_source=5 or notice=\'{"en": "…"}\'')
    settings.set_defaults(act=settings_run)


def settings_run(args: argparse.Namespace) -> int:
    """Lists or sets."""
    changes = {}
    for change in args.changes:
        name, _, value = change.partition("=")
        try:
            changes[name] = json.loads(value)
        except (ValueError, RecursionError) as problem:
            raise UsageError(f"the value of {name} is not JSON", "texts stand in quotation marks") from problem
    with at_desk(Place.of(args.site, args.database, args.data), create=True) as (desk, _):
        from wholetape.comments.settings import load, save

        if changes:
            desk.do(lambda turn: save(turn, changes))
        with desk.engine.connect() as connection:
            for name, value in asdict(load(connection)).items():
                if not changes or name in changes:
                    say(f"{name}={json.dumps(value, ensure_ascii=False)}\n")
    return 0
