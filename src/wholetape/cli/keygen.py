"""``wholetape keygen``: a key for a party."""

from __future__ import annotations

import argparse
import os
import secrets

from wholetape.cli.keys import add_passphrase_file, passphrase
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import MalformedFile, UsageError
from wholetape.report import printable

HELP = "make a key: FILE.key, which stays secret, and FILE.pub, which the others get"
EPILOG = """The .pub file proves that its maker holds the private key. Give it to the others yourself: whoever gets it
from somebody else may get another one. Compare the fingerprint by voice or on paper.
exit code: 0 made, 2 a file of that name exists, 8 it cannot be written"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("--name", required=True, help="whose key it is; any name, also a pseudonym, without spaces")
    parser.add_argument("-o", dest="output", required=True, metavar="FILE.key", help="the private key to write")
    parser.add_argument("--passphrase", action="store_true", help="encrypt the private key with a passphrase")
    add_passphrase_file(parser)


def run(args: argparse.Namespace) -> int:
    """Makes both files; overwrites none."""
    if not args.output.endswith(".key"):
        raise UsageError(f"{args.output} does not end in .key", "name it NAME.key; NAME.pub is written beside it")
    public_name = args.output.removesuffix(".key") + ".pub"
    judge([args.output, public_name], [])
    from wholetape.log.keys import PrivateKey, encode_private, encode_public
    from wholetape.log.note import check_name
    from wholetape.store.atomic import write_new

    try:
        check_name(args.name)
    except MalformedFile as problem:
        raise UsageError(str(problem), "choose another --name") from problem
    for path in (args.output, public_name):
        if os.path.lexists(path):
            raise UsageError(f"{path} exists already, and is not overwritten", "choose another name")
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
    return 0
