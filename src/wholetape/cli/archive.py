"""``wholetape archive``: earlier recordings, and which of them a clip is from."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from wholetape.cli.check import positive
from wholetape.cli.outputs import judge, write_json
from wholetape.cli.progress import Progress
from wholetape.cli.reports import jobs_of
from wholetape.cli.terminal import complain, say
from wholetape.errors import Exit, UsageError
from wholetape.report import printable
from wholetape.times import duration

if TYPE_CHECKING:
    from wholetape.archive import Addition, Archive, Found

HELP = "keep earlier recordings' prints, and tell which of them a clip is from"
EPILOG = """exit code: 0 done, or found; 1 not found, or `verify` found something wrong; 3 uncertain; 4 a file cannot be
read (the others are added); 5 the archive is damaged; 8 it cannot be written, or another program writes to it"""


def add(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add_ = _verb(verbs, "add", "add recordings, or their prints; what is there already is left as it is", _add)
    add_.add_argument("paths", nargs="+", metavar="FOLDER|FILE", help="recordings, or folders of them")
    find = _verb(verbs, "find", "tell which recording a clip is from, and where in it", _find)
    find.add_argument("clip", nargs="?", metavar="CLIP", help="audio or video, a second or more of sound")
    find.add_argument(
        "--words", metavar="TEXT", help='look for words in the transcripts instead; "in quotes": in a row'
    )
    find.add_argument("--check", action="store_true", help="check the clip against the best match, too")
    find.add_argument("--json", metavar="FILE", help="write the findings as JSON; - for standard output")
    list_ = _verb(verbs, "list", "tell what is in the archive", _list)
    list_.add_argument("--json", metavar="FILE", help="write it as JSON; - for standard output")
    remove = _verb(verbs, "remove", "take a recording out of the archive; its file is left alone", _remove)
    remove.add_argument("which", metavar="RECORDING", help="its number, its name, or the beginning of its SHA-256")
    verify = _verb(verbs, "verify", "tell whether the archive's files are undamaged and complete", _verify)
    verify.add_argument("--rebuild", action="store_true", help="make the index anew from the prints, before that")
    for one in (add_, find):
        one.add_argument("--jobs", type=positive, metavar="N", help="processors to use; default: all")
        one.add_argument(
            "--cluster", metavar="ADDRESS", help="a Dask scheduler whose workers do it; wholetape[cluster]"
        )


def _verb(verbs: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(
        name, help=words, description=words[0].upper() + words[1:] + ".", allow_abbrev=False
    )
    parser.add_argument("--archive", required=True, metavar="DIR", help="the archive's folder")
    if name != "list":
        parser.add_argument(
            "--words-database",
            default="",
            metavar="URL",
            help="keep the transcripts' words in PostgreSQL: postgresql://USER@HOST/NAME",
        )
    parser.set_defaults(run_verb=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Does what the verb says."""
    code: int = args.run_verb(args)
    return code


@contextlib.contextmanager
def _workers(args: argparse.Namespace, *, apart: bool) -> Iterator[tuple[Executor | None, int]]:
    """Who does the work, and how many they are."""
    from wholetape.archive.workers import cluster, processes

    if args.cluster:
        with cluster(args.cluster) as found:
            yield found
    elif apart:
        with processes(jobs_of(args)) as found:
            yield found
    else:
        yield None, 1


def _add(args: argparse.Namespace) -> int:
    from wholetape.archive import Added, Archive
    from wholetape.checking.printing import print_or_why

    counts = dict.fromkeys(Added, 0)
    with (
        Archive(args.archive, make=True, words=args.words_database) as archive,
        _workers(args, apart=True) as (executor, count),
        Progress() as progress,
    ):
        for addition in archive.add(args.paths, print_or_why, executor=executor, workers=count, progress=progress):
            counts[addition.state] += 1
            _tell_addition(addition)
    say(f"{counts[Added.NEW]} added, {counts[Added.KNOWN]} already there, {counts[Added.BROKEN]} cannot be read\n")
    return Exit.UNREADABLE if counts[Added.BROKEN] else Exit.OK


def _tell_addition(addition: Addition) -> None:
    from wholetape.archive import Added

    if addition.state is Added.BROKEN:
        complain(f"skipped {addition.path}: {addition.why}", "")
    elif addition.state is Added.NEW:
        say(f"{printable(os.path.basename(addition.path))}: {duration(addition.seconds)} added\n")
    if addition.why and addition.state is not Added.BROKEN:
        complain(f"beside {addition.path}: {addition.why}", "")


def _find(args: argparse.Namespace) -> int:
    if (args.clip is None) == (args.words is None):
        raise UsageError("name a clip, or words with --words", "wholetape archive find --help lists what can be said")
    if args.words is not None:
        return _find_words(args)
    judge([args.json], [args.clip])
    from wholetape.archive import Archive, FindOutcome
    from wholetape.checking.printing import hear_clip
    from wholetape.cli.archive_words import find_as_json

    with Archive(args.archive, words=args.words_database) as archive, Progress() as progress:
        frames, sha256 = hear_clip(
            args.clip, jobs=jobs_of(args), progress=lambda share: progress("listening to the clip", share)
        )
        with _workers(args, apart=False) as (executor, _):
            found = archive.find(frames, executor=executor, progress=progress)
        checked = _check(args, archive, found, progress) if args.check and found.outcome is FindOutcome.FOUND else None
    if args.json:
        write_json(args.json, find_as_json(args.clip, sha256, found, checked))
    _tell_found(args, found, checked)
    return {FindOutcome.FOUND: Exit.OK, FindOutcome.UNCERTAIN: Exit.UNDECIDED}.get(found.outcome, Exit.NOT)


def _find_words(args: argparse.Namespace) -> int:
    judge([args.json], [])
    from wholetape.archive import Archive
    from wholetape.cli.archive_words import passages_as_json, passages_words

    if args.check:
        raise UsageError("--check checks a clip, not words", "leave one of them out")
    with Archive(args.archive, words=args.words_database) as archive:
        found = archive.passages(args.words)
    if args.json:
        write_json(args.json, passages_as_json(args.words, found))
    say(passages_words(found), sys.stderr if args.json == "-" else sys.stdout)
    return Exit.OK if found else Exit.NOT


def _check(args: argparse.Namespace, archive: Archive, found: Found, progress: Progress) -> Any:
    from wholetape.checking import check

    return check(args.clip, archive.print_file(found.hits[0].recording), jobs=args.jobs, progress=progress)


def _tell_found(args: argparse.Namespace, found: Found, checked: Any) -> None:
    from wholetape.cli.archive_words import found_words
    from wholetape.cli.terminal import colours, width
    from wholetape.report import summary

    out = sys.stderr if args.json == "-" else sys.stdout
    say(found_words(args.clip, found), out)
    if checked is not None:
        say("\n" + summary(checked, width=width(out), colour=colours(out)), out)


def _list(args: argparse.Namespace) -> int:
    judge([args.json], [])
    from wholetape.archive import Archive
    from wholetape.cli.archive_words import entry_as_json

    with Archive(args.archive) as archive:
        entries = archive.entries()
    if args.json:
        write_json(args.json, {"format": "wholetape.archive/v1", "recordings": [entry_as_json(e) for e in entries]})
    if args.json != "-":
        for entry in entries:
            more = "".join([", sealed"] * entry.sealed + [", with transcript"] * entry.transcribed)
            say(f"{entry.id:5}  {entry.sha256[:12]}  {duration(entry.seconds):>12}  {printable(entry.name)}{more}\n")
        say(f"{len(entries)} recordings, {duration(sum(entry.seconds for entry in entries))}\n")
    return Exit.OK


def _remove(args: argparse.Namespace) -> int:
    from wholetape.archive import Archive

    with Archive(args.archive, words=args.words_database) as archive:
        entry = archive.remove(args.which)
    say(f"{printable(entry.name)} is removed from the archive; its file is left alone\n")
    return Exit.OK


def _verify(args: argparse.Namespace) -> int:
    from wholetape.archive import Archive

    with Archive(args.archive, words=args.words_database) as archive, Progress() as progress:
        if args.rebuild:
            archive.rebuild()
        found = archive.verify(progress)
        count = len(archive.entries())
    for fault in found:
        complain(f"{fault.file}: {fault.what}", "")
    say(f"{count} recordings: {f'{len(found)} faults' if found else 'prints, index and catalogue agree'}\n")
    return Exit.MALFORMED if found else Exit.OK
