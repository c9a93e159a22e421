"""``wholetape verify``: a recording against its seal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from wholetape.cli.keys import add_trust, public_keys
from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.stamp import add_roots, roots_of
from wholetape.cli.terminal import complain, say, width
from wholetape.errors import Exit, MalformedFile, UnreadableInput
from wholetape.report.verification import verification_as_json, verification_text

if TYPE_CHECKING:
    from wholetape.properties import PrintFacts
    from wholetape.seal.sealfile import Seal

HELP = "tell whether a recording is the one that was sealed, and by whom"
EPILOG = """Keys are never taken from the seal: without --trust the answer is no.
exit code: 0 verified, 4 a file cannot be read, 5 a malformed seal, 6 it does not verify"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="the recording")
    parser.add_argument("--seal", required=True, metavar="FILE.seal", help="its seal")
    add_trust(parser)
    parser.add_argument(
        "--print", dest="print_file", metavar="FILE", help="its print; default: beside the seal, if it is there"
    )
    parser.add_argument(
        "--document", action="append", default=[], metavar="FILE", help="a sealed document; again for each"
    )
    add_roots(parser)
    parser.add_argument("--head", metavar="WORDS", help="the head that somebody outside has, from `wholetape head`")
    parser.add_argument("--json", metavar="FILE", help="write the findings as JSON; - for standard output")


def run(args: argparse.Namespace) -> int:
    """Verifies, reports, and returns 0 or 6."""
    inputs = [args.recording, args.seal, *args.trust, *args.document, *args.tsa_roots]
    judge([args.json], [*inputs, *([args.print_file] if args.print_file else [])])
    from wholetape.cli.seal import document
    from wholetape.seal.sound import compare
    from wholetape.seal.verify import AtHand, verify

    seal, digest = read_seal(args.seal)
    pinned = public_keys(args.trust)
    roots, outside = roots_of(args.tsa_roots), _outside(args.head)
    printed = _printed(seal, args)
    documents = tuple(document(path) for path in args.document)
    with Progress() as progress:
        recording = compare(args.recording, seal, lambda share: progress("verifying", share))
    found = verify(seal, pinned, AtHand(recording, printed, documents, roots, outside))
    head = seal.head.checkpoint
    facts = {"path": args.seal, "sha256": digest, "origin": head.origin, "size": head.size, "root": head.root.hex()}
    if args.json:
        tree = verification_as_json(found, args.recording, recording.file.sha256.hex(), facts)
        _write(args.json, json.dumps(tree, indent=1) + "\n")
    out = sys.stderr if args.json == "-" else sys.stdout
    say(verification_text(found, args.recording, args.seal, width(out)), out)
    if found.failure is None:
        return Exit.OK
    out.flush()
    complain(f"{args.recording}: {found.failure.words}", found.failure.hint)
    return Exit.UNVERIFIED


def read_seal(path: str) -> tuple[Seal, str]:
    """The seal at ``path`` and its SHA-256 in hex; errors name the file."""
    import hashlib

    from wholetape.seal.members import MAX_SEAL
    from wholetape.seal.sealfile import parse_seal
    from wholetape.store.files import read_file

    data = read_file(path, MAX_SEAL)
    try:
        return parse_seal(data), hashlib.sha256(data).hexdigest()
    except MalformedFile as problem:
        raise MalformedFile(f"{path}: {problem}", problem.hint) from problem


def _printed(seal: Seal, args: argparse.Namespace) -> PrintFacts | None:
    beside = args.print_file or args.seal.removesuffix(".seal") + ".print"
    if args.print_file is None and not os.path.isfile(beside):
        return None
    from wholetape.seal.judged import judge_print
    from wholetape.seal.reference import MAX_PRINT
    from wholetape.store.files import read_file

    try:
        return judge_print(seal, read_file(beside, MAX_PRINT))
    except UnreadableInput:
        if args.print_file:
            raise
        return None


def _outside(text: str | None) -> bytes | None:
    if text is None:
        return None
    from wholetape.seal.witness import parse_outside

    return parse_outside(text)


def _write(target: str, text: str) -> None:
    if target == "-":
        sys.stdout.write(text)
    else:
        from wholetape.store.atomic import atomic_write

        atomic_write(target, text.encode())
