"""``wholetape keygen``: a key for a party."""

from __future__ import annotations

import argparse
import os
import secrets

from wholetape.cli.keys import add_passphrase_file, add_trust, passphrase, private_key
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import MalformedFile, UsageError
from wholetape.report import printable

HELP = "make a key: FILE.key, which stays secret, and FILE.pub, which the others get"
EPILOG = """The .pub file proves that its maker holds the private key. Give it to the others yourself: whoever gets it
from somebody else may get another one. Compare the fingerprint by voice or on paper.
exit code: 0 made, 2 a file of that name exists, 6 nobody of --trust says what a statement says, 8 it cannot be
written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("--name", help="whose key it is; any name, also a pseudonym, without spaces")
    parser.add_argument("-o", dest="output", metavar="FILE.key", help="the private key to write")
    parser.add_argument("--passphrase", action="store_true", help="encrypt the private key with a passphrase")
    add_passphrase_file(parser)
    parser.add_argument(
        "--replaces", metavar="OLD.key", help="let the old key say that this one follows it, in FILE.statement"
    )
    parser.add_argument("--qr", metavar="FILE.svg", help="write the public key as a QR code, to be printed and scanned")
    other = parser.add_argument_group("about other keys, instead of making one")
    other.add_argument("--vouch", metavar="NEW.pub", help="say with your --key that this key follows one of --lost")
    other.add_argument("--lost", metavar="OLD.pub", help="the key that is lost; -o names the statement, FILE.statement")
    other.add_argument("--stolen", metavar="OLD.pub", help="the same for one that somebody else may have")
    other.add_argument("--since", metavar="DAY", help="since when, as 2026-05-01; default: today")
    other.add_argument("--key", metavar="FILE", help="your private key")
    other.add_argument(
        "--read", metavar="FILE.statement", help="tell what it says, and whether a key of --trust says so"
    )
    add_trust(other)


def run(args: argparse.Namespace) -> int:
    """Makes both files; overwrites none. Or reads or signs a statement about a key."""
    if args.read or args.vouch:
        from wholetape.cli.statements import read, vouch

        return read(args) if args.read else vouch(args)
    if not args.name or not args.output:
        raise UsageError("a key needs --name and -o", "wholetape keygen --help lists what can be said")
    if not args.output.endswith(".key"):
        raise UsageError(f"{args.output} does not end in .key", "name it NAME.key; NAME.pub is written beside it")
    public_name = args.output.removesuffix(".key") + ".pub"
    statement_name = args.output.removesuffix(".key") + ".statement" if args.replaces else None
    judge([args.output, public_name, statement_name, args.qr], [args.replaces] if args.replaces else [])
    from wholetape.log.keys import PrivateKey, encode_private, encode_public
    from wholetape.log.note import check_name
    from wholetape.store.atomic import write_new

    try:
        check_name(args.name)
    except MalformedFile as problem:
        raise UsageError(str(problem), "choose another --name") from problem
    for path in filter(None, (args.output, public_name, statement_name, args.qr)):
        if os.path.lexists(path):
            raise UsageError(f"{path} exists already, and is not overwritten", "choose another name")
    old = private_key(args.replaces, None) if args.replaces else None
    secret = ""
    if args.passphrase or args.passphrase_file is not None:
        secret = passphrase(args.passphrase_file, "new passphrase: ")
        if args.passphrase_file is None and passphrase(None, "the same again: ") != secret:
            raise UsageError("the two passphrases differ", "try again")
    key = PrivateKey(args.name, secrets.token_bytes(32))
    write_new(args.output, encode_private(key, secret, randomness=secrets.token_bytes(28)), mode=0o600)
    write_new(public_name, encode_public(key))
    say(f"{printable(args.output)}: private key of {printable(args.name)}; keep it, give it to nobody\n")
    say(f"{printable(public_name)}: public key, fingerprint {key.public.fingerprint}\n")
    if args.qr:
        from wholetape.seal.qr import qr_code

        write_new(args.qr, qr_code(encode_public(key).decode()))
        say(f"{printable(args.qr)}: the same as a QR code\n")
    if old is not None and statement_name is not None:
        from wholetape.cli.statements import replacement

        write_new(statement_name, replacement(old, key, args.since))
        say(f"{printable(statement_name)}: {printable(old.name)}'s old key says that this one follows it\n")
    return 0
