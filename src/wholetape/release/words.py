"""Findings in the interface's words: the same care as ``report.words``, in every language that has a catalogue."""

from __future__ import annotations

import os

from wholetape.findings import CheckResult, Edit, Kind, Outcome
from wholetape.release.messages import Messages
from wholetape.report.markup import Markup
from wholetape.report.words import SURE, heard_in_place
from wholetape.times import Span, timecode


def base(path: str) -> str:
    """The file's name without folders, which are nobody's business."""
    return os.path.basename(path) or path


def stretch(span: Span) -> str:
    """``1:01.402–1:13.910``."""
    return "–".join(timecode(at) for at in span.seconds)


def length(m: Messages, span: Span) -> str:
    """How long a span is, in words."""
    start, end = span.seconds
    return m.seconds(end - start)


def outcome_key(result: CheckResult) -> str:
    """The key of the sentence that tells the outcome, and never more."""
    if result.outcome is Outcome.WHOLE and all(ref.kind != "audio" for ref in result.references):
        return "outcome.whole.print"
    return f"outcome.{result.outcome}.told"


def outcome_sentence(m: Messages, result: CheckResult) -> Markup:
    """The answer of a check in one sentence."""
    sure = sum(edit.confidence >= SURE for edit in result.edits)
    share = ", ".join(percent(part) for part in result.coverage.references)
    return m.say(outcome_key(result), count=sure, share=share, name=base(result.release.path))


def edit_key(edit: Edit, result: CheckResult) -> str:
    """The key of the sentence about one edit."""
    if edit.kind is Kind.REPLACED and edit.reference and heard_in_place(edit, result):
        return "edit.replaced.copied"
    return f"edit.{edit.kind}"


def edit_values(m: Messages, edit: Edit, result: CheckResult) -> dict[str, str | float]:
    """What is filled into that sentence."""
    values: dict[str, str | float] = {
        "at": timecode(edit.release.seconds[0]),
        "here": stretch(edit.release),
        "length": length(m, edit.release),
        "speed": f"{edit.speed:.4g}",
        "there": "",
        "missing": "",
    }
    if edit.reference is not None:
        there = stretch(edit.reference)
        if len(result.references) > 1 and edit.source is not None:
            there = m.text("session.at", number=edit.source + 1, place=there)
        values |= {"there": there, "missing": length(m, edit.reference)}
    return values


def edit_sentence(m: Messages, edit: Edit, result: CheckResult) -> Markup:
    """What happened at one edit."""
    return m.say(edit_key(edit, result), **edit_values(m, edit, result))


def edit_label(m: Messages, number: int, edit: Edit, result: CheckResult) -> str:
    """The same for an attribute: number, kind, sentence."""
    told = m.text(edit_key(edit, result), **edit_values(m, edit, result))
    return m.text("edit.label", number=number, kind=m.text(f"kind.{edit.kind}"), told=told)


def percent(share: float) -> str:
    """A share that never rounds to all or nothing."""
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.9995 <= share < 0.99999:
        return ">99.9%"
    return f"{share * 100:.1f}%".replace(".0%", "%")


def size(count: int) -> str:
    """Bytes for people: ``812 kB``, ``28.8 MB``."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"
