"""``wholetape checker``: the page with which a reader checks a copy in the browser."""

from __future__ import annotations

import argparse

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.report import printable

HELP = "write checker.html: one page that checks copies in a reader's browser, offline, and sends nothing"
EPILOG = "exit code: 0 written, 8 the page cannot be written"


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("-o", dest="output", required=True, metavar="FILE", help="the page to write, checker.html")


def run(args: argparse.Namespace) -> int:
    """Writes the page in one step, and returns 0."""
    judge([args.output], [])
    from wholetape.release.checker import checker_page
    from wholetape.store.atomic import atomic_write

    data = checker_page()
    atomic_write(args.output, data)
    say(f"{printable(args.output)}: {len(data):,} bytes; open it in a browser\n")
    return 0
