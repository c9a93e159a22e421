"""``wholetape head``: a seal's head, to be handed to somebody outside."""

from __future__ import annotations

import argparse
import textwrap

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import VerificationFailed
from wholetape.report import printable

HELP = "tell a seal's head in words and as a QR code, for somebody outside to keep"
EPILOG = """Hand the words to anyone whom the parties cannot sway: a newspaper, a notary, a public log, a photograph.
`wholetape verify --head "WORDS"` compares them later, and shows that this very seal existed then. 12 words have 128
bits, 18 have 192: with 12, whoever makes the seal and has very much computing power could make two that share them.
exit code: 0 told, 5 a malformed seal, 6 the head is not that of its leaves, 8 the picture cannot be written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("seal", metavar="FILE.seal", help="the seal")
    parser.add_argument(
        "--words", type=int, choices=(12, 15, 18, 21, 24), default=18, help="how many words; default: 18"
    )
    parser.add_argument("--qr", metavar="FILE.svg", help="write the head's three lines as a QR code")


def run(args: argparse.Namespace) -> int:
    """Tells the head, and returns 0."""
    judge([args.qr], [args.seal])
    from wholetape.cli.verify import read_seal
    from wholetape.properties import Reason
    from wholetape.seal.verify import verify
    from wholetape.seal.witness import head_qr, head_words
    from wholetape.store.atomic import atomic_write

    seal, _ = read_seal(args.seal)
    failure = verify(seal, seal.header.parties[:1]).failure
    if failure is not None and failure.reason is not Reason.UNFINISHED:
        raise VerificationFailed(f"{args.seal}: {failure.words}", failure.hint)
    head = seal.head.checkpoint
    if args.qr:
        atomic_write(args.qr, head_qr(head))
    say(f"{head.text}\n")
    say(textwrap.fill(" ".join(head_words(head, args.words)), 76) + "\n")
    if seal.close is None:
        say("\nthe recording goes on: this is the head of its beginning\n")
    if args.qr:
        say(f"\n{printable(args.qr)}: the three lines as a QR code\n")
    return 0
