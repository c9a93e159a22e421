"""Word for word, what differs between a quote and the transcript at one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from wholetape.quote.parts import Part, Sort
from wholetape.quote.place import Index, Pair, Placed, fits
from wholetape.quotes import Op, Step
from wholetape.transcript.spoken import Spoken, text_of

_ASIDES = (("you", "know"), ("i", "mean"))
"""Said while thinking, and left out by every paper."""
_LONGEST_REPEAT = 4
_NEARBY = 25
"""Words around a quote in which its brackets' words are looked for."""


def diff(index: Index, quote: str, placed: Placed) -> tuple[Step, ...]:
    """The steps from the quote to the transcript, in order; neighbours of one kind are one step."""
    rows = [(_kind(index, pair), pair) for pair in placed.pairs]
    steps: list[tuple[Op, list[Pair]]] = []
    for kind, group in groupby(rows, key=lambda row: row[0]):
        pairs = [pair for _, pair in group]
        if kind is Op.BRACKET or kind is Op.ELLIPSIS:
            steps += [(kind, list(one)) for _, one in groupby(pairs, key=lambda pair: id(pair.part))]
        elif kind is Op.EQUAL:
            steps.append((kind, pairs))
        else:
            steps += _unequal(index, pairs)
    merged: list[tuple[Op, list[Pair]]] = []
    for kind, pairs in steps:
        if merged and merged[-1][0] is kind is Op.EQUAL:
            merged[-1][1].extend(pairs)
        else:
            merged.append((kind, pairs))
    return tuple(_step(index, quote, placed, kind, pairs) for kind, pairs in merged)


def _kind(index: Index, pair: Pair) -> Op:
    if pair.part is not None and pair.part.sort is Sort.BRACKET:
        return Op.BRACKET
    if pair.part is not None and pair.part.sort is Sort.GAP:
        return Op.ELLIPSIS
    if pair.part is not None and pair.word is not None and fits(pair.part, index.words[pair.word].norm):
        return Op.EQUAL
    return Op.REPLACE


def _unequal(index: Index, pairs: list[Pair]) -> Iterator[tuple[Op, list[Pair]]]:
    """A run of differences: what reads the same when written together is the same; what is an aside is a filler."""
    parts = [pair.part for pair in pairs if pair.part is not None]
    numbers = [pair.word for pair in pairs if pair.word is not None]
    said = [index.words[number].norm for number in numbers]
    if parts and said and _joined([part.norm for part in parts]) == _joined(said):
        yield Op.EQUAL, pairs
    elif not parts and (tuple(said) in _ASIDES or _repeats(index, numbers)):
        yield Op.FILLER, pairs
    elif not parts:
        yield Op.INSERT, pairs
    elif not said:
        yield Op.DELETE, pairs
    else:
        yield Op.REPLACE, pairs


def _joined(norms: Sequence[str]) -> str:
    return "".join(norms).replace("'", "").replace("-", "")


def _repeats(index: Index, numbers: Sequence[int]) -> bool:
    """Whether the words are said once more right after, or were right before: a false start."""
    length = len(numbers)
    if not 0 < length <= _LONGEST_REPEAT:
        return False
    said = [index.words[number].norm for number in numbers]
    after = [word.norm for word in index.words[numbers[-1] + 1 : numbers[-1] + 1 + length]]
    before = [word.norm for word in index.words[max(0, numbers[0] - length) : numbers[0]]]
    return said in (after, before)


def _step(index: Index, quote: str, placed: Placed, kind: Op, pairs: Sequence[Pair]) -> Step:
    words = [index.words[pair.word] for pair in pairs if pair.word is not None]
    parts = [pair.part for pair in pairs if pair.part is not None]
    text = quote[parts[0].start : parts[-1].end] if parts else ""
    nearby = _nearby(index, placed, parts[0]) if kind is Op.BRACKET else ()
    return Step(kind, " ".join(text.split()), text_of(index.transcript, words), nearby, len(words))


def _nearby(index: Index, placed: Placed, part: Part) -> tuple[str, ...]:
    """The bracket's words that are said within the quote's place or close to it: moved there, not made up."""
    first, last = placed.words
    around: Sequence[Spoken] = index.words[max(0, first - _NEARBY) : last + 1 + _NEARBY]
    said = {word.norm for word in around}
    return tuple(norm for norm in part.inside if norm in said)
