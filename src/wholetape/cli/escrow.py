"""``wholetape escrow``: the whole recording, encrypted to those who may open it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from wholetape.cli.keys import add_key, private_key, public_keys
from wholetape.cli.outputs import judge
from wholetape.cli.progress import Progress
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.seal.escrow import Keeper

HELP = "encrypt a sealed recording so that any one of its holders can open it, or k of them together"
EPILOG = """What opens is the whole recording, or nothing. --to names holders of whom each opens it alone; --k with
--shares-of those of whom k are needed: their shares travel in the seal, each encrypted to its holder. With as many
needed as there are, each single holder can prevent the opening for ever: with two, K = 2 is a veto. Make the escrow
before the parties cosign: `wholetape cosign --escrow` tests that it opens, and signs only then.
exit code: 0 written, 2 wrong words, or an escrow is there already, 4 the recording cannot be read, 5 a malformed seal
or key, 6 the recording is not the sealed one, 8 an output cannot be written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("recording", metavar="RECORDING", help="the recording that was sealed")
    parser.add_argument("--seal", required=True, metavar="FILE.seal", help="its seal, which gets policy and shares")
    parser.add_argument(
        "--to", action="append", default=[], metavar="WHO", help="FILE.pub or age1…: opens it alone; again for each"
    )
    parser.add_argument("--k", type=int, metavar="K", help="how many of --shares-of are needed, 2 or more")
    parser.add_argument(
        "--shares-of",
        action="append",
        default=[],
        metavar="WHO",
        help="FILE.pub or age1…: holds a share; again for each",
    )
    add_key(parser, "your")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE.age", help="the encrypted recording to write")


def run(args: argparse.Namespace) -> int:
    """Writes the ciphertext and then the seal, each in one step, and returns 0."""
    if bool(args.to) == bool(args.shares_of) or bool(args.shares_of) != (args.k is not None):
        raise UsageError("say either --to, or --k with --shares-of", "wholetape escrow --help tells the difference")
    if args.shares_of and not 2 <= args.k <= len(args.shares_of):
        raise UsageError(
            f"--k {args.k} of {len(args.shares_of)} cannot be", "it lies between 2 and the number of --shares-of"
        )
    judge([args.output, args.seal], [args.recording, args.key])
    from wholetape.cli.verify import read_seal
    from wholetape.seal.escrow import make_escrow
    from wholetape.store.atomic import atomic_write

    seal, _ = read_seal(args.seal)
    keepers = [keeper(text) for text in args.to or args.shares_of]
    key = private_key(args.key, args.passphrase_file)
    with Progress() as progress:
        made, policy = make_escrow(
            seal, args.recording, keepers, args.k or 1, key, args.output, lambda share: progress("encrypting", share)
        )
    atomic_write(args.seal, made.encode())
    say(f"{printable(args.output)}: the whole recording, {policy.ciphertext.size:,} bytes encrypted\n")
    say(f"{printable(args.seal)}: {printable(policy.words)}\n")
    if policy.veto:
        say("this is a veto: if a single holder refuses, or loses the key, nobody ever opens it\n")
    if any(made.head.note.by(party.cosigner) is not None for party in made.header.parties):
        say("a party has cosigned already: it has not tested this escrow\n")
    return 0


def keeper(text: str) -> Keeper:
    """A holder from ``FILE.pub``, or from an age recipient."""
    from wholetape.seal.agekeys import recipient, recipient_text
    from wholetape.seal.escrow import Keeper

    if text.startswith(("age1", "AGE-")):
        recipient(text)
        return Keeper(text[:20], text)
    (key,) = public_keys([text])
    return Keeper(key.name, recipient_text(key))
