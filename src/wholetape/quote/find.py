"""From a quote and a transcript to an answer. The rules of the outcome live here and nowhere else.

``found``: no word differs at one place, but for brackets, ellipses and fillers, and what these leave out turns nothing.
``uncertain``: the words beyond chance point to a place, and some differ, or what is left out may turn the meaning: a
recogniser may have misheard, or the quote may be altered; no program can tell, a listener can. ``not-found``: neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wholetape.quote.context import cautions, surroundings
from wholetape.quote.diff import diff
from wholetape.quote.params import PLACE
from wholetape.quote.parts import Part, Sort, pieces, take_apart
from wholetape.quote.place import Index, Placed, evidence, places
from wholetape.quotes import Caution, Match, Op, Outcome, QuoteResult, Turn
from wholetape.times import Span
from wholetape.transcript.model import Origin
from wholetape.transcript.spoken import text_of

CONTEXT_SECONDS = 20.0
"""Seconds of context before and after, unless told otherwise."""
_SAME = {Op.EQUAL, Op.BRACKET, Op.ELLIPSIS, Op.FILLER}
_SPOILS = {Turn.FAR_APART, Turn.BRACKET_OMITS, Turn.OUT_OF_ORDER, Turn.ACROSS_SPEAKERS}
_SHORT = 3
"""Words below which a quote may stand anywhere by chance."""


def find(index: Index, quote: str, context: float = CONTEXT_SECONDS) -> QuoteResult:
    """Where ``quote`` stands in the transcript, with ``context`` seconds around each place.

    Raises:
        UsageError: the quote has no words of a speaker, or too many.
    """
    parts = take_apart(quote)
    matches = [match for _, match in _matches(index, quote, parts, context)]
    exact = [match for match in matches if match.exact]
    if not exact and any(part.sort is Sort.GAP for part in parts):
        matches = _piecewise(index, quote, parts, context, matches)
    outcome = Outcome.FOUND if exact else Outcome.UNCERTAIN if matches else Outcome.NOT_FOUND
    shown = sorted(matches, key=lambda match: (not match.exact, -match.score))
    if exact:  # likely places are noise beside a sure one
        shown = [match for match in shown if match.exact or match.score > 0.7]
    return QuoteResult(quote, outcome, tuple(shown[: PLACE.most_matches]), tuple(_notes(index, parts, outcome)))


def closest(index: Index, quote: str) -> Match | None:
    """The place that is most like ``quote``, however little; None where nothing is. No evidence of anything."""
    parts = take_apart(quote)
    return next((_match(index, quote, placed, 0.0) for placed in places(index, parts)), None)


def _matches(index: Index, quote: str, parts: tuple[Part, ...], context: float) -> Iterator[tuple[int, Match]]:
    """The places with the number of their first word, the best first."""
    shown = 0
    for placed in places(index, parts):
        match = _match(index, quote, placed, context)
        if match.score == 1.0 or evidence(index, placed) >= PLACE.bits_beyond_chance:
            yield placed.words[0], match
            shown += 1
        elif shown == 0 and match.score < PLACE.least_score:
            return
        if shown >= 2 * PLACE.most_matches:
            return


def _match(index: Index, quote: str, placed: Placed, context: float) -> Match:
    first, last = placed.words
    words = index.words[first : last + 1]
    steps = diff(index, quote, placed)
    warned = tuple(dict.fromkeys(cautions(index, placed, steps, quote)))
    before, after = surroundings(index, first, last, context)
    spoilt = any(caution.where == "omitted" or caution.kind in _SPOILS for caution in warned)
    same = all(step.op in _SAME for step in steps)
    segments = index.transcript.segments[words[0].segment : words[-1].segment + 1]
    start, end = words[0].span, words[-1].span
    return Match(
        at=Span(start.start, max(start.start, end.end)) if start and end else None,
        timed=words[0].timed and words[-1].timed,
        text=text_of(index.transcript, words),
        score=1.0 if same else min(placed.score, 0.999),
        diff=steps,
        before=before,
        after=after,
        warnings=warned,
        segments=tuple(segment.id for segment in segments),
        speakers=tuple(dict.fromkeys(segment.speaker for segment in segments if segment.speaker)),
        exact=same and not spoilt,
    )


def _piecewise(index: Index, quote: str, parts: tuple[Part, ...], context: float, whole: list[Match]) -> list[Match]:
    """The places of a quote's pieces one by one, where they do not stand in their order within reach of an ellipsis."""
    apart = pieces(parts)
    if len(apart) < 2 or any(match.score > 0.75 for match in whole):
        return whole
    each = [next(_matches(index, quote, piece, context), None) for piece in apart]
    placed = [found for found in each if found is not None and (found[1].exact or found[1].score > 0.8)]
    starts, good = [first for first, _ in placed], [match for _, match in placed]
    if len(good) < len(apart):
        return whole or good
    kind = Turn.OUT_OF_ORDER if starts != sorted(starts) else Turn.FAR_APART
    why = Caution(kind, "omitted", "the pieces between the ellipses stand in other places")
    return [replace(match, exact=False, warnings=(why, *match.warnings)) for match in good]


def _notes(index: Index, parts: tuple[Part, ...], outcome: Outcome) -> Iterator[str]:
    making = index.transcript.making
    if outcome is Outcome.FOUND:
        yield "found says that these words stand in the transcript, not who said them: that is for a named listener"
    else:
        yield "not found never means not said: the transcript may be wrong, or another recording may hold it"
    if making.origin is Origin.RECOGNISED:
        yield f"the transcript is a machine's ({making.engine or 'unknown'}): it mishears, and certifies no word"
    elif making.origin is Origin.ALIGNED:
        yield "somebody supplied these words, and they were laid along the sound: a text with a word left out fits, too"
    else:
        yield "the transcript was supplied, and was not compared with the sound"
    if sum(part.sort is Sort.WORD for part in parts) < _SHORT:
        yield "so short a quote stands in many places, and says little without what is around it"
    if any(word.span and not word.timed for word in index.words[:1]):
        yield "only segments have times: the times of words are estimates, right to about a second"
