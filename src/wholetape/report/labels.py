"""The edits as an Audacity label track: open the release in Audacity, then File, Import, Labels.

One label a line: start and end in seconds of the release, and words, with tabs between; point labels have start and end
alike. The lines with frequencies, which Audacity may add below a label, are left out.
https://manual.audacityteam.org/man/importing_and_exporting_labels.html
"""

from __future__ import annotations

from wholetape.findings import CheckResult, Kind
from wholetape.report import words
from wholetape.report.strip import LETTERS
from wholetape.times import Span


def as_labels(result: CheckResult) -> str:
    """The label track of one release: the answer at 0, then each edit and each unverified stretch, in their order.

    Cuts and the answer are points. Other text cannot end a label or begin another: control characters are escaped.
    """
    rows = [(edit.release, _edit_label(number, result)) for number, edit in enumerate(result.edits, start=1)]
    rows += [
        (tile.release, f"{LETTERS[tile.kind]} could not be verified")
        for tile in result.spans
        if tile.kind is Kind.UNVERIFIED
    ]
    rows.sort(key=lambda row: (row[0].start, row[0].end))
    return "".join(_line(span, text) for span, text in [(Span(0, 0), words.outcome_sentence(result)), *rows])


def _edit_label(number: int, result: CheckResult) -> str:
    edit = result.edits[number - 1]
    return f"{LETTERS[edit.kind]}{number} {edit.kind}: {words.told(edit, result)}"


def _line(span: Span, text: str) -> str:
    start, end = span.seconds
    return f"{start:.6f}\t{end:.6f}\t{text}\n"
