"""``wholetape cosign``: a party checks a seal for itself, and signs it."""

from __future__ import annotations

import argparse
import os
import time
from typing import TYPE_CHECKING

from wholetape.cli.check import positive
from wholetape.cli.keys import add_key, private_key
from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.seal import document
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.log.keys import PrivateKey
    from wholetape.seal.sealfile import Seal

HELP = "check a seal against your own copy of the recording, and sign it"
EPILOG = """Everything is checked before anything is signed: each segment, the whole tree, the print, the documents, and
what this key signed before (KEY.heads, beside the key). The signature is added to the seal.
exit code: 0 signed, 2 your key is of no party, 4 the recording cannot be read, 5 a malformed seal or key, 6 something
does not hold and nothing was signed, 8 the seal cannot be written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("seal", metavar="FILE.seal", help="the seal, which gets the signature")
    add_key(parser, "your")
    parser.add_argument("--recording", required=True, metavar="FILE", help="your own copy of the recording")
    parser.add_argument("--print", dest="print_file", metavar="FILE", help="the sealed print; default: beside the seal")
    parser.add_argument(
        "--document", action="append", default=[], metavar="FILE", help="a sealed document; again for each"
    )
    parser.add_argument(
        "--escrow", metavar="FILE.age", help="the recording in escrow: you sign only when you can open it"
    )
    parser.add_argument(
        "--share", action="append", default=[], metavar="FILE", help="another holder's share of it; again for each"
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Checks, signs, writes the seal in one step, and returns 0."""
    judge([args.seal], [args.key, args.recording, *args.document])
    from wholetape.checking import make_print
    from wholetape.cli.verify import read_seal
    from wholetape.seal.cosigning import check_and_cosign
    from wholetape.seal.reference import MAX_PRINT, print_beside
    from wholetape.store.atomic import atomic_write
    from wholetape.store.files import read_file
    from wholetape.store.ledger import HeadLedger

    seal, _ = read_seal(args.seal)
    key = private_key(args.key, args.passphrase_file)
    beside = args.print_file or print_beside(args.seal)
    printed = read_file(beside, MAX_PRINT) if args.print_file or os.path.exists(beside) else None
    documents = [document(path) for path in args.document]
    tested, seal = try_the_escrow(args, seal, key)
    with Progress() as progress:
        signed = check_and_cosign(
            seal,
            key,
            args.recording,
            lambda: make_print(args.recording, jobs=args.jobs, progress=progress),
            HeadLedger(f"{args.key}.heads"),
            int(time.time()),
            sealed_print=printed,
            documents=documents,
            progress=lambda share: progress("checking the seal", share),
        )
    atomic_write(args.seal, signed.encode())
    head = signed.head.checkpoint
    say(f"{printable(args.seal)}: signed by {printable(key.name)}, who checked {len(signed.segments):,} segments\n")
    if tested:
        say(f"{printable(key.name)} {tested}\n")
    absent = [party.name for party in signed.header.parties[1:] if signed.head.note.by(party.cosigner) is None]
    if absent:
        say(f"still to cosign: {printable(', '.join(absent))}\n")
    say(f"head: {head.size} leaves, root {head.root.hex()}\n")
    return 0


def try_the_escrow(args: argparse.Namespace, seal: Seal, key: PrivateKey) -> tuple[str, Seal]:
    """What the party tested of the escrow, in words, and the seal with its signature of that; nothing without one."""
    from wholetape.seal.escrowed import POLICY

    if POLICY not in seal.members:
        if args.escrow:
            raise UsageError("this seal has no escrow", "leave --escrow out")
        return "", seal
    if not args.escrow:
        raise UsageError(
            "the recording is in escrow: sign only when you can open it", "name the ciphertext with --escrow FILE.age"
        )
    from wholetape.cli.unseal import share_texts
    from wholetape.seal.escrow import try_escrow

    seal, tested = try_escrow(seal, args.escrow, key, share_texts(args.share))
    return tested, seal
