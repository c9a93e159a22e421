"""Indirect claims of an article ("he said a few times that …"), each with the passages that a person should listen to.

No program can tell whether a paraphrase is fair. The passages are those where most of a claim's words of substance are
said close together; that there is none does not mean that it was not said in other words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wholetape.quote.attribution import VERBS
from wholetape.quote.params import FUNCTION_WORDS
from wholetape.quote.place import Costs, Index
from wholetape.quotes import Claim, Passage
from wholetape.times import Span
from wholetape.transcript.spoken import text_of
from wholetape.transcript.tokens import tokens

WINDOW = 40
"""Words of a passage: some 15 s."""
LEAD = 8
"""Words of a passage before the first that counts."""
MOST = 5
"""Passages shown of one claim."""
LEAST = 0.3
"""Share of the claim's substance that must be said in a passage."""
_CLAIM = re.compile(
    rf"(?P<who>[A-Z][\w’'\-]+(?: [A-Z][\w’'\-]+)*|[Hh]e|[Ss]he|[Tt]hey|[Tt]he [a-z]+)(?:,[^,]{{2,60}},)?"
    rf" (?:\w+ly |also |later |then |has |had |repeatedly )?{VERBS}(?: \w+){{0,8}}? (?:that|he|she|they|it|how|the)\b"
)


def claims_of(paragraphs: list[str]) -> Iterator[Claim]:
    """The sentences that report what somebody said in the reporter's words."""
    for number, paragraph in enumerate(paragraphs, 1):
        bare = re.sub(r"“[^”]*”|\"[^\"]*\"|«[^»]*»", "", paragraph)
        for sentence in re.split(r"(?<=[.!?])\s+", bare):
            found = _CLAIM.search(sentence)
            if found and len(sentence.split()) >= 5:
                yield Claim(sentence.strip(), number, found["who"])


def with_candidates(index: Index, claim: Claim) -> Claim:
    """The claim with the passages of the transcript that say most of its substance."""
    found = _CLAIM.search(claim.text)
    substance = claim.text[found.end() :] if found else claim.text
    norms = {token.norm for token in tokens(substance)} - FUNCTION_WORDS
    terms = {_stem(norm) for norm in norms if len(norm) > 2}
    if not terms or not index.words:
        return claim
    stems = np.array([_stem(word.norm) for word in index.words])
    scores = np.zeros(len(stems))
    total = 0.0
    for term in terms:
        places = np.flatnonzero(stems == term)
        weight = math.log2(1 + len(stems) / (1 + len(places)))
        total += weight
        here = np.zeros(len(stems), bool)
        for place in places:
            here[max(0, place - WINDOW + 1) : place + 1] = True
        scores += weight * here
    scores /= total
    return replace(claim, passages=tuple(_passages(index, scores)))


def _passages(index: Index, scores: Costs) -> Iterator[Passage]:
    left = scores.copy()
    for _ in range(MOST):
        first = int(np.argmax(left))
        best = float(left[first])
        if best < LEAST:
            return
        early = first
        while first + 1 < len(left) and left[first + 1] >= best:  # the last start that still holds all of it
            first += 1
        first = max(early, first - LEAD)
        words = index.words[first : first + WINDOW]
        start, end = words[0].span, words[-1].span
        at = Span(start.start, max(start.start, end.end)) if start and end else None
        yield Passage(at, text_of(index.transcript, words), best)
        left[max(0, first - WINDOW) : first + WINDOW] = 0.0


def _stem(norm: str) -> str:
    """A crude stem: enough to bring plurals and tenses together."""
    for ending in ("ing", "ed", "es", "s"):
        if norm.endswith(ending) and len(norm) - len(ending) > 2:
            return norm[: -len(ending)].rstrip("e")
    return norm.rstrip("e")
