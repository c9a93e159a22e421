"""The reports that ``wholetape check`` writes into files, each in one step."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence

from wholetape.errors import UnreadableInput, UsageError
from wholetape.findings import CheckResult
from wholetape.report import as_labels, as_otio
from wholetape.report.otio import link

Answers = Sequence[CheckResult | UnreadableInput]


def add_reports(parser: argparse.ArgumentParser) -> None:
    """Declares the files that a check can write beside its JSON."""
    parser.add_argument(
        "--otio", metavar="FILE", help="write a timeline for editing programs (OpenTimelineIO): release over reference"
    )
    parser.add_argument("--labels", metavar="FILE", help="write the edits as an Audacity label track of the release")


def outputs(args: argparse.Namespace) -> list[str]:
    """The files to be written.

    Raises:
        UsageError: standard output, which is for JSON; a label track of several releases.
    """
    named = {flag: getattr(args, flag) for flag in ("otio", "labels")}
    for flag, path in named.items():
        if path == "-":
            raise UsageError(f"--{flag} writes into a file", "only --json - writes to standard output")
    if args.labels and len(args.releases) > 1:
        raise UsageError("a label track is of one release", "check them one by one for --labels")
    return [path for path in named.values() if path]


def write_reports(args: argparse.Namespace, answers: Answers) -> None:
    """Writes what was asked for, of the releases that could be read; nothing where none could.

    Raises:
        StorageFailed: a file cannot be written.
    """
    results = [answer for answer in answers if isinstance(answer, CheckResult)]
    if not results or not outputs(args):
        return
    from wholetape.store.atomic import atomic_write

    if args.otio:
        tree = as_otio(results, lambda path: link(_from(args.otio, path)))
        atomic_write(args.otio, (json.dumps(tree, indent=1) + "\n").encode())
    if args.labels:
        atomic_write(args.labels, as_labels(results[0]).encode())


def _from(report: str, path: str) -> str:
    """Where ``path`` lies, seen from the folder of ``report``; from the root where no way leads there."""
    try:
        return os.path.relpath(path, os.path.dirname(os.path.abspath(report)))
    except ValueError:  # another drive
        return os.path.abspath(path)
