"""Statements about keys that are replaced, lost or stolen: the other half of ``wholetape keygen``."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime

from wholetape.cli.keys import private_key, public_keys
from wholetape.cli.outputs import judge
from wholetape.cli.terminal import say
from wholetape.errors import MalformedFile, UsageError, VerificationFailed
from wholetape.log.key_statement import (
    MAX_STATEMENT,
    KeyStatement,
    Why,
    parse_statement,
    sign_statement,
    vouchers,
)
from wholetape.log.keys import PrivateKey
from wholetape.log.note import Note
from wholetape.report import printable
from wholetape.store.files import read_file


def replacement(old: PrivateKey, new: PrivateKey, since: str | None) -> bytes:
    """The statement of ``old`` that ``new`` follows it."""
    return sign_statement(
        Note(_statement(KeyStatement(Why.REPLACED, old.public, new.public, _day(since))), ()), old
    ).encode()


def vouch(args: argparse.Namespace) -> int:
    """Signs that one key follows another that is lost or stolen; a statement that is there gets one more signature."""
    gone = args.lost or args.stolen
    if not gone or (args.lost and args.stolen) or not args.key or not args.output:
        raise UsageError(
            "--vouch NEW.pub goes with --lost or --stolen OLD.pub, --key FILE.key and -o FILE.statement",
            "wholetape keygen --help lists what can be said",
        )
    judge([args.output], [args.vouch, gone, args.key])
    from wholetape.store.atomic import atomic_write

    new, old = public_keys([args.vouch, gone])
    key = private_key(args.key, args.passphrase_file)
    if key.public.raw in (new.raw, old.raw):
        raise UsageError("nobody vouches for a key of their own", "ask the parties that you sealed with")
    text = _statement(KeyStatement(Why.LOST if args.lost else Why.STOLEN, old, new, _day(args.since)))
    note = Note(text, ())
    if os.path.exists(args.output):
        _, note = parse_statement(read_file(args.output, MAX_STATEMENT), args.output)
        if note.text != text:
            raise UsageError(f"{args.output} says something else", "name another file, or the same day with --since")
    atomic_write(args.output, sign_statement(note, key).encode())
    say(f"{printable(args.output)}: {printable(key.name)} says that the key of {printable(new.name)} follows another\n")
    return 0


def read(args: argparse.Namespace) -> int:
    """Tells what a statement says; returns 0 when a pinned key says so.

    Raises:
        VerificationFailed: none does.
    """
    statement, note = parse_statement(read_file(args.read, MAX_STATEMENT), args.read)
    by = vouchers(statement, note, tuple(public_keys(args.trust)))
    old, new = statement.old, statement.new
    say(f"{printable(args.read)}: the key of {printable(old.name)} is {statement.why} since {statement.since}\n")
    say(f"  old  {printable(old.name)}  {old.fingerprint}\n  new  {printable(new.name)}  {new.fingerprint}\n")
    if not by:
        raise VerificationFailed(
            f"{args.read}: no key that you trust says so",
            "name with --trust the .pub of the old key, or where it is lost or stolen those of the other parties",
        )
    say(f"so say: {', '.join(printable(key.name) for key in by)}; compare the new fingerprint with its holder\n")
    return 0


def _day(since: str | None) -> str:
    return since or datetime.now(UTC).strftime("%Y-%m-%d")


def _statement(statement: KeyStatement) -> str:
    """The text of a statement that can be read again."""
    try:
        parse_statement(sign_statement(Note(statement.text, ()), PrivateKey("anyone", bytes(32))).encode())
    except MalformedFile as problem:
        raise UsageError(
            f"no statement can say this: {problem}", "a day is written 2026-05-01; the keys differ"
        ) from problem
    return statement.text
