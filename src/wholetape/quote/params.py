"""All numbers of looking up a quote, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceParams:
    """Costs are in words: 1 is a word of substance that is missing or another one."""

    insertion: float = 0.5
    """A word of the transcript that the quote lacks: recognisers insert seldom, editors drop silently."""
    function_word: float = 0.5
    """Weight of ``the``, ``of`` and their like: recognisers confuse them most, and they tell least."""
    alike: float = 0.6
    """Share of letters in common from which two words count as partly the same: below it is chance."""
    bracket_word: float = 0.04
    """Each word of the transcript that a bracket stands for: cheap, as the editor says that something is changed."""
    gap_words: int = 400
    """Words that an ellipsis may leave out, some three minutes; pieces further apart are placed one by one."""
    gap: float = 0.3
    """An ellipsis: against spending one where none is needed."""
    least_score: float = 0.38
    """Score from which a place may be shown. Measured: ``python -m eval.quote``."""
    bits_beyond_chance: float = 7.0
    """Bits of evidence more than finding the best of all places by chance takes: 1 false place in about 100."""
    true_share: float = 0.65
    """Share of words that a recogniser gets right, at the word error rate of a third: for the evidence of a match."""
    most_shared: float = 0.3
    """Share of a place's words that a better place may hold already: more, and it is the same place again."""
    usual_words: float = 1000.0
    """Words of usual talk beside the transcript's own, when a word's chance is estimated: a short one has few."""
    usual_word: float = 0.001
    """Share of such talk that a word of substance is."""
    usual_function: float = 0.02
    """Share that a word like ``of`` is."""
    most_matches: int = 20
    """Places shown of one quote: a refrain has more, and no reader follows them."""
    far_apart_words: int = 120
    """Words left out by one ellipsis from which the pieces are told to stand far apart: about a minute."""
    scrap_words: int = 3
    """Words below which a piece of a quote is a scrap: anything can be put together from scraps."""
    scrap_reach: int = 15
    """Words that may be left out beside a scrap before it is told that the pieces stand far apart."""
    bracket_slack: int = 4
    """Words that a bracket may stand for beyond its own: ``[the minister]`` for ``he``, or for a name and title."""
    longest_quote: int = 1200
    """Words of a quote at most: more is a text to compare, not a quote."""


PLACE = PlaceParams()


@dataclass(frozen=True, slots=True)
class ContextParams:
    """How far context goes."""

    clause_before: int = 14
    """Words before the quote, within its sentence, in which a turn of the meaning is looked for."""
    clause_after: int = 12
    """The same after it, the next sentence's beginning included: a retraction comes there."""
    pause: float = 0.9
    """Seconds of silence that end a sentence where a transcript has no punctuation."""
    words_without_times: int = 50
    """Words of context where a transcript has no times: about 20 s of talk."""


CONTEXT = ContextParams()
_FUNCTION = (
    "a an the and or but of to in on at by for with from as is are was were be been am do does did has have had that "
    "this these those it its he she they we i you his her their our your my me him them us so 's 'd"
)
FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words of little substance, which recognisers confuse most."""
