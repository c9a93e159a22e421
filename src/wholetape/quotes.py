"""What looking up a quote established: places, differences, context. ``found`` never says by whom it was said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wholetape.times import Span


class Outcome(StrEnum):
    """The answer. ``not-found`` never means that it was not said."""

    FOUND = "found"
    UNCERTAIN = "uncertain"
    NOT_FOUND = "not-found"


class Op(StrEnum):
    """One step from the quote to the transcript."""

    EQUAL = "equal"
    REPLACE = "replace"
    DELETE = "delete"
    """In the quote only."""
    INSERT = "insert"
    """In the transcript only: left out without an ellipsis."""
    BRACKET = "bracket"
    """The editor's own words, and what they stand for."""
    ELLIPSIS = "ellipsis"
    """What an ellipsis leaves out."""
    FILLER = "filler"
    """Left out as every paper does: a hesitation, or words that were begun twice."""


@dataclass(frozen=True, slots=True)
class Step:
    """``quote`` and ``transcript`` as written; ``nearby``: those of a bracket's words that are said nearby."""

    op: Op
    quote: str = ""
    transcript: str = ""
    nearby: tuple[str, ...] = ()
    words: int = 0
    """Words of the transcript in this step."""


class Turn(StrEnum):
    """What can turn the meaning of a quote."""

    NEGATION = "negation"
    CONDITION = "condition"
    QUESTION = "question"
    REPORTED = "reported-speech"
    RETRACTION = "retraction"
    ATTRIBUTED = "attributed"
    """Words of somebody else, as the speaker says behind them."""
    FAR_APART = "far-apart"
    OUT_OF_ORDER = "out-of-order"
    BRACKET_OMITS = "bracket-omits"
    ACROSS_SPEAKERS = "across-speakers"


@dataclass(frozen=True, slots=True)
class Caution:
    """``words`` of the transcript that may turn the meaning, ``where``: before, after, omitted, inside."""

    kind: Turn
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """One place: ``at`` on the recording's clock, None without times; an estimate unless ``timed``.

    ``score`` is the share of the quote's words, by weight, that the transcript has there in order; no probability.
    """

    at: Span | None
    timed: bool
    text: str
    score: float
    diff: tuple[Step, ...]
    before: str
    after: str
    warnings: tuple[Caution, ...]
    segments: tuple[str, ...]
    speakers: tuple[str, ...]
    exact: bool
    """No word differs, but for brackets, ellipses and fillers, which hide nothing that turns the meaning."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What one person says to have heard, signed with a key that the reader trusts. ``agrees`` with the quote, or not.

    ``time`` is RFC 3339 by the listener's clock; ``speaker`` whom the listener recognised, empty if nobody.
    """

    listener: str
    key: str
    """SHA-256 of the public key, in hex."""
    time: str
    at: Span
    heard: str
    agrees: bool
    diff: tuple[Step, ...]
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class QuoteResult:
    """The answer for one quote in one transcript. It has no truth value: ask for ``outcome``."""

    quote: str
    outcome: Outcome
    matches: tuple[Match, ...]
    notes: tuple[str, ...]
    confirmed: tuple[Confirmation, ...] = ()
    """Empty until a person listened; those who disagree stand beside those who agree."""

    def __bool__(self) -> bool:
        raise TypeError("a QuoteResult is neither true nor false; compare its outcome")


class Verdict(StrEnum):
    """What is said of a quote of an article."""

    FOUND = "found"
    UNCERTAIN = "uncertain"
    NOT_FOUND = "not-found"
    OTHER_OCCASION = "other-occasion"
    """The article itself places it elsewhere, and these words are not in this transcript."""


class Standing(StrEnum):
    """Where the article places a quote."""

    THIS = "this-occasion"
    OTHER = "other-occasion"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Quoted:
    """One direct quote: its words, the number of its paragraph from 1, whom and which occasion the article names."""

    text: str
    paragraph: int
    speaker: str = ""
    occasion: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A quote of the article and its answer; ``standing`` whether the article places it at this occasion."""

    quoted: Quoted
    standing: Standing
    verdict: Verdict
    result: QuoteResult
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A place where much of a claim's substance is said; ``score`` is the share of it, by weight."""

    at: Span | None
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the article that reports without quoting: paragraph number, whom it names, and candidates."""

    text: str
    paragraph: int
    speaker: str
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """The answers for all quotes of an article, and its claims for a person to listen to."""

    quotes: tuple[Checked, ...]
    claims: tuple[Claim, ...]
