"""The reports that ``wholetape check`` writes into files, each in one step."""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import wholetape
from wholetape.cli.progress import Progress
from wholetape.errors import UnreadableInput, UsageError
from wholetape.findings import CheckResult
from wholetape.report import as_labels, as_otio
from wholetape.report.otio import link

if TYPE_CHECKING:
    from wholetape.match.printfile import Print

Answers = Sequence[CheckResult | UnreadableInput]


def add_reports(parser: argparse.ArgumentParser) -> None:
    """Declares the files that a check can write beside its JSON."""
    parser.add_argument(
        "--html", metavar="FILE", help="write a page to read, to listen to and to print, with short clips of each place"
    )
    parser.add_argument("--no-sound", action="store_true", help="no clips in the page: drawings and words only")
    parser.add_argument(
        "--otio", metavar="FILE", help="write a timeline for editing programs (OpenTimelineIO): release over reference"
    )
    parser.add_argument("--labels", metavar="FILE", help="write the edits as an Audacity label track of the release")


def outputs(args: argparse.Namespace) -> list[str]:
    """The files to be written.

    Raises:
        UsageError: standard output, which is for JSON; a label track of several releases.
    """
    named = {flag: getattr(args, flag) for flag in ("html", "otio", "labels")}
    for flag, path in named.items():
        if path == "-":
            raise UsageError(f"--{flag} writes into a file", "only --json - writes to standard output")
    if args.no_sound and not args.html:
        raise UsageError("--no-sound is about the page", "say --html FILE, too")
    if args.labels and len(args.releases) > 1:
        raise UsageError("a label track is of one release", "check them one by one for --labels")
    return [path for path in named.values() if path]


def jobs_of(args: argparse.Namespace) -> int:
    """Processors to decode with."""
    jobs: int = args.jobs or min(8, os.cpu_count() or 1)
    return jobs


def write_reports(args: argparse.Namespace, answers: Answers, prints: Mapping[str, Print]) -> None:
    """Writes what was asked for: a page about all releases, the rest about those that could be read, if any.

    ``prints`` are those of the references, by path.

    Raises:
        StorageFailed: a file cannot be written.
    """
    from wholetape.store.atomic import atomic_write

    results = [answer for answer in answers if isinstance(answer, CheckResult)]
    if args.html:
        atomic_write(args.html, _page(args, answers, results, prints).encode())
    if args.otio and results:
        tree = as_otio(results, lambda path: link(_from(args.otio, path)))
        atomic_write(args.otio, (json.dumps(tree, indent=1) + "\n").encode())
    if args.labels and results:
        atomic_write(args.labels, as_labels(results[0]).encode())


def _page(
    args: argparse.Namespace, answers: Answers, results: Sequence[CheckResult], prints: Mapping[str, Print]
) -> str:
    from importlib.metadata import version

    from wholetape.report import Occasion, as_html, gather

    software = {
        "wholetape": wholetape.__version__,
        "Python": platform.python_version(),
        "NumPy": version("numpy"),
        "PyAV": version("av"),
        platform.system(): platform.release(),
    }
    occasion = Occasion(software, time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))
    with Progress() as progress:
        sounds = gather(
            results,
            prints,
            clips=not args.no_sound,
            jobs=jobs_of(args),
            progress=lambda share: progress("listening again, for the page", share),
        )
    return as_html(answers, occasion, sounds, args.releases)


def _from(report: str, path: str) -> str:
    """Where ``path`` lies, seen from the folder of ``report``; from the root where no way leads there."""
    try:
        return os.path.relpath(path, os.path.dirname(os.path.abspath(report)))
    except ValueError:  # another drive
        return os.path.abspath(path)
