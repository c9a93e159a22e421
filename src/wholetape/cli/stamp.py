"""``wholetape stamp``: time-stamps over a seal's head with its signatures."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import complain, say
from wholetape.errors import Exit, MalformedFile, NetworkFailed, VerificationFailed
from wholetape.report import printable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

HELP = "ask two or more authorities to time-stamp a seal, with all signatures that it has"
EPILOG = """Stamp a seal when the last party has cosigned: a stamp covers only the signatures that are there. The
authorities see a hash, and nothing of the recording. What they reply is kept as it came, and `wholetape verify
--tsa-roots` verifies it offline.
exit code: 0 every authority's stamp is in the seal, 2 wrong words, 5 a malformed seal, 6 a reply that is not over this
seal, or by none of the roots, 7 an authority did not answer, 8 the seal cannot be written; what the others replied is
kept"""
MAX_ROOTS = 1 << 22
"""Bytes of a file of root certificates."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("seal", metavar="FILE.seal", help="the seal, which gets the time-stamps")
    parser.add_argument(
        "--tsa", action="append", required=True, metavar="URL", help="an authority's address (RFC 3161); two or more"
    )
    add_roots(parser)


def add_roots(parser: argparse.ArgumentParser) -> None:
    """Declares ``--tsa-roots``."""
    parser.add_argument(
        "--tsa-roots",
        action="append",
        default=[],
        metavar="FILE.pem",
        help="root certificates of time-stamp authorities that you trust, got from themselves; again for each",
    )


def run(args: argparse.Namespace) -> int:
    """Asks, writes the seal in one step, tells each answer, and returns 0, 6 or 7."""
    judge([args.seal], args.tsa_roots)
    from wholetape.cli.verify import read_seal
    from wholetape.seal.stamping import stamp_seal
    from wholetape.seal.times import utc
    from wholetape.store.atomic import atomic_write
    from wholetape.store.web import check_url

    for url in args.tsa:
        check_url(url)
    roots = roots_of(args.tsa_roots)
    seal, _ = read_seal(args.seal)
    stamped, answers = stamp_seal(seal, args.tsa, roots)
    if stamped is not seal:
        atomic_write(args.seal, stamped.encode())
    for answer in answers:
        if answer.stamp is not None:
            told = "verified" if answer.verified else "not verified: pin its root with --tsa-roots"
            who = f"{answer.stamp.authority} ({answer.url})"
            say(f"{printable(args.seal)}: stamped {utc(answer.stamp.latest)} by {printable(who)}, {told}\n")
    head = stamped.head.note
    absent = [party.name for party in stamped.header.parties[1:] if head.by(party.cosigner) is None]
    if absent:
        say(f"without the signature of {printable(', '.join(absent))}: stamp it again when it is there\n")
    if stamped.close is None:
        say("the recording goes on: this is an early head; stamp the seal again when it is closed\n")
    problems = [answer.problem for answer in answers if answer.problem is not None]
    for problem in problems:
        complain(str(problem), problem.hint)
    wrong = any(isinstance(problem, VerificationFailed | MalformedFile) for problem in problems)
    return (
        Exit.UNVERIFIED if wrong else Exit.NETWORK if any(isinstance(p, NetworkFailed) for p in problems) else Exit.OK
    )


def roots_of(paths: list[str]) -> tuple[Certificate, ...]:
    """The certificates in PEM files; errors name the file."""
    from wholetape.log.stamp import parse_roots
    from wholetape.store.files import read_file

    found: list[Certificate] = []
    for path in paths:
        try:
            found += parse_roots(read_file(path, MAX_ROOTS))
        except MalformedFile as problem:
            raise MalformedFile(f"{path}: {problem}", problem.hint) from problem
    return tuple(found)
