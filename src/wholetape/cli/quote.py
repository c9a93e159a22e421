"""``wholetape quote``: was it said, where, and what stands around it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import colours, complain, say, width
from wholetape.cli.transcripts import add_engine, load
from wholetape.errors import Exit, UsageError
from wholetape.quotes import Outcome

if TYPE_CHECKING:
    from wholetape.quote.place import Index
    from wholetape.quotes import QuoteResult
    from wholetape.report.quoted.jsonform import Searched

HELP = "look up a published quote in a transcript or recording, with what stands before and after it"
EPILOG = """`wholetape quote "…" --in FILE` looks up a quote: brackets are the editor's words, ellipses leave words out.
`wholetape quote confirm "…" --in FILE --heard "…" --key FILE.key` signs what a person heard. `wholetape quote --article
FILE --in FILE` looks up every direct quote of an article. `wholetape quote --check FILE.json --in FILE` lists the words
inside each edit of a check. `found` says that words stand in the transcript, never who said them; `not-found` never
means that they were not said.
exit code: 0 found, 1 not found, 2 usage, 3 uncertain, 4 a file cannot be read, 5 a malformed confirmation or key,
6 a confirmation that is not signed as it says, or not the recording or source of this transcript, 8 an output cannot
be written; of an article the first of 1, 3, 0 that occurred, quotes of other occasions aside"""
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
    parser.add_argument("--html", metavar="FILE", help="write a page to read, with the sound of the places")
    parser.add_argument("--annotation", metavar="FILE", help="write a W3C Web Annotation of the places")
    parser.add_argument("--url", default="", help="where the recording is published, for --annotation")
    parser.add_argument("--recording", metavar="FILE", help="the transcript's recording; default: beside it")
    parser.add_argument("--source", metavar="FILE", help="the transcript that a translation is of; default: beside it")
    parser.add_argument("--article", metavar="FILE", help="a .txt or .html: look up all its quotes")
    parser.add_argument("--occasion", metavar="TEXT", help="what was recorded, and when")
    parser.add_argument("--check", metavar="FILE.json", help="the result of a check: list the words inside each edit")
    parser.add_argument(
        "--confirmations",
        action="append",
        default=[],
        metavar="FILE.heard",
        help="what listeners signed",
    )
    parser.add_argument(
        "--trust", action="append", default=[], metavar="FILE", help="the .pub file of a listener; again for each"
    )
    add_engine(parser)
    listener = parser.add_argument_group("quote confirm")
    listener.add_argument("--at", nargs=2, type=seconds_of_day, metavar=("FROM", "TO"), help="which seconds")
    listener.add_argument("--heard", metavar="TEXT", help="the words that you heard there")
    listener.add_argument("--speaker", default="", metavar="NAME", help="whom you recognised, if you did")
    listener.add_argument("--key", metavar="FILE", help="your private key, FILE.key")
    listener.add_argument("--passphrase-file", metavar="FILE", help="its first line is the key's passphrase")
    listener.add_argument("-o", dest="output", metavar="FILE.heard", help="where to add it; default: beside --in")


def run(args: argparse.Namespace) -> int:
    """Looks up, reports, and returns the exit code."""
    if args.words[:1] == ["confirm"] and (len(args.words) == 2 or args.key):
        from wholetape.cli.quoteconfirm import confirm_command

        return confirm_command(args)
    for name in ("at", "heard", "speaker", "key", "output"):
        if getattr(args, name):
            raise UsageError(
                f"{'-o' if name == 'output' else '--' + name} goes with `quote confirm`", "say confirm first"
            )
    given = [args.inside, args.source, args.recording, args.article, args.check, *args.confirmations, *args.trust]
    judge([args.json, args.html, args.annotation], [path for path in given if path])
    if args.article or (args.check and not args.words):
        from wholetape.cli import quotereports

        if args.words or args.html or args.annotation:
            raise UsageError("--article and --check alone take no quote, --html or --annotation", "leave them out")
        searched, index = open_index(args)
        return (quotereports.article if args.article else quotereports.edits)(args, searched, index)
    quote = one_quote(args.words)
    searched, index = open_index(args)
    result = look_up(args, searched, index, quote)
    if args.json:
        from wholetape.report.quoted.jsonform import as_json

        tree = as_json(result, searched)
        if args.check:
            from wholetape.cli.quotereports import edits_json, edits_of

            tree["edits"] = edits_json(*edits_of(args.check, searched))
        write_json(args.json, tree)
    if args.html or args.annotation:
        from wholetape.cli.quotereports import write_annotation, write_page

        if args.html:
            write_page(args, result, searched)
        if args.annotation:
            write_annotation(args, result, searched)
    out = sys.stderr if args.json == "-" else sys.stdout
    from wholetape.report.quoted.terminal import summary

    say(summary(result, width(out), colours(out)), out)
    if args.check:
        from wholetape.cli.quotereports import tell_edits

        tell_edits(args.check, searched, out)
    return EXITS[result.outcome]


def open_index(args: argparse.Namespace) -> tuple[Searched, Index]:
    """What to look in, ready for quotes."""
    from dataclasses import replace

    from wholetape.quote.place import Index

    searched = load(args, args.inside)
    if args.occasion:
        searched = replace(searched, transcript=replace(searched.transcript, occasion=args.occasion))
    return searched, Index(searched.transcript)


def look_up(args: argparse.Namespace, searched: Searched, index: Index, quote: str) -> QuoteResult:
    """The result for one quote, with what trusted listeners heard."""
    from wholetape.quote.find import find

    result = find(index, quote, args.context)
    if not args.confirmations:
        if args.trust:
            raise UsageError("--trust goes with --confirmations", "name the file that a listener signed")
        return result
    from wholetape.cli.keys import public_keys
    from wholetape.cli.quoteconfirm import recording_hash
    from wholetape.quote.heard import MAX_FILE, confirm, verify_heard
    from wholetape.store.files import read_file

    trusted = public_keys(args.trust)
    recording = recording_hash(args, searched)
    for path in args.confirmations:
        heard, others = verify_heard(read_file(path, MAX_FILE), trusted)
        extra = confirm(result, heard, recording, searched.transcript.language)
        from dataclasses import replace

        result = replace(result, confirmed=(*result.confirmed, *extra.confirmed))
        if others:
            complain(f"{path}: {others} signed with keys that you do not trust; not counted", "name --trust FILE")
    return result


def one_quote(words: list[str]) -> str:
    """The quote, which is one argument."""
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

        atomic_write(target, text.encode("utf-8", "replace"))


def seconds(text: str) -> float:
    """A number of seconds from 0 to 3600."""
    return _number(text, 3600)


def seconds_of_day(text: str) -> float:
    """A place in a recording, in seconds."""
    return _number(text, 1_000_000)


def _number(text: str, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {most:,.0f}")
    return number
