"""``wholetape quote``: was it said, where, and what stands around it."""

from __future__ import annotations

import argparse
import json
import sys

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import colours, say, width
from wholetape.cli.transcripts import add_engine, load
from wholetape.errors import Exit, UsageError
from wholetape.quotes import Outcome

HELP = "look up a published quote in a transcript or recording, with what stands before and after it"
EPILOG = """Brackets are the editor's words, ellipses leave words out. `found` says that the words stand in the
transcript, never who said them; `not-found` never means that they were not said.
exit code: 0 found, 1 not found, 2 usage, 3 uncertain, 4 a file cannot be read, 5 a malformed confirmation or key,
6 not the recording or source of this transcript, 8 an output cannot be written"""
EXITS = {Outcome.FOUND: Exit.OK, Outcome.UNCERTAIN: Exit.UNDECIDED, Outcome.NOT_FOUND: Exit.NOT}


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("words", nargs="*", metavar="QUOTE", help="the quote as published, in one argument")
    parser.add_argument(
        "--in", dest="inside", required=True, metavar="FILE", help="a transcript in any known format, or a recording"
    )
    parser.add_argument(
        "--context", type=seconds, default=20.0, metavar="SECONDS", help="context before and after; default: 20"
    )
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")
    parser.add_argument("--source", metavar="FILE", help="the transcript that a translation is of; default: beside it")
    add_engine(parser)


def run(args: argparse.Namespace) -> int:
    """Looks up, reports, and returns the exit code."""
    from wholetape.quote.find import find
    from wholetape.quote.place import Index
    from wholetape.report.quoted.jsonform import as_json
    from wholetape.report.quoted.terminal import summary

    quote = _one(args.words)
    judge([args.json], [path for path in (args.inside, args.source) if path])
    searched = load(args, args.inside)
    result = find(Index(searched.transcript), quote, args.context)
    if args.json:
        write_json(args.json, as_json(result, searched))
    out = sys.stderr if args.json == "-" else sys.stdout
    say(summary(result, width(out), colours(out)), out)
    return EXITS[result.outcome]


def _one(words: list[str]) -> str:
    if len(words) != 1 or not words[0].strip():
        raise UsageError("the quote is one argument", 'put it in quotation marks: wholetape quote "…" --in FILE')
    return str(words[0])


def write_json(target: str, tree: object) -> None:
    """Writes a tree as JSON to a file in one step, or to standard output."""
    text = json.dumps(tree, indent=1, ensure_ascii=target == "-") + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        from wholetape.store.atomic import atomic_write

        atomic_write(target, text.encode())


def seconds(text: str) -> float:
    """A number of seconds from 0 to 3600."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 3600")
    return number
