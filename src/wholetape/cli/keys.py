"""Key files and passphrases, as every command of the seal takes them."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wholetape.errors import MalformedFile, UsageError, WholetapeError

if TYPE_CHECKING:
    from wholetape.log.keys import PrivateKey, PublicKey

_LONGEST = 1024


def add_key(parser: argparse.ArgumentParser, whose: str) -> None:
    """Declares ``--key`` and ``--passphrase-file``."""
    parser.add_argument("--key", required=True, metavar="FILE", help=f"{whose} private key, FILE.key")
    add_passphrase_file(parser)


def add_passphrase_file(parser: argparse.ArgumentParser) -> None:
    """Declares ``--passphrase-file``."""
    parser.add_argument(
        "--passphrase-file", metavar="FILE", help="its first line is the key's passphrase; default: ask on the terminal"
    )


def add_trust(parser: argparse._ActionsContainer) -> None:
    """Declares ``--trust``."""
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="FILE",
        help="the .pub file of a party, got from the party itself; again for each. All must have signed",
    )


def private_key(path: str, passphrase_file: str | None) -> PrivateKey:
    """The private key at ``path``; an encrypted one is opened, with the passphrase asked for where none was given."""
    from wholetape.log.keys import MAX_KEY_FILE, is_encrypted, parse_private
    from wholetape.store.files import read_file

    data = read_file(path, MAX_KEY_FILE)
    secret = passphrase(passphrase_file, f"passphrase of {path}: ") if is_encrypted(data) else ""
    try:
        return parse_private(data, secret)
    except WholetapeError as problem:
        raise type(problem)(f"{path}: {problem}", problem.hint) from problem


def public_keys(paths: Sequence[str]) -> list[PublicKey]:
    """The public keys in ``.pub`` files; raises with the file's name."""
    from wholetape.log.keys import parse_public

    return [parse_public(public_file(path), path) for path in paths]


def public_file(path: str) -> bytes:
    """The bytes of a ``.pub`` file."""
    from wholetape.log.keys import MAX_KEY_FILE
    from wholetape.store.files import read_file

    return read_file(path, MAX_KEY_FILE)


def passphrase(path: str | None, question: str) -> str:
    """The passphrase in a file's first line, or typed on the terminal.

    Raises:
        UsageError: there is no terminal to ask on, or it is empty.
    """
    from wholetape.store.files import read_file

    if path is not None:
        try:
            words = read_file(path, _LONGEST).split(b"\n", 1)[0].decode()
        except UnicodeDecodeError as problem:
            raise MalformedFile(f"{path}: the passphrase is not UTF-8") from problem
    elif sys.stdin is not None and sys.stdin.isatty():
        words = getpass.getpass(question)
    else:
        raise UsageError("the key is encrypted, and there is no terminal to ask on", "give --passphrase-file FILE")
    if not words:
        raise UsageError("the passphrase is empty", "type one, or make the key without")
    return words
