"""The reader's report: the outcome first, then the strip, the edits, and what this run could and could not see."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from wholetape.findings import CheckResult, Kind, Outcome, Stretch
from wholetape.report import words
from wholetape.report.escape import printable
from wholetape.report.strip import KEPT, legend, ruler, strip

MOST_EDITS = 40
"""Edits listed one by one; the rest are counted."""
MOST_STRETCHES = 8
"""Unverified stretches listed one by one."""

_COLOURS = {
    Outcome.WHOLE: "32",
    Outcome.EXCERPT: "33",
    Outcome.EDITED: "31",
    Outcome.UNRELATED: "35",
    Outcome.UNDECIDED: "33",
}


def summary(result: CheckResult, *, width: int = 80, colour: bool = False) -> str:
    """The report of one check as lines of at most ``width`` columns (40 at least), ending in a line end."""
    width = max(40, width)
    return "\n".join(_lines(result, width, colour)) + "\n"


def _lines(result: CheckResult, width: int, colour: bool) -> Iterator[str]:
    yield from _headline(result, width, colour)
    yield from _strip(result, width, colour)
    yield from _edits(result, width)
    yield from _facts(result, width)


def _headline(result: CheckResult, width: int, colour: bool) -> Iterator[str]:
    yield _paint(words.name(result.release.path), "1", colour)
    answer, *caveats = words.answer_sentences(result)
    first, *rest = textwrap.wrap(answer + ".", width)
    outcome, found, tail = first.partition(":")
    yield _paint(outcome, f"1;{_COLOURS[result.outcome]}", colour) + found + tail
    yield from rest
    for sentence in caveats:
        yield from textwrap.wrap(sentence + ".", width)


def _strip(result: CheckResult, width: int, colour: bool) -> Iterator[str]:
    columns = width - 4
    line = strip(result, columns)
    if not line:
        return
    painted = "".join(_paint(c, "32" if c == KEPT else "33" if c == "?" else "1;31", True) for c in line)
    yield ""
    yield "  " + (painted if colour else line)
    yield "  " + ruler(result.spans[-1].release.seconds[1], columns)
    for row in textwrap.wrap(legend(line), width, initial_indent="  ", subsequent_indent="  "):
        yield row.replace("\u00a0", " ")


def _edits(result: CheckResult, width: int) -> Iterator[str]:
    if not result.edits:
        return
    yield ""
    for number, edit in enumerate(result.edits[:MOST_EDITS], start=1):
        yield from _entry(f"{number:>3}  {edit.kind!s:<9} ", words.told(edit, result), width)
    if len(result.edits) > MOST_EDITS:
        yield f"     and {len(result.edits) - MOST_EDITS} more: --json FILE lists all {len(result.edits)}"


def _facts(result: CheckResult, width: int) -> Iterator[str]:
    yield ""
    if result.missing and result.outcome is not Outcome.UNRELATED:
        left_out = "; ".join(words.missing_sentence(gap, result) for gap in result.missing)
        yield from _entry("  left out     ", left_out, width)
    open_stretches = [s for s in result.spans if s.kind is Kind.UNVERIFIED]
    if open_stretches and result.outcome is not Outcome.UNRELATED:
        yield from _entry("  unverified   ", _listed(open_stretches), width)
    yield from _entry("  coverage     ", words.coverage_sentence(result), width)
    if any(edit.confidence >= words.PLAIN for edit in result.edits):
        yield from _entry("  confidence   ", "99% or more, where an edit above does not say otherwise", width)
    if result.detects:
        found = f"{words.detects_sentence(result.detects)}, 95 times in 100; shorter ones may have been missed"
        yield from _entry("  would see    ", found, width)
    for title, entries in (("note", words.notes(result)), ("damage", [printable(d) for d in result.release.damage])):
        for entry in entries[:MOST_STRETCHES]:
            yield from _entry(f"  {title:<13}", entry, width)
        if len(entries) > MOST_STRETCHES:
            yield f"  {title:<13}and {len(entries) - MOST_STRETCHES} more: see --json"


def _listed(stretches: list[Stretch]) -> str:
    text = ", ".join(words.stretch(s.release) for s in stretches[:MOST_STRETCHES])
    more = len(stretches) - MOST_STRETCHES
    return text + (f" and {more} more" if more > 0 else "")


def _entry(head: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    ) or [head]


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
