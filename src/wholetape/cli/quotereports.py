"""What ``wholetape quote`` writes beside its answer: page, annotation, an article's quotes, the words of edits."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

import wholetape
from wholetape.cli.quote import write_json
from wholetape.cli.terminal import say, width
from wholetape.cli.transcripts import recording_of
from wholetape.errors import Exit, UnreadableInput
from wholetape.report import printable
from wholetape.times import timecode

if TYPE_CHECKING:
    from wholetape.quote.edits import EditedWords
    from wholetape.quote.place import Index
    from wholetape.quotes import QuoteResult
    from wholetape.report.quoted.jsonform import Searched

AROUND = 3.0
"""Seconds of sound before and after a quote: enough to hear how the sentence begins and ends."""
MOST_CLIPS = 8
LONGEST_CLIP = 90.0
"""Seconds: a page is no copy of the recording."""


def write_page(args: argparse.Namespace, result: QuoteResult, searched: Searched) -> None:
    """Writes the page, with sound where the recording is at hand."""
    from wholetape.cli.transcripts import is_transcript
    from wholetape.report.quoted.page import as_html
    from wholetape.store.atomic import atomic_write

    spans = [match.at.seconds for match in result.matches[:MOST_CLIPS] if match.at]
    path = args.inside if not is_transcript(args.inside) else None
    path = path or recording_of(searched.transcript, searched.path, args.recording)
    clips: dict[int, bytes] = {}
    notes: tuple[str, ...] = ()
    if path is None:
        notes = ("there is no sound here: the recording was not at hand (--recording FILE)",)
    elif spans:
        from wholetape.media.clips import Wanted, survey

        wanted = [Wanted(max(0.0, a - AROUND), min(b + AROUND, a + LONGEST_CLIP)) for a, b in spans]
        clips = {number: clip.mp3 for number, clip in enumerate(survey(path, 0, wanted).clips) if clip.mp3}
    made = f"Made by wholetape {wholetape.__version__}, {_now()} by this machine’s clock."
    atomic_write(args.html, as_html(result, searched, clips, notes, made).encode())


def write_annotation(args: argparse.Namespace, result: QuoteResult, searched: Searched) -> None:
    """Writes the W3C Web Annotation."""
    from wholetape.report.quoted.annotation import as_annotation

    generator = f"wholetape {wholetape.__version__}"
    write_json(args.annotation, as_annotation(result, searched, args.url, _now(), generator))


def article(args: argparse.Namespace, searched: Searched, index: Index) -> int:
    """Looks up all quotes of an article, and returns the first of 1, 3, 0 that occurred."""
    from wholetape.quote.article import LONGEST, check_article
    from wholetape.quotes import Verdict
    from wholetape.report.quoted.articles import article_json, article_summary
    from wholetape.store.files import read_file

    try:
        text = read_file(args.article, LONGEST).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableInput(f"{args.article!r} is not text in UTF-8", "save it as UTF-8, then try again") from problem
    result = check_article(index, text, args.context)
    if not result.quotes and not result.claims:
        raise UnreadableInput(f"{args.article!r} quotes nobody", "name an article with quotation marks")
    if args.json:
        write_json(args.json, article_json(result.quotes, result.claims, args.article, searched))
    out = sys.stderr if args.json == "-" else sys.stdout
    say(article_summary(result.quotes, result.claims, width(out)), out)
    verdicts = {checked.verdict for checked in result.quotes}
    if Verdict.NOT_FOUND in verdicts:
        return Exit.NOT
    return Exit.UNDECIDED if Verdict.UNCERTAIN in verdicts else Exit.OK


def edits(args: argparse.Namespace, searched: Searched, index: Index) -> int:
    """Lists the words inside each edit of a check, and returns 0."""
    if args.json:
        found = edits_of(args.check, searched)
        write_json(args.json, {"format": "wholetape.edited-words/v1", "check": args.check, **edits_json(*found)})
    tell_edits(args.check, searched, sys.stderr if args.json == "-" else sys.stdout)
    return Exit.OK


def edits_of(path: str, searched: Searched) -> tuple[tuple[EditedWords, ...], str]:
    """The words inside each edit of the check whose JSON is at ``path``."""
    from wholetape.quote.edits import edited_words
    from wholetape.store.files import read_file
    from wholetape.transcript.fields import Fields, decode
    from wholetape.transcript.formats import LARGEST

    try:
        tree = decode(read_file(path, LARGEST).decode(), repr(path))
    except UnicodeDecodeError as problem:
        raise UnreadableInput(f"{path!r} is not JSON", "wholetape check … --json FILE writes it") from problem
    if not isinstance(tree, dict):
        raise UnreadableInput(f"{path!r} is not the JSON of one check", "check one release at a time")
    return edited_words(Fields(tree, repr(path)), searched.transcript)


def edits_json(found: tuple[EditedWords, ...], told: str) -> dict[str, Any]:
    """The words of edits as JSON values."""
    rows = [
        {
            "kind": one.kind,
            "at": [round(value, 3) for value in one.at.seconds],
            "words": one.words,
            "text": one.text,
            "lost": one.lost,
            "before": one.before,
            "after": one.after,
            "timed": one.timed,
            "sentence": one.sentence,
        }
        for one in found
    ]
    return {"edits": rows, "clock": told}


def tell_edits(path: str, searched: Searched, out: TextIO) -> None:
    """Tells the words inside each edit on a stream."""
    import textwrap

    found, told = edits_of(path, searched)
    columns = width(out)
    say(textwrap.fill(f"{len(found)} edits with words of this transcript; {told}", columns) + "\n", out)
    for one in found:
        start, end = one.at.seconds
        line = f"  {timecode(start)}–{timecode(end)}  {one.sentence}"
        line += f": … {one.before} [[{one.text}]] {one.after} …" if one.words else f": … {one.before} | {one.after} …"
        say(textwrap.fill(printable(line), columns, subsequent_indent="     ") + "\n", out)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
