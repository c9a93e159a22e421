"""All direct quotes of an article, each with whom and which occasion the article names; and its indirect claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from wholetape.errors import UsageError
from wholetape.quote.attribution import occasion_of, said_by, written
from wholetape.quote.claims import claims_of, with_candidates
from wholetape.quote.find import CONTEXT_SECONDS, find
from wholetape.quote.occasions import standing
from wholetape.quote.place import Index
from wholetape.quotes import ArticleResult, Checked, Outcome, Quoted, QuoteResult, Standing, Verdict

LONGEST = 1 << 22
"""Bytes of an article at most."""
_NAMES = "p div li h1 h2 h3 h4 h5 h6 blockquote tr td th section article header footer figcaption br hr"
_BLOCKS = set(_NAMES.split())
_SILENT = {"script", "style", "template", "noscript", "nav", "svg", "button", "form", "iframe"}
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("»", "«"), ("「", "」"))
_LEAST_WORDS = 1


def check_article(index: Index, text: str, context: float = CONTEXT_SECONDS) -> ArticleResult:
    """Each direct quote of the article in its order, looked up; each indirect claim with candidate passages."""
    paragraphs = paragraphs_of(text)
    checked = []
    for quoted in quotes_of(paragraphs):
        try:
            result = find(index, quoted.text, context)
        except UsageError:
            continue
        checked.append(_checked(index, quoted, result))
    claims = (with_candidates(index, claim) for claim in claims_of(paragraphs))
    return ArticleResult(tuple(checked), tuple(claims))


def _checked(index: Index, quoted: Quoted, result: QuoteResult) -> Checked:
    where = standing(quoted.occasion, index.transcript.occasion, quoted.written)
    verdict = Verdict(str(result.outcome))
    notes = []
    if where is Standing.OTHER:
        if result.outcome is Outcome.FOUND:
            notes.append("the article places these words elsewhere, yet they stand in this transcript, too")
        else:
            verdict = Verdict.OTHER_OCCASION
            notes.append("the article places these words elsewhere: look them up in that recording or text")
    named = {name for match in result.matches[:1] for name in match.speakers}
    if quoted.speaker and named and not any(_same_name(quoted.speaker, name) for name in named):
        notes.append(
            f"the article names {quoted.speaker}, the transcript {', '.join(sorted(named))}: nobody verified it"
        )
    return Checked(quoted, where, verdict, result, tuple(notes))


def _same_name(one: str, other: str) -> bool:
    return bool(set(re.findall(r"\w{3,}", one.casefold())) & set(re.findall(r"\w{3,}", other.casefold())))


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text or of an HTML page, in their order, without scripts and menus."""
    if re.match(r"\s*(?:<!doctype|<html|<\w+[\s>])", text, re.IGNORECASE):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        text = reader.text
    split = re.split(r"\n\s*\n", text)
    if len(split) < 3 and text.count("\n") > 4 and max(map(len, split)) > 2000:
        split = text.split("\n")
    return [" ".join(part.split()) for part in split if part.strip()]


class _Reader(HTMLParser):
    """The readable text of a page: blocks divided by empty lines, ``q`` in quotation marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._hidden.append(tag)
        elif tag in _BLOCKS:
            self.text += "\n\n"
        elif tag == "q":
            self.text += "“"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden and self._hidden.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.text += "\n\n"
        elif tag == "q":
            self.text += "”"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += re.sub(r"\s+", " ", data)


def quotes_of(paragraphs: list[str]) -> list[Quoted]:
    """The direct quotes; one that the reporter interrupts (“…,” he said, “…”) is one, and one of several paragraphs."""
    single = not any(re.search(r"[“\"«„]", paragraph) for paragraph in paragraphs)
    found: list[Quoted] = []
    speaker, running = "", False
    for number, paragraph in enumerate(paragraphs, 1):
        spans = list(_spans(paragraph, single))
        groups = _joined(paragraph, spans)
        for place, group in enumerate(groups):
            text = " ".join(paragraph[a:b] for a, b in group)
            if len(re.findall(r"\w+", text)) < _LEAST_WORDS:
                continue
            named = said_by(paragraph, group[0][0], group[-1][1], spans)
            if named[:1].isupper():
                speaker = named
            elif named.split()[:1] in (["he"], ["she"], ["they"], ["it"]):
                named = speaker
            occasion = occasion_of(paragraph, group[0][0], group[-1][1], spans)
            quoted = Quoted(
                text, number, named or speaker, occasion, written(paragraph, group[0][0], group[-1][1], spans)
            )
            if running and place == 0 and found and group[0][0] <= 1:
                found[-1] = replace(found[-1], text=f"{found[-1].text} {text}")
            else:
                found.append(quoted)
        running = bool(spans) and spans[-1][1] >= len(paragraph)  # not closed: it goes on in the next one
    return found


Spans = list[tuple[int, int]]


def _spans(paragraph: str, single: bool) -> Iterator[tuple[int, int]]:
    """Where the words between quotation marks stand, without the marks; to the end of a paragraph if not closed."""
    at = 0
    while at < len(paragraph):
        mark = paragraph[at]
        pair = next((p for p in _PAIRS if p[0] == mark), None)
        if pair or mark == '"' or (single and _opens(paragraph, at)):
            end = _end(paragraph, at + 1, pair[1] if pair else '"' if mark == '"' else "’'")
            if end > at + 1:
                yield at + 1, end
            at = end
        at += 1


def _opens(paragraph: str, at: int) -> bool:
    """Whether a single mark opens a quote: before a word, after none."""
    return (
        paragraph[at] in "‘'" and paragraph[at + 1 : at + 2].isalnum() and not paragraph[max(0, at - 1) : at].isalnum()
    )


def _end(paragraph: str, start: int, closing: str) -> int:
    for at in range(start, len(paragraph)):
        if paragraph[at] in closing:
            apostrophe = closing != '"' and len(closing) > 1 and paragraph[at + 1 : at + 2].isalnum()
            if not apostrophe:
                return at
    return len(paragraph) if len(closing) == 1 else start


def _joined(paragraph: str, spans: Spans) -> list[Spans]:
    """The pieces of each quote: one goes on behind “,” he said, “ in small letters."""
    groups: list[Spans] = []
    for start, end in spans:
        if groups:
            before = groups[-1][-1]
            between = paragraph[before[1] + 1 : start - 1]
            goes_on = paragraph[start : start + 1].islower() or paragraph[start : start + 2] in ("I ", "I’", "I'")
            comma = paragraph[before[1] - 1] == "," or between.lstrip().startswith(",")
            if comma and goes_on and len(between.split()) <= 12 and not re.search(r"[.!?]", between.strip(" .,")):
                groups[-1].append((start, end))
                continue
        groups.append([(start, end)])
    return groups
