"""What stands before and after a quote, always; and what in it, or left out of it, may turn the meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wholetape.quote.lexicon import turns
from wholetape.quote.params import CONTEXT, PLACE
from wholetape.quote.parts import Part, Sort, pieces
from wholetape.quote.place import Index, Placed
from wholetape.quotes import Caution, Op, Step, Turn
from wholetape.times import CLOCK_HZ
from wholetape.transcript.spoken import Spoken, text_of

_ENDS = re.compile(r"[.!?…។៕؟]")
_ASKS = re.compile(r"[?؟]|ឬទេ")
_HIDES = (Turn.NEGATION, Turn.CONDITION, Turn.REPORTED, Turn.RETRACTION)


def surroundings(index: Index, first: int, last: int, seconds: float) -> tuple[str, str]:
    """What was said for ``seconds`` before word ``first`` and after word ``last``; so many words without times."""
    words = index.words
    low, high = first, last
    start, end = words[first].span, words[last].span
    if start is None or end is None:
        low, high = max(0, first - CONTEXT.words_without_times), last + CONTEXT.words_without_times
    else:
        reach = round(seconds * CLOCK_HZ)
        while low > 0 and (span := words[low - 1].span) and span.end > start.start - reach:
            low -= 1
        while high + 1 < len(words) and (span := words[high + 1].span) and span.start < end.end + reach:
            high += 1
    return text_of(index.transcript, words[low:first]), text_of(index.transcript, words[last + 1 : high + 1])


def cautions(index: Index, placed: Placed, steps: Sequence[Step], quote: str) -> Iterator[Caution]:
    """Everything around and inside the quote's place that may turn its meaning; one of each kind a place."""
    language = index.transcript.language
    first, last = placed.words
    before, (after, next_sentence) = _clause_before(index, first), _clause_after(index, last)
    kinds = (Turn.NEGATION, Turn.CONDITION, Turn.REPORTED, Turn.QUESTION)
    for kind, words in turns(before, language, *kinds):
        yield Caution(kind, "before", words)
    for kind, words in turns(after, language, Turn.NEGATION, Turn.CONDITION, Turn.RETRACTION, Turn.ATTRIBUTED):
        yield Caution(kind, "after", words)
    for kind, words in turns(next_sentence, language, Turn.RETRACTION):
        yield Caution(kind, "after", words)
    inside = text_of(index.transcript, index.words[first : last + 1])
    asked = _asked(index, inside, last)
    if asked and not _ASKS.search(quote):
        yield Caution(Turn.QUESTION, "inside", asked)
    yield from _omitted(steps, language)
    yield from _apart(index, placed, steps)


def _omitted(steps: Sequence[Step], language: str) -> Iterator[Caution]:
    for step in steps:
        if step.op in (Op.ELLIPSIS, Op.BRACKET, Op.INSERT, Op.FILLER):
            spelt_out = step.quote if step.op is Op.BRACKET else ""
            told = {kind for kind, _ in turns(spelt_out, language, *_HIDES)}
            for kind, words in turns(step.transcript, language, *_HIDES):
                if kind not in told:
                    yield Caution(kind, "omitted", words)


def _apart(index: Index, placed: Placed, steps: Sequence[Step]) -> Iterator[Caution]:
    reach = PLACE.far_apart_words
    if any(len(piece) < PLACE.scrap_words for piece in pieces(tuple(_published(placed)))):
        reach = PLACE.scrap_reach
    for step in steps:
        if step.op is Op.ELLIPSIS and step.words > reach:
            yield Caution(Turn.FAR_APART, "omitted", f"{step.words} words")
    for part in {pair.part for pair in placed.pairs if pair.part and pair.part.sort is Sort.BRACKET}:
        stands_for = sum(pair.part is part and pair.word is not None for pair in placed.pairs)
        if stands_for > len(part.inside) + PLACE.bracket_slack:
            yield Caution(Turn.BRACKET_OMITS, "omitted", f"{stands_for} words")
    first, last = placed.words
    segments = index.transcript.segments[index.words[first].segment : index.words[last].segment + 1]
    speakers = {segment.speaker for segment in segments if segment.speaker}
    if len(speakers) > 1:
        yield Caution(Turn.ACROSS_SPEAKERS, "inside", ", ".join(sorted(speakers)))


def _published(placed: Placed) -> Iterator[Part]:
    """The quote's parts in their order, each once."""
    return iter(dict.fromkeys(pair.part for pair in placed.pairs if pair.part is not None))


def _asked(index: Index, inside: str, last: int) -> str:
    """The words of a question that the quote's last sentence is; empty when it is none."""
    if _ASKS.search(inside):
        return re.split(r"[.!…។]\s", inside[: _ASKS.search(inside).end()])[-1].strip()  # type: ignore[union-attr]
    rest, _ = _clause_after(index, last)
    end = _ENDS.search(rest)
    tail = _tail(index, last)
    if _ASKS.match(tail) or (end and _ASKS.match(end[0]) and not _ENDS.match(tail)):
        return (inside[-60:] + rest[: end.end() if end else 0] + tail).strip()
    return ""


def _tail(index: Index, last: int) -> str:
    """The punctuation right behind a word."""
    word = index.words[last]
    found = re.match(r"[^\w\s]*", index.transcript.segments[word.segment].text[word.end :])
    return found[0] if found else ""


def _clause_before(index: Index, first: int) -> str:
    """The words before ``first`` that belong to its sentence, up to a bound."""
    low = first
    while low > 0 and first - low < CONTEXT.clause_before and not _breaks(index, low - 1):
        low -= 1
    return text_of(index.transcript, index.words[low:first])


def _clause_after(index: Index, last: int) -> tuple[str, str]:
    """The words after ``last``: the rest of its sentence, and the beginning of the next, up to a bound."""
    ends = [number for number in range(last, last + CONTEXT.clause_after + 1) if _breaks(index, number)]
    bound = min(len(index.words), last + 1 + CONTEXT.clause_after)
    middle = min(bound, ends[0] + 1) if ends else bound
    high = min(bound, ends[1] + 1) if len(ends) > 1 else bound
    words = index.words
    return text_of(index.transcript, words[last + 1 : middle]), text_of(index.transcript, words[middle:high])


def _breaks(index: Index, number: int) -> bool:
    """Whether a sentence ends behind word ``number``: by a sign, by a pause, or as somebody else speaks."""
    if number + 1 >= len(index.words) or _ENDS.search(_tail(index, number)):
        return True
    word: Spoken = index.words[number]
    following = index.words[number + 1]
    segments = index.transcript.segments
    if segments[word.segment].speaker != segments[following.segment].speaker:
        return True
    if word.timed and word.span and following.span:
        return following.span.start - word.span.end >= CONTEXT.pause * CLOCK_HZ
    return False
