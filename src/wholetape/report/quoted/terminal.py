"""A quote's result for a terminal: the answer first, then each place with its context and warnings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from wholetape.quotes import Match, Outcome, QuoteResult
from wholetape.report.escape import printable
from wholetape.report.quoted import words

_COLOURS = {Outcome.FOUND: "32", Outcome.UNCERTAIN: "33", Outcome.NOT_FOUND: "31"}
_SHOWN = 5
"""Places on a terminal; the JSON has all."""


def summary(result: QuoteResult, width: int = 80, colour: bool = False) -> str:
    """The report, ending in a newline; names and texts of strangers cannot act on the terminal."""
    lines = [_wrapped(words.answer(result), width)]
    if colour:
        name, rest = lines[0].split(":", 1)
        lines[0] = f"\x1b[1;{_COLOURS[result.outcome]}m{name}\x1b[0m:{rest}"
    lines.append(_wrapped(words.confirmed(result), width))
    lines += [_wrapped(f"- {words.confirmation(said)}", width, "  ") for said in result.confirmed]
    for number, match in enumerate(result.matches[:_SHOWN], 1):
        lines += ["", *_match(number, match, width)]
    if len(result.matches) > _SHOWN:
        lines += ["", f"  and {len(result.matches) - _SHOWN} more places (--json lists them)"]
    lines += ["", *(_wrapped(f"  {note}", width, "  ") for note in result.notes)]
    return "\n".join(lines) + "\n"


def _match(number: int, match: Match, width: int) -> Iterator[str]:
    told = "the same words" if match.exact else "words differ" if match.score < 1 else "the same words, but see below"
    yield _wrapped(f"  {number}  {words.place(match)}: {told}, score {match.score:.2f}", width, "     ")
    yield _wrapped(f"     before   … {match.before[-240:]}", width, "              ")
    yield _wrapped(f"     quote    {words.marked(match)}", width, "              ")
    yield _wrapped(f"     after    {match.after[:240]} …", width, "              ")
    for warned in match.warnings:
        yield _wrapped(f"     warning  {words.caution(warned)}", width, "              ")


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(
        printable(text),
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
