"""``wholetape print``: the print of a recording."""

from __future__ import annotations

import argparse

from wholetape.cli.check import positive
from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.terminal import say
from wholetape.report import printable
from wholetape.times import duration

HELP = "make the print of a recording: small, survives re-encoding, allows a check without the sound"
EPILOG = "exit code: 0 written, 4 the recording cannot be read, 8 the print cannot be written"


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="the original, audio or video")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE", help="the print to write, FILE.print")
    parser.add_argument(
        "--keyed",
        metavar="FILE",
        help="write also a keyed print, FILE.keyed, that must not exist yet: keep it secret, and hand it to who checks "
        "when a word is in dispute",
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Makes the print, writes it in one step, and returns 0."""
    judge([args.output, *([args.keyed] if args.keyed else [])], [args.recording])
    from wholetape.store.atomic import atomic_write, write_new

    with Progress() as progress:
        if args.keyed:
            from wholetape.checking import make_keyed_print

            made, keyed = make_keyed_print(args.recording, jobs=args.jobs, progress=progress)
        else:
            from wholetape.checking import make_print

            made, keyed = make_print(args.recording, jobs=args.jobs, progress=progress), None
    data = made.encode()
    if keyed is not None:
        secret = keyed.encode()
        write_new(args.keyed, secret, mode=0o600)
        say(f"{printable(args.keyed)}: keyed print, {len(secret):,} bytes; keep it secret: a forger could use it\n")
    atomic_write(args.output, data)
    say(f"{printable(args.output)}: print of {duration(made.duration)} of sound, {len(data):,} bytes\n")
    return 0
