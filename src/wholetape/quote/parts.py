"""A published quote taken apart: the speaker's words, the editor's brackets, and ellipses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from wholetape.errors import UsageError
from wholetape.quote.params import FUNCTION_WORDS, PLACE
from wholetape.transcript.tokens import FILLERS, tokens


class Sort(Enum):
    """What a part of a quote is."""

    WORD = auto()
    BRACKET = auto()
    GAP = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """``norm`` is what is compared of a word, ``stem`` its letters outside of a bracket (``want[ed]``).

    ``start`` to ``end`` is its place in the quote as published. ``inside`` are a bracket's words.
    """

    sort: Sort
    start: int
    end: int
    norm: str = ""
    stem: str = ""
    inside: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """What it costs when a word is missing."""
        if self.sort is not Sort.WORD:
            return 0.0
        return PLACE.function_word if self.norm in FUNCTION_WORDS else 1.0


_GAP = r"[\[(]\s*(?:…|\.(?:\s?\.){2,3})\s*[\])]|…\.?|\.(?:[ \u00a0]?\.){2,3}|\*(?:\s?\*){2}"
_PIECES = re.compile(
    rf"(?P<gap>{_GAP})"
    r"|(?P<sic>[\[(]sic[\])])"
    r"|(?P<glued>[^\W\d_]*(?:[\[(][^\W\d_]{1,6}[\])][^\W\d_]+|(?<=[^\W\d_])\[[^\W\d_]{1,4}\][^\W\d_]*))"
    r"|(?P<bracket>\[[^\[\]]*\]|\([^()]*\))",
    re.IGNORECASE,
)
_GLUE = re.compile(r"[\[(]([^\W\d_]+)[\])]")


def take_apart(quote: str) -> tuple[Part, ...]:
    """The parts of a quote in their order; ellipses at its ends are dropped, they promise nothing.

    Raises:
        UsageError: no word of the speaker is in it, or too many.
    """
    parts = list(_parts(quote))
    while parts and parts[0].sort is Sort.GAP:
        parts.pop(0)
    while parts and parts[-1].sort is Sort.GAP:
        parts.pop()
    words = sum(part.sort is Sort.WORD for part in parts)
    if not words:
        raise UsageError("the quote has no words of a speaker", "give it in quotation marks, as it was published")
    if words > PLACE.longest_quote:
        raise UsageError(
            f"the quote has {words:,} words, more than {PLACE.longest_quote:,}", "look up its parts one by one"
        )
    return tuple(parts)


def _parts(quote: str) -> Iterator[Part]:
    at = 0
    for found in _PIECES.finditer(quote):
        if found.start() < at:
            continue
        yield from _words(quote, at, found.start())
        at = found.end()
        if found["gap"]:
            yield Part(Sort.GAP, found.start(), at)
        elif found["glued"]:
            yield from _glued(found["glued"], found.start())
        elif found["bracket"]:
            inside = tuple(token.norm for token in tokens(found["bracket"]))
            yield Part(Sort.BRACKET, found.start(), at, inside=inside)
    yield from _words(quote, at, len(quote))


def _words(quote: str, start: int, end: int) -> Iterator[Part]:
    for token in tokens(quote[start:end]):
        if token.norm not in FILLERS:
            yield Part(Sort.WORD, start + token.start, start + token.end, token.norm)


def _glued(text: str, start: int) -> Iterator[Part]:
    """``[T]he`` is ``the``; ``want[ed]`` is ``wanted``, of which ``want`` was said."""
    whole, stem = _GLUE.sub(r"\1", text), _GLUE.sub("", text)
    only_capital = bool(re.match(r"[\[(]\w[\])]", text))
    for token in tokens(whole):
        said = "" if only_capital else stem.casefold()
        yield Part(Sort.WORD, start, start + len(text), token.norm, said)


def pieces(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], ...]:
    """The stretches between ellipses."""
    found: list[list[Part]] = [[]]
    for part in parts:
        if part.sort is Sort.GAP:
            found.append([])
        else:
            found[-1].append(part)
    return tuple(tuple(piece) for piece in found if any(part.sort is Sort.WORD for part in piece))
