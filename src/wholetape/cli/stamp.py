"""``wholetape stamp``: time-stamps over a seal's head with its signatures."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wholetape.cli.outputs import judge
from wholetape.cli.terminal import complain, say
from wholetape.errors import Exit, MalformedFile, NetworkFailed, UsageError, VerificationFailed, WholetapeError
from wholetape.report import printable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from wholetape.seal.sealfile import Seal

HELP = "ask two or more authorities to time-stamp a seal, with all signatures that it has"
EPILOG = """Stamp a seal when the last party has cosigned: a stamp covers only the signatures that are there. The
authorities see a hash, and nothing of the recording. What they reply is kept as it came, and `wholetape verify
--tsa-roots` verifies it offline. --ots asks calendars of OpenTimestamps, whose proof leads to a block of Bitcoin some
hours later: --ots-upgrade fetches it, --block adds the block's header, `wholetape verify --block` verifies it.
exit code: 0 every authority's stamp is in the seal, 2 wrong words, 5 a malformed seal, 6 a reply that is not over this
seal, or by none of the roots, 7 an authority did not answer, 8 the seal cannot be written; what the others replied is
kept"""
MAX_ROOTS = 1 << 22
"""Bytes of a file of root certificates."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("seal", metavar="FILE.seal", help="the seal, which gets the time-stamps")
    parser.add_argument(
        "--tsa", action="append", default=[], metavar="URL", help="an authority's address (RFC 3161); two or more"
    )
    add_tsa_roots(parser)
    parser.add_argument(
        "--ots",
        action="append",
        default=[],
        metavar="URL",
        help="a calendar of OpenTimestamps; an extra, wholetape[ots]",
    )
    parser.add_argument(
        "--ots-upgrade", action="store_true", help="ask the calendars of --ots what became of earlier submissions"
    )
    parser.add_argument(
        "--block",
        metavar="FILE",
        help="the header of the block that a proof of OpenTimestamps leads to, 80 bytes or hex",
    )


def add_roots(parser: argparse.ArgumentParser) -> None:
    """Declares what times are verified by: ``--tsa-roots`` and ``--block``."""
    add_tsa_roots(parser)
    parser.add_argument(
        "--block",
        action="append",
        default=[],
        metavar="HASH",
        help="hash of a block of Bitcoin, looked up where you trust it, for OpenTimestamps; again for each",
    )


def add_tsa_roots(parser: argparse.ArgumentParser) -> None:
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
    judge([args.seal], [*args.tsa_roots, *([args.block] if args.block else [])])
    from wholetape.cli.verify import read_seal
    from wholetape.store.atomic import atomic_write
    from wholetape.store.web import check_url

    for url in (*args.tsa, *args.ots):
        check_url(url)
    if not (args.tsa or args.ots or args.block) or (args.ots_upgrade and not args.ots):
        raise UsageError("who is to stamp?", "name two or more authorities with --tsa, or a calendar with --ots")
    roots = roots_of(args.tsa_roots)
    given, _ = read_seal(args.seal)
    seal, problems = _authorities(given, args, roots) if args.tsa else (given, [])
    try:
        seal, more = _bitcoin(seal, args)
        problems += more
    except WholetapeError as wrong:
        problems.append(wrong)
    if seal is not given:
        atomic_write(args.seal, seal.encode())
    if args.tsa or (args.ots and not args.ots_upgrade):
        _warn(seal)
    for problem in problems:
        complain(str(problem), problem.hint)
    return _code(problems)


def _authorities(
    seal: Seal, args: argparse.Namespace, roots: tuple[Certificate, ...]
) -> tuple[Seal, list[WholetapeError]]:
    from wholetape.seal.stamping import stamp_seal
    from wholetape.seal.times import utc

    stamped, answers = stamp_seal(seal, args.tsa, roots)
    for answer in answers:
        if answer.stamp is not None:
            told = "verified" if answer.verified else "not verified: pin its root with --tsa-roots"
            who = f"{answer.stamp.authority} ({answer.url})"
            say(f"{printable(args.seal)}: stamped {utc(answer.stamp.latest)} by {printable(who)}, {told}\n")
    return stamped, [answer.problem for answer in answers if answer.problem is not None]


def _bitcoin(seal: Seal, args: argparse.Namespace) -> tuple[Seal, list[WholetapeError]]:
    """OpenTimestamps: submits, or asks again, and adds a block's header."""
    import secrets

    from wholetape.seal.anchoring import Anchored, add_block, anchor, upgrade
    from wholetape.store.files import read_file

    done: list[Anchored] = []
    if args.ots:
        done.append(upgrade(seal, args.ots) if args.ots_upgrade else anchor(seal, args.ots, secrets.token_bytes(16)))
        seal = done[-1].seal
    if args.block:
        done.append(add_block(seal, read_file(args.block, 1 << 10)))
        seal = done[-1].seal
    for one in done:
        for line in one.told:
            say(f"{printable(args.seal)}: {printable(line)}\n")
    return seal, [problem for one in done for problem in one.problems]


def _warn(seal: Seal) -> None:
    """What a stamp made now does not cover."""
    absent = [party.name for party in seal.header.parties[1:] if seal.head.note.by(party.cosigner) is None]
    if absent:
        say(f"without the signature of {printable(', '.join(absent))}: stamp it again when it is there\n")
    if seal.close is None:
        say("the recording goes on: this is an early head; stamp the seal again when it is closed\n")


def _code(problems: Sequence[WholetapeError]) -> int:
    """The worst first: what does not hold, who did not answer, then whatever else it was."""
    if any(isinstance(problem, VerificationFailed | MalformedFile) for problem in problems):
        return Exit.UNVERIFIED
    if any(isinstance(problem, NetworkFailed) for problem in problems):
        return Exit.NETWORK
    return problems[0].exit_code if problems else Exit.OK


def blocks_of(hashes: Sequence[str]) -> tuple[str, ...]:
    """The hashes of blocks in lower case; raises ``UsageError`` for what is none."""
    for text in hashes:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
            raise UsageError(f"{text!r} is no hash of a block", "it has 64 hex digits, and begins with many zeros")
    return tuple(text.lower() for text in hashes)


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
