"""``wholetape unseal``: opens a recording in escrow."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from wholetape.cli.keys import add_passphrase_file, private_key
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.seal.agekeys import Identity

HELP = "open a recording in escrow: the whole of it, or nothing"
EPILOG = """A holder who opens alone names its key. Where k are needed, each writes its own share with --share-to, on
paper if need be, and whoever opens it names the others' with --share. The file appears only when all of it was
decrypted and is, byte for byte, the recording that was sealed.
exit code: 0 opened, 2 wrong words, or no escrow, 4 a file cannot be read, 5 a malformed seal, key or share, 6 it does
not open, was changed, or holds something else, 8 the output cannot be written"""
_MAX_SHARE = 1 << 12


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("ciphertext", nargs="?", metavar="FILE.age", help="the encrypted recording")
    parser.add_argument("--seal", required=True, metavar="FILE.seal", help="the recording's seal")
    parser.add_argument("--key", metavar="FILE", help="a holder's private key, FILE.key")
    add_passphrase_file(parser)
    parser.add_argument("--identity", metavar="FILE", help="a holder's key of age, where it has one apart")
    parser.add_argument(
        "--share", action="append", default=[], metavar="FILE", help="a file with the words of a share; again for each"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("-o", dest="output", metavar="FILE", help="the recording to write")
    what.add_argument("--test", action="store_true", help="only test that it opens; writes nothing")
    what.add_argument(
        "--share-to", metavar="FILE", help="write the holder's own share, 33 words; - for standard output"
    )


def run(args: argparse.Namespace) -> int:
    """Opens, tests, or writes a share; returns 0."""
    inputs = [args.ciphertext, args.seal, args.key, args.identity, *args.share]
    judge([args.output, args.share_to], [path for path in inputs if path is not None])
    from wholetape.cli.verify import read_seal
    from wholetape.seal.escrow import opener_of, own_share, unseal
    from wholetape.seal.escrowed import policy_of

    seal, _ = read_seal(args.seal)
    policy, _ = policy_of(seal)
    openers = _openers(args)
    if args.share_to is not None:
        if not openers:
            raise UsageError("whose share it is, a key tells", "name it with --key or --identity")
        return _write_share(args.share_to, own_share(seal, openers[0]))
    if args.ciphertext is None:
        raise UsageError("there is nothing to open", "name the encrypted recording, FILE.age")
    opener = opener_of(seal, openers, share_texts(args.share))
    unseal(args.ciphertext, seal, opener, args.output)
    if args.test:
        say(f"{printable(args.ciphertext)}: opens, and is the recording that was sealed\n")
    else:
        say(f"{printable(args.output)}: the recording that was sealed, {policy.recording.size:,} bytes\n")
    return 0


def share_texts(paths: list[str]) -> list[str]:
    """The words in files of shares."""
    from wholetape.errors import MalformedFile
    from wholetape.store.files import read_file

    try:
        return [read_file(path, _MAX_SHARE).decode() for path in paths]
    except UnicodeDecodeError as problem:
        raise MalformedFile("a share is no text") from problem


def _openers(args: argparse.Namespace) -> list[Identity]:
    from wholetape.seal.agekeys import identity, parse_identity
    from wholetape.store.files import read_file

    if args.key and args.identity:
        raise UsageError("--key and --identity are two keys", "name one of them")
    if args.key:
        return [identity(private_key(args.key, args.passphrase_file))]
    return [parse_identity(read_file(args.identity, _MAX_SHARE))] if args.identity else []


def _write_share(target: str, share: str) -> int:
    if target == "-":
        sys.stdout.write(share + "\n")
        return 0
    from wholetape.store.atomic import write_new

    write_new(target, share.encode() + b"\n", mode=0o600)
    say(f"{printable(target)}: your share; whoever has enough of them opens the recording\n")
    return 0
