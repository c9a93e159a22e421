"""``wholetape examine``: one file, or a folder of them, without a reference."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from wholetape.cli.check import positive
from wholetape.cli.outputs import judge, write_json
from wholetape.cli.progress import Progress
from wholetape.cli.terminal import colours, complain, say, width
from wholetape.errors import Exit, UnreadableInput, UsageError
from wholetape.traces import Verdict

if TYPE_CHECKING:
    from wholetape.traces import Examination

HELP = "look for traces of editing in one file, without a reference, and say what each is worth"
EPILOG = """exit code: 0 examined, whatever was found, 3 no method applies to the file, 4 a file cannot be read; of
several files, the first of 4, 3, 0 that occurred"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a recording, or a folder of them")
    parser.add_argument("--json", metavar="FILE", help="write the findings as JSON; - for standard output")
    parser.add_argument("--html", metavar="FILE", help="write a page to read, to look at, to listen to and to print")
    parser.add_argument(
        "--check", metavar="FILE", help="what check --json wrote about the file, to be drawn on the page's time line"
    )
    parser.add_argument(
        "--reference-hum", metavar="FILE", help="a log of the mains frequency, lines of TIME,HZ, to date the hum by"
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Examines, reports, and returns the exit code."""
    if args.html == "-":
        raise UsageError("--html writes into a file", "only --json - writes to standard output")
    if args.check and not args.html:
        raise UsageError("--check is drawn on the page", "say --html FILE, too")
    judge([args.json, args.html], [*args.files, *(name for name in (args.reference_hum, args.check) if name)])
    checks = _checks(args.check)
    files = expand(args.files)
    from wholetape.examining import examine_all

    with Progress() as progress:
        answers = examine_all(files, reference_hum=args.reference_hum, jobs=args.jobs, progress=progress)
    if args.json:
        _write_json(args.json, files, answers)
    if args.html:
        _write_page(args, files, answers, checks)
    _tell(files, answers, sys.stderr if args.json == "-" else sys.stdout)
    codes = {_code(answer) for answer in answers}
    return next(code for code in (Exit.UNREADABLE, Exit.UNDECIDED, Exit.OK) if code in codes)


def expand(names: Sequence[str]) -> list[str]:
    """The files named, and those in the folders named, in order of their names; hidden ones are left out.

    Raises:
        UsageError: a folder holds no files.
    """
    files: list[str] = []
    for name in names:
        if not os.path.isdir(name):
            files.append(name)
            continue
        inside = sorted(entry.path for entry in os.scandir(name) if entry.is_file() and not entry.name.startswith("."))
        if not inside:
            raise UsageError(f"{name} holds no files", "name a folder of recordings; its folders are not looked into")
        files += inside
    return files


def _code(answer: Examination | UnreadableInput) -> Exit:
    if isinstance(answer, UnreadableInput):
        return Exit.UNREADABLE
    return Exit.UNDECIDED if answer.outcome is Verdict.NOT_EXAMINABLE else Exit.OK


def _tell(files: Sequence[str], answers: Sequence[Examination | UnreadableInput], stream: TextIO) -> None:
    from wholetape.report.examination_words import batch_table, examination_summary

    for number, answer in enumerate(answers):
        if isinstance(answer, UnreadableInput):
            stream.flush()
            complain(str(answer), answer.hint)
        else:
            text = examination_summary(answer, width=width(stream), colour=colours(stream))
            say(("\n" if number else "") + text, stream)
    if len(files) > 1:
        say("\n" + batch_table(files, answers, width(stream)), stream)


def _checks(path: str | None) -> dict[str, dict[str, Any]]:
    """Results of a check by the SHA-256 of their release.

    Raises:
        UnreadableInput: the file is not what ``check --json`` writes.
    """
    if path is None:
        return {}
    from wholetape.media.guard import open_regular

    with open_regular(path) as file:
        raw = file.read(1 << 26) or b""
    try:
        trees = json.loads(raw)
        rows = [tree for tree in (trees if isinstance(trees, list) else [trees]) if "spans" in tree]
        return {str(tree["release"]["sha256"]): tree for tree in rows}
    except (ValueError, KeyError, TypeError) as problem:
        raise UnreadableInput(f"{path!r} is no result of a check", "name what check --json wrote") from problem


def _write_page(
    args: argparse.Namespace,
    files: Sequence[str],
    answers: Sequence[Examination | UnreadableInput],
    checks: dict[str, dict[str, Any]],
) -> None:
    import time

    import wholetape
    from wholetape.report.examination_drawn import drawn
    from wholetape.report.examination_page import examination_page
    from wholetape.store.atomic import atomic_write

    pictures = {
        number: drawn(answer, jobs=args.jobs or 1)
        for number, answer in enumerate(answers)
        if not isinstance(answer, UnreadableInput)
    }
    made = f"wholetape {wholetape.__version__}, {time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime())}"
    atomic_write(args.html, examination_page(answers, files, pictures, checks, made).encode())


def _write_json(target: str, files: Sequence[str], answers: Sequence[Examination | UnreadableInput]) -> None:
    from wholetape.report.examination_json import examination_as_json, unexaminable_as_json

    trees = [
        unexaminable_as_json(path, answer) if isinstance(answer, UnreadableInput) else examination_as_json(answer)
        for path, answer in zip(files, answers, strict=True)
    ]
    write_json(target, trees if len(trees) > 1 else trees[0])
