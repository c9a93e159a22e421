"""The quotes of an article, checked: as JSON (``wholetape.article/v1``) and for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from wholetape.quotes import Checked, Claim, Passage
from wholetape.report.escape import printable
from wholetape.report.quoted import words
from wholetape.report.quoted.jsonform import Searched, as_json, seconds, told_of
from wholetape.times import timecode

FORMAT = "wholetape.article/v1"
NOTE = (
    "found says that words stand in the transcript, not who said them; not found never means not said; a claim without "
    "passages may have been made in other words. Speakers and occasions are as the article states them."
)


def article_json(quotes: Sequence[Checked], claims: Sequence[Claim], path: str, searched: Searched) -> dict[str, Any]:
    """All answers of an article as a tree of JSON values."""
    return {
        "format": FORMAT,
        "article": path,
        **told_of(searched),
        "quotes": [_quote(checked, searched) for checked in quotes],
        "claims": [
            {
                "text": claim.text,
                "paragraph": claim.paragraph,
                "speaker": claim.speaker,
                "passages": [{"at": seconds(p.at), "text": p.text, "score": round(p.score, 3)} for p in claim.passages],
            }
            for claim in claims
        ],
        "notes": [NOTE],
    }


def _quote(checked: Checked, searched: Searched) -> dict[str, Any]:
    quoted, result = checked.quoted, as_json(checked.result, searched)
    return {
        "quote": quoted.text,
        "paragraph": quoted.paragraph,
        "speaker": quoted.speaker,
        "occasion": quoted.occasion,
        "standing": str(checked.standing),
        "outcome": str(checked.verdict),
        "matches": result["matches"],
        "notes": list(checked.notes),
    }


def article_summary(quotes: Sequence[Checked], claims: Sequence[Claim], width: int = 80) -> str:
    """The answers for a terminal, ending in a newline."""
    counts: dict[str, int] = {}
    for checked in quotes:
        counts[str(checked.verdict)] = counts.get(str(checked.verdict), 0) + 1
    told = ", ".join(f"{number} {verdict.replace('-', ' ')}" for verdict, number in sorted(counts.items()))
    lines = [f"{len(quotes)} direct quotes: {told or 'none'}; {len(claims)} indirect claims", ""]
    for number, checked in enumerate(quotes, 1):
        quoted = checked.quoted
        who = quoted.speaker or "nobody named"
        where = f"; {quoted.occasion}" if quoted.occasion else ""
        lines.append(_wrapped(f"  {number}  {checked.verdict}: “{quoted.text}” ({who}{where})", width))
        for match in checked.result.matches[:1]:
            lines.append(_wrapped(f"     {words.place(match)}: {words.marked(match)}", width))
            lines += [_wrapped(f"     warning  {words.caution(warned)}", width) for warned in match.warnings]
        lines += [_wrapped(f"     note  {note}", width) for note in checked.notes]
    if claims:
        lines += ["", "indirect claims, for a person to listen to:"]
    for claim in claims:
        lines.append(_wrapped(f"  - {claim.text}", width))
        lines += [_wrapped(f"     {place(passage)}: … {passage.text} …", width) for passage in claim.passages[:3]] or [
            "     no passage has these words: it may have been said in others"
        ]
    return "\n".join([*lines, "", _wrapped(f"  {NOTE}", width)]) + "\n"


def place(passage: Passage) -> str:
    """When a passage is said."""
    return "no times" if passage.at is None else timecode(passage.at.seconds[0])


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(
        printable(text), width, subsequent_indent="     ", break_long_words=False, break_on_hyphens=False
    )
