"""An examination for a reader at a terminal: the outcome, the traces with their worth, and how far each method saw."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from wholetape.errors import UnreadableInput
from wholetape.report.escape import printable
from wholetape.report.strip import clock
from wholetape.traces import Examination, Trace, Verdict, Weight

MOST = 20
"""Traces of one name that are listed one by one."""
OUTCOMES = {
    Verdict.INCONSISTENT: "inconsistent with one continuous recording",
    Verdict.NONE_FOUND: "no inconsistency found by the methods that apply",
    Verdict.PROCESSED: "processed after recording, which says nothing about the content; no inconsistency found",
    Verdict.NOT_EXAMINABLE: "not examinable: no method applies to this file",
}
_COLOURS = {Verdict.INCONSISTENT: "31", Verdict.PROCESSED: "33", Verdict.NONE_FOUND: "32", Verdict.NOT_EXAMINABLE: "33"}


def examination_summary(result: Examination, *, width: int = 80, colour: bool = False) -> str:
    """The report of one examination as lines of at most ``width`` columns (40 at least), ending in a line end."""
    return "\n".join(_lines(result, max(40, width), colour)) + "\n"


def batch_table(paths: Sequence[str], results: Sequence[Examination | UnreadableInput], width: int = 80) -> str:
    """One line a file: its outcome, how many traces break it, and its name; unreadable files with their reason."""
    rows = []
    for path, result in zip(paths, results, strict=True):
        if isinstance(result, UnreadableInput):
            rows.append(("unreadable", "", printable(path)))
        else:
            count = sum(trace.weight is Weight.BREAKS for trace in result.traces)
            rows.append((str(result.outcome), str(count) if count else "", printable(path)))
    wide = max(len(row[0]) for row in rows)
    return "".join(f"{a:<{wide}}  {b:>3}  {c}\n" for a, b, c in rows)


def place(trace: Trace) -> str:
    """Where a trace is, in words."""
    if trace.at is None:
        return "whole file"
    start, end = trace.at
    here = _time(start) if end - start < 0.1 else f"{_time(start)} to {_time(end)}"
    if trace.pair is not None:
        here += f" and {_time(trace.pair[0])} to {_time(trace.pair[1])}"
    return here


def value(trace: Trace) -> str:
    """What a trace is worth, in words; empty where nothing was counted."""
    alarm = trace.false_alarm
    if alarm is None:
        return ""
    bound = f"below {alarm.rate:.2g}" if not alarm.seen else f"{alarm.rate:.2g}"
    words = f"false alarms {bound} (n = {alarm.n}: {alarm.material})"
    return words + (f"; log10 likelihood ratio {trace.log10_lr:.1f}" if trace.log10_lr is not None else "")


def _time(seconds: float) -> str:
    return f"{clock(int(seconds))}.{int(seconds * 100) % 100:02d}"


def _lines(result: Examination, width: int, colour: bool) -> Iterator[str]:
    yield _paint(printable(result.file.path), "1", colour)
    first, *rest = textwrap.wrap(OUTCOMES[result.outcome] + ".", width)
    yield _paint(first, f"1;{_COLOURS[result.outcome]}", colour)
    yield from rest
    if result.history:
        yield from textwrap.wrap(f"History: {printable(result.history)}.", width)
    shown: dict[str, int] = {}
    for trace in sorted(result.traces, key=lambda t: list(Weight).index(t.weight)):
        shown[trace.name] = shown.get(trace.name, 0) + 1
        if shown[trace.name] > MOST:
            continue
        yield ""
        yield from textwrap.wrap(
            f"{trace.name}, {place(trace)}: {printable(trace.finding)}.", width, subsequent_indent="  "
        )
        for words in (value(trace), f"innocent causes: {trace.innocent}" if trace.innocent else ""):
            if words:
                yield from textwrap.wrap(words, width, initial_indent="  ", subsequent_indent="  ")
    for name, count in shown.items():
        if count > MOST:
            yield f"… {count - MOST} more of {name}"
    yield ""
    yield "How far each method reached:"
    for reach in result.coverage:
        words = f"{reach.method}: {reach.share:.0%} of the sound" + (f"; {printable(reach.note)}" if reach.note else "")
        yield from textwrap.wrap(words, width, initial_indent="  ", subsequent_indent="    ")
    for note in (*result.notes, *result.file.damage[:5]):
        yield from textwrap.wrap(printable(note), width, initial_indent="  ", subsequent_indent="    ")


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
