"""``wholetape check``: a release against its references."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from wholetape.cli.keys import add_trust, public_keys
from wholetape.cli.outputs import judge, write_json
from wholetape.cli.progress import Progress
from wholetape.cli.reports import add_reports, jobs_of, outputs, write_reports
from wholetape.cli.terminal import colours, complain, say, width
from wholetape.errors import Exit, UnreadableInput, UsageError
from wholetape.findings import CheckResult, Outcome
from wholetape.report import as_json, error_as_json, summary

if TYPE_CHECKING:
    from wholetape.checking.references import Reference
    from wholetape.match.printfile import Print

HELP = "compare published copies with the original recording, its print or its seal, and list every edit"
EPILOG = """exit code: 0 whole, 1 edited, excerpt or unrelated, 3 undecided, 4 a file cannot be read,
5 a malformed print or seal, 6 a seal that does not verify by the --trust keys; of several releases, the first of 4, 1,
3, 0 that occurred"""
_EXITS = {Outcome.WHOLE: Exit.OK, Outcome.UNDECIDED: Exit.UNDECIDED}


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("releases", nargs="+", metavar="RELEASE", help="a published copy, audio or video")
    parser.add_argument(
        "--against",
        action="append",
        required=True,
        metavar="REFERENCE",
        help="the original recording, its .print, its .seal, or an .excerpt of it; again for each further session or "
        "piece of the meeting",
    )
    parser.add_argument("--print", dest="print_file", metavar="FILE", help="the print of a seal; default: beside it")
    add_trust(parser)
    parser.add_argument(
        "--keyed",
        action="append",
        default=[],
        metavar="FILE",
        help="the keyed print of a reference, where its keeper hands it out; again for each reference that has one",
    )
    parser.add_argument("--json", metavar="FILE", help="write the findings as JSON; - for standard output")
    add_reports(parser)
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Checks, reports, and returns the exit code."""
    inputs = [*args.releases, *args.against, *args.trust, *args.keyed, *([args.print_file] if args.print_file else [])]
    judge([args.json, *outputs(args)], inputs)
    from wholetape.checking import check_all

    prints: dict[str, Print] = {}
    with Progress() as progress:
        against = _references(args)
        if args.html:  # which also draws what is known of a reference by its print alone
            against, prints = _loaded(args, against, progress)
        answers = check_all(args.releases, against, keyed=args.keyed, jobs=args.jobs, progress=progress)
    if args.json:
        _write_json(args.json, args.releases, answers)
    write_reports(args, answers, prints)
    _tell(answers, sys.stderr if args.json == "-" else sys.stdout)
    return exit_of(answers)


def _loaded(
    args: argparse.Namespace, against: list[str | Reference], progress: Progress
) -> tuple[list[str | Reference], dict[str, Print]]:
    """The references, read once, and the prints of those whose sound is not at hand."""
    from wholetape.checking.references import load_all

    loaded = load_all(against, jobs=jobs_of(args), progress=lambda share: progress("reading the reference", share))
    return list(loaded), {ref.facts.path: ref.print for ref in loaded if ref.facts.kind != "audio"}


def _references(args: argparse.Namespace) -> list[str | Reference]:
    """What to check against: paths, and seals that verify by the keys of ``--trust``.

    Raises:
        VerificationFailed: a seal does not verify, or no key is pinned.
        UsageError: --print or --trust without a seal, or a seal without its print.
    """
    seals = [path for path in args.against if path.endswith((".seal", ".excerpt"))]
    if not seals and (args.trust or args.print_file):
        flag = "--trust" if args.trust else "--print"
        raise UsageError(f"{flag} goes with a seal", "to check against a print, name it with --against")
    if len(seals) > 1 and args.print_file:
        raise UsageError("--print is the print of one seal", "put each print beside its seal, FILE.print for FILE.seal")
    if not seals:
        return list(args.against)
    from wholetape.checking.references import Reference
    from wholetape.seal.excerpted import excerpt_reference
    from wholetape.seal.reference import sealed_reference

    keys = public_keys(args.trust)
    found: list[str | Reference] = []
    for path in args.against:
        if path.endswith(".excerpt"):
            found.append(Reference(*excerpt_reference(path, keys)))
        else:
            found.append(Reference(*sealed_reference(path, args.print_file, keys)) if path in seals else path)
    return found


def exit_of(answers: Iterable[CheckResult | UnreadableInput]) -> Exit:
    """The first of 4, 1, 3, 0 that occurred."""
    codes = {Exit.UNREADABLE if isinstance(a, Exception) else _EXITS.get(a.outcome, Exit.NOT) for a in answers}
    return next(code for code in (Exit.UNREADABLE, Exit.NOT, Exit.UNDECIDED, Exit.OK) if code in codes)


def positive(text: str) -> int:
    """A whole number from 1 to 256."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= 256 and len(text) < 4):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 256")
    return int(text)


def _tell(answers: Iterable[CheckResult | UnreadableInput], out: TextIO) -> None:
    for number, answer in enumerate(answers):
        if isinstance(answer, UnreadableInput):
            out.flush()
            complain(str(answer), answer.hint)
        else:
            say(("\n" if number else "") + summary(answer, width=width(out), colour=colours(out)), out)


def _write_json(target: str, releases: list[str], answers: tuple[CheckResult | UnreadableInput, ...]) -> None:
    trees = [
        error_as_json(path, answer) if isinstance(answer, UnreadableInput) else as_json(answer)
        for path, answer in zip(releases, answers, strict=True)
    ]
    write_json(target, trees if len(trees) > 1 else trees[0])
