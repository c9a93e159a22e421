"""``wholetape examine``: one file, or a folder of them, without a reference."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from wholetape.cli.check import positive
from wholetape.cli.outputs import judge
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
    parser.add_argument(
        "--reference-hum", metavar="FILE", help="a log of the mains frequency, lines of TIME,HZ, to date the hum by"
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")


def run(args: argparse.Namespace) -> int:
    """Examines, reports, and returns the exit code."""
    judge([args.json], [*args.files, *([args.reference_hum] if args.reference_hum else [])])
    files = expand(args.files)
    from wholetape.examining import examine_all

    with Progress() as progress:
        answers = examine_all(files, reference_hum=args.reference_hum, jobs=args.jobs, progress=progress)
    if args.json:
        _write_json(args.json, files, answers)
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


def _write_json(target: str, files: Sequence[str], answers: Sequence[Examination | UnreadableInput]) -> None:
    from wholetape.report.examination_json import examination_as_json, unexaminable_as_json

    trees = [
        unexaminable_as_json(path, answer) if isinstance(answer, UnreadableInput) else examination_as_json(answer)
        for path, answer in zip(files, answers, strict=True)
    ]
    text = json.dumps(trees if len(trees) > 1 else trees[0], indent=1) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        from wholetape.store.atomic import atomic_write

        atomic_write(target, text.encode())
