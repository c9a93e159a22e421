"""``wholetape selftest``: known-answer tests in the installed copy."""

from __future__ import annotations

import argparse

from wholetape.cli.terminal import say
from wholetape.errors import WholetapeError
from wholetape.report import printable

HELP = "compute known answers with this installed copy"
EPILOG = "exit code: 0 every answer is right, 70 one is not"


def add(parser: argparse.ArgumentParser) -> None:
    """Takes no arguments."""


def run(args: argparse.Namespace) -> int:
    """Runs every known-answer test, tells each, and returns 0 when all hold."""
    from wholetape.match.selftest import run as known_answers

    answers = known_answers()
    for name, held in answers:
        say(f"{'ok    ' if held else 'FAILED'} {printable(name)}\n")
    if not answers or not all(held for _, held in answers):
        raise WholetapeError("the self-test failed: do not rely on this copy", "install it anew, then report it")
    return 0
