"""``wholetape statement``: a party's own words about a recording, signed for its page."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from wholetape.cli.keys import add_key, private_key
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import MalformedFile, UnreadableInput, UsageError
from wholetape.report import printable

HELP = "sign what you say about a recording, a claim or an answer, for its page"
EPILOG = """`wholetape publish --statement PARTY=FILE.statement` shows it beside what the other side says.
exit code: 0 written, 2 wrong words, 4 the text cannot be read, 5 a malformed key or seal, 8 the statement cannot be
written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("text", metavar="TEXT", help="your words, a text file in UTF-8")
    add_key(parser, "your")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--claim", action="store_true", help="it is a claim (default)")
    kind.add_argument("--answer", action="store_true", help="it answers a claim")
    parser.add_argument("--about", metavar="FILE.seal", help="the seal of the recording that it is about")
    parser.add_argument("--date", metavar="DAY", help="YYYY-MM-DD; default: today")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE.statement", help="the statement to write")


def run(args: argparse.Namespace) -> int:
    """Signs, writes the statement, and returns 0."""
    judge([args.output], [args.text, args.key, *([args.about] if args.about else [])])
    from wholetape.cli.verify import read_seal
    from wholetape.log.party_statement import MAX_STATEMENT, NO_ORIGIN, PartyStatement, Says, sign_words
    from wholetape.store.atomic import atomic_write
    from wholetape.store.files import read_file

    try:
        words = read_file(args.text, MAX_STATEMENT).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableInput(f"{args.text} is not text in UTF-8", "save it as plain text, then try again") from problem
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").strip()
    origin = read_seal(args.about)[0].header.origin if args.about else NO_ORIGIN
    key = private_key(args.key, args.passphrase_file)
    day = args.date or datetime.now(UTC).strftime("%Y-%m-%d")
    statement = PartyStatement(Says.ANSWER if args.answer else Says.CLAIM, key.name, day, origin, words)
    try:
        data = sign_words(statement, key)
    except MalformedFile as problem:
        raise UsageError(f"no statement can say this: {problem}", "a day is written 2026-05-01") from problem
    atomic_write(args.output, data)
    about = f"about {origin}" if args.about else "about no seal"
    say(f"{printable(args.output)}: {statement.kind} of {printable(key.name)}, {day}, {about}\n")
    return 0
