"""``wholetape serve``: the site's pages, the comments under them, and the desk where they are moderated."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.archive import Archive

HELP = "serve a site made by publish, with comments under each release that moderators approve"
EPILOG = """The database is SITE.comments/comments.db, beside the folder, unless --database names another; so
are the key that signs the trail and the site's secret. Put a proxy that speaks HTTPS in front; see docs/comments.md.
exit code: 0 stopped, 2 no such site, 6 the database belongs to another key, 7 the port is taken, 8 the database
cannot be used"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("site", metavar="SITE", help="the folder with the pages")
    parser.add_argument("--database", metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/NAME")
    parser.add_argument("--data", metavar="DIR", help="where key and secret are; default: beside the database or SITE")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="TCP port; 0 takes a free one (default: %(default)s)")
    parser.add_argument(
        "--archive", metavar="DIR", help="let readers search an archive, too, at /archive; see `wholetape archive`"
    )
    parser.add_argument(
        "--words-database",
        default="",
        metavar="URL",
        help="where the words of that archive's transcripts are, if apart",
    )
    parser.add_argument(
        "--proxy", action="append", default=[], metavar="ADDR", help="believe what this address says of its clients"
    )
    parser.add_argument("--heads", metavar="DIR", help="write signed heads of the log there, once a day")


def run(args: argparse.Namespace) -> int:
    """Serves until it is told to stop."""
    if not 0 <= args.port <= 65535:
        raise UsageError(f"{args.port} is no port", "a port is a number from 0 to 65535")
    from wholetape.cli.moderation import Place, open_desk
    from wholetape.web.context import Context, Options
    from wholetape.web.mail import parse_mailer
    from wholetape.web.server import serve
    from wholetape.web.site import Site

    site = Site(args.site)
    archive = _archive(args.archive, args.words_database)
    place = Place.of(args.site, args.database, args.data)
    place.keep_out_of(site.folder)
    heads = Path(args.heads) if args.heads else None
    if heads is not None and not heads.is_dir():
        raise UsageError(f"{args.heads} is no folder", "create it first; best on another machine's disk")
    desk, secret = open_desk(place, create=True)
    context = Context(desk, secret, site, Options(proxies=frozenset(args.proxy)), archive=archive)
    smtp = os.environ.get("WHOLETAPE_SMTP")

    def ready(port: int) -> None:
        say(f"serving {printable(args.site)} at http://{args.host}:{port}/, comments are moderated at /moderate/\n")
        sys.stdout.flush()

    serve(context, args.host, args.port, ready, parse_mailer(smtp) if smtp else None, heads)
    return 0


def _archive(folder: str | None, words: str) -> Archive | None:
    """The archive that readers may search, if there is one."""
    if folder is None:
        return None
    from wholetape.archive import Archive

    return Archive(folder, words=words)
