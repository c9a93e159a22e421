"""``wholetape moderate`` export, import, backup, restore, purge: comments in and out."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from wholetape.cli.moderate_acts import acting
from wholetape.cli.moderation import Place, at_desk, open_desk
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import UsageError

MOST = 1 << 28
"""Bytes of a file that is imported."""


def add(actions: Any, place: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    out = actions.add_parser("export", parents=[place], help="write comments as JSON")
    out.add_argument("-o", dest="output", metavar="FILE", default="-", help="where to; default: standard output")
    out.add_argument("--all", action="store_true", help="in all states, with authors' addresses; not only public ones")
    out.add_argument("--release", default="", help="of one release only")
    out.set_defaults(act=export_run)
    into = actions.add_parser(
        "import", parents=[place], help="take comments from Disqus, Isso or an export into the queue"
    )
    into.add_argument("file", metavar="FILE")
    into.add_argument("--from", dest="system", required=True, choices=("disqus", "isso", "wholetape"))
    into.add_argument("--as", dest="who", required=True, metavar="NAME", help="the administrator that does it")
    into.add_argument("--release", metavar="RELEASE", help="all of it belongs to this release")
    into.add_argument(
        "--map", action="append", default=[], metavar="PAGE=RELEASE", help="what stood under PAGE there; again for each"
    )
    into.add_argument("--approve", action="store_true", help="approve, in NAME's name, those that were public there")
    into.set_defaults(act=import_run)
    kept = actions.add_parser("backup", parents=[place], help="write all that the database holds, and remember where")
    kept.add_argument("output", metavar="FILE")
    kept.set_defaults(act=backup_run)
    again = actions.add_parser("restore", parents=[place], help="fill a new database from a backup, and verify it")
    again.add_argument("file", metavar="FILE")
    again.set_defaults(act=restore_run)
    clean = actions.add_parser("purge", parents=[place], help="take out of backups what was redacted since")
    clean.add_argument("files", metavar="FILE", nargs="+")
    clean.set_defaults(act=purge_run)


def export_run(args: argparse.Namespace) -> int:
    """Writes the export."""
    judge([args.output], [])
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _), desk.engine.connect() as connection:
        from wholetape.comments.exchange.own import write
        from wholetape.store.atomic import atomic_write

        pieces = write(connection, args.all, args.release)
        if args.output == "-":
            for piece in pieces:
                sys.stdout.write(piece.decode())
        else:
            atomic_write(args.output, pieces)
    return 0


def import_run(args: argparse.Namespace) -> int:
    """Takes comments in."""
    pages = {page: release for page, equals, release in (one.rpartition("=") for one in args.map) if equals}
    if len(pages) != len(args.map):
        raise UsageError("--map names a page and its release", "--map https://example.org/talk=talk")
    if args.release:
        pages["*"] = args.release
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.exchange import disqus, isso, own
        from wholetape.comments.exchange.incoming import bring_in
        from wholetape.store.files import read_file

        if args.system == "isso":
            found = isso.parse(args.file)
        else:
            data = read_file(args.file, MOST)
            found = disqus.parse(data) if args.system == "disqus" else own.parse(data)
        told = bring_in(desk, args.system, found, pages, acting(desk, args.who), args.approve)
    say(
        f"{told.taken} taken; {told.known} were here, {told.refused} cannot be shown, {told.elsewhere} of other pages\n"
    )
    return 0


def backup_run(args: argparse.Namespace) -> int:
    """Writes a backup."""
    judge([args.output], [])
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.backup import write
        from wholetape.comments.redacting import register
        from wholetape.store.atomic import atomic_write

        frozen = desk.engine.dialect.name == "postgresql"
        with desk.engine.connect() as connection:
            if frozen:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            atomic_write(args.output, write(connection, desk.clock()))
        os.chmod(args.output, 0o600)
        register(desk, args.output)
        say(f"{args.output}: written. It holds addresses and texts that are not public: keep it like the database.\n")
        say("The site's key and secret are not in it: keep copies of comments.key and comments.secret apart.\n")
    return 0


def restore_run(args: argparse.Namespace) -> int:
    """Fills a new database."""
    place = Place.of(args.site, args.database, args.data)
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    from wholetape.comments.acts import Actor, Words, act_on
    from wholetape.comments.backup import restore
    from wholetape.comments.database import open_database, writing
    from wholetape.comments.redacting import finish, register
    from wholetape.comments.states import Act, Role
    from wholetape.comments.verify import verify_trail
    from wholetape.store.files import read_lines

    engine = open_database(place.url)
    with writing(engine).begin() as connection:
        purged = restore(connection, read_lines(args.file))
    engine.dispose()
    desk, _ = open_desk(place)
    words = Words(reason="destroyed after the backup was made that this was restored from")
    for uid in purged:
        with desk.engine.connect() as connection:
            gone = _redacted(connection, uid)
        if not gone:
            desk.do(lambda turn, uid=uid: act_on(turn, uid, Act.REDACTED, Actor(Role.SYSTEM), words))  # type: ignore[misc]
    finish(desk)
    register(desk, args.file)
    with desk.engine.connect() as connection:
        found = verify_trail(connection)
    desk.close()
    desk.engine.dispose()
    say(f"restored: {found.entries} entries, {found.comments} comments, {len(purged)} redacted since\n")
    say("verify it with the last head that was handed outside: wholetape moderate verify --head\n")
    return 0


def purge_run(args: argparse.Namespace) -> int:
    """Purges backups."""
    with at_desk(Place.of(args.site, args.database, args.data)) as (desk, _):
        from wholetape.comments.redacting import purge_file

        for path in args.files:
            say(f"{path}: {purge_file(desk, path)} redactions applied\n")
    return 0


def _redacted(connection: Any, uid: str) -> bool:
    from wholetape.comments import tables
    from wholetape.comments.states import State

    row = connection.execute(tables.comments.select().where(tables.comments.c.uid == uid)).one_or_none()
    return row is None or row.state == State.REDACTED
