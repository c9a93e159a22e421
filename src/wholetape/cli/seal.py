"""``wholetape seal``: a recording's seal and print."""

from __future__ import annotations

import argparse
import os

from wholetape.cli.check import positive
from wholetape.cli.keys import add_key, private_key, public_file
from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.terminal import complain, say
from wholetape.errors import UsageError
from wholetape.report import printable
from wholetape.times import duration

HELP = "seal a recording, so that nobody edits it later unnoticed; writes FILE.seal and FILE.print"
EPILOG = """The seal holds your signature only, until each party has run `wholetape cosign`. It contains the secret seed
of its salts: hand it to the parties, not to the public.
exit code: 0 written, 2 wrong words, 4 the recording cannot be read, 5 a malformed key, 6 a weak one, 8 an output
cannot be written"""
_RECOVER = "to close it as it was, use `wholetape record --recover FOLDER`"
MAX_DOCUMENT = 256 << 20
"""Bytes of a document."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="the recording, audio or video")
    add_key(parser, "your")
    parser.add_argument(
        "--party", action="append", default=[], metavar="FILE.pub", help="a party that is to cosign; again for each"
    )
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="FILE",
        help="something handed over at the meeting; again for each",
    )
    parser.add_argument(
        "--challenge", action="store_true", help="fix a disputed recording now, as its lone holder, and print the head"
    )
    parser.add_argument("-o", dest="output", required=True, metavar="FILE.seal", help="the seal to write")
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Seals, writes the print and then the seal, and returns 0."""
    if not args.output.endswith(".seal"):
        raise UsageError(f"{args.output} does not end in .seal", "name it FILE.seal; FILE.print is written beside it")
    if args.challenge and args.party:
        raise UsageError("--challenge is for a lone holder, who has no --party", "leave one of them out")
    print_name = args.output.removesuffix(".seal") + ".print"
    judge([args.output, print_name], [args.recording, args.key, *args.party, *args.document])
    from wholetape.checking import make_print
    from wholetape.seal.make import Sealing, seal_recording
    from wholetape.store.atomic import atomic_write

    if os.path.exists(os.path.join(os.path.dirname(args.recording), "journal.copy")):
        complain("this recording is sealed live, and not closed; its file alone is sealed as a finished one", _RECOVER)
    key = private_key(args.key, args.passphrase_file)
    sealing = Sealing(tuple(map(public_file, args.party)), tuple(map(document, args.document)), args.challenge)
    with Progress() as progress:
        made = make_print(args.recording, jobs=args.jobs, progress=progress)
        seal = seal_recording(args.recording, made, key, sealing, lambda share: progress("sealing", share))
    atomic_write(print_name, made.encode())
    data = seal.encode()
    atomic_write(args.output, data)
    head = seal.head.checkpoint
    say(f"{printable(args.output)}: seal of {duration(made.duration)} of sound, {len(data):,} bytes\n")
    say(f"{printable(print_name)}: its print\n")
    waiting = ", ".join(party.name for party in seal.header.parties[1:])
    say(f"signed by {printable(key.name)}" + (f"; still to cosign: {printable(waiting)}\n" if waiting else "\n"))
    if args.challenge:
        say(f"publish this head, to fix the recording from now on; editing before that is not excluded:\n{head.text}")
    return 0


def document(path: str) -> tuple[str, bytes]:
    """Name and bytes of a document."""
    from wholetape.store.files import read_file

    return os.path.basename(path), read_file(path, MAX_DOCUMENT)
