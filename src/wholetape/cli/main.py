"""The program: finds the command, runs it, and turns every error into one line and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import wholetape
from wholetape.cli import (
    archive,
    check,
    checker,
    cosign,
    escrow,
    examine,
    excerpt,
    follow,
    head,
    keygen,
    moderate,
    publish,
    quote,
    record,
    seal,
    selftest,
    serve,
    stamp,
    statement,
    transcribe,
    unseal,
    verify,
)
from wholetape.cli import print as print_command
from wholetape.cli.terminal import complain
from wholetape.errors import Exit, UsageError, WholetapeError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

INTERRUPTED = 130
"""What shells report for a program that the user stopped."""
BROKEN_PIPE = 141
"""What shells report for a program whose reader went away."""
_COMMANDS = {
    "check": check,
    "examine": examine,
    "print": print_command,
    "checker": checker,
    "keygen": keygen,
    "seal": seal,
    "cosign": cosign,
    "record": record,
    "follow": follow,
    "stamp": stamp,
    "head": head,
    "excerpt": excerpt,
    "escrow": escrow,
    "unseal": unseal,
    "verify": verify,
    "archive": archive,
    "statement": statement,
    "publish": publish,
    "serve": serve,
    "moderate": moderate,
    "transcribe": transcribe,
    "quote": quote,
    "selftest": selftest,
}


class Parser(argparse.ArgumentParser):
    """Raises ``UsageError`` where argparse would print and leave; hides no error of writing."""

    def error(self, message: str) -> NoReturn:
        """Raises the words of ``message``, with the way to the help as its hint."""
        raise UsageError(message, f"{self.prog} --help lists what can be said")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        (file or sys.stderr).write(message)


def parser() -> Parser:
    """The parser of the whole command line."""
    top = Parser(
        prog="wholetape",
        description="Is it the whole tape? Checks a published copy of a recording and lists every edit.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"wholetape {wholetape.__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, module in _COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP[0].upper() + module.HELP[1:] + ".",
            epilog=module.EPILOG,
            allow_abbrev=False,
        )
        module.add(sub)
        sub.set_defaults(run=module.run)
    return top


def _one_thread_a_product() -> None:
    """Keep numpy's matrix products on one thread: they are small, and threads that wait for each other cost tenfold."""
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program with ``argv`` (default: the process's own) and returns its exit code; raises nothing."""
    _one_thread_a_product()
    _open_closed_streams()
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_stdout()
        return BROKEN_PIPE
    except WholetapeError as error:
        return _fail(error, str(error), error.hint, error.exit_code)
    except OSError as error:
        _give_up_stdout()
        return _fail(error, f"the system refused: {error}", "free some space or check the permissions", Exit.STORAGE)
    except Exception as error:
        words = f"internal error: {type(error).__name__}: {error}"
        return _fail(error, words, "WHOLETAPE_TRACEBACK=1 shows where; please report it", Exit.INTERNAL)


def _run(argv: list[str]) -> int:
    top = parser()
    code: int = Exit.OK
    try:
        args = top.parse_args(argv)
    except SystemExit:  # --help and --version, which have said all
        pass
    else:
        if args.command is None:
            top.print_help(sys.stderr)
            code = Exit.USAGE
        else:
            code = args.run(args)
    sys.stdout.flush()
    return code


def _open_closed_streams() -> None:
    """Gives a stream that the caller closed (``>&-``) nowhere to write to, so that no later file takes its place."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - stays open for the life of the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _give_up_stdout() -> None:
    """Lets Python end in peace where standard output takes no more: it flushes once again, into nowhere."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: Exception, message: str, hint: str, code: Exit) -> int:
    if os.environ.get("WHOLETAPE_TRACEBACK") == "1":
        import traceback

        traceback.print_exception(error)
    complain(message, hint)
    return code
