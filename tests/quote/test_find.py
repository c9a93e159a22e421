"""Looking up a quote: what is found, what is uncertain, and what turns the meaning."""

from __future__ import annotations

import contextlib
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholetape.errors import UsageError
from wholetape.quote.find import find
from wholetape.quote.place import Index
from wholetape.quotes import Op, Outcome, Turn
from wholetape.transcript import formats
from wholetape.transcript.model import Segment, Transcript, Word, span_of

SPEECH = (
    "I want to be clear. If the commission says so, I would accept the official result that is announced, CPP 68 seats "
    "and the others 55. I did not kill him. We, you know, we shall pay any price, bear any burden, meet any hardship, "
    "support any friend, oppose any foe to assure the survival and the success of liberty. He said that I would "
    "resign. Do you think we will ever surrender? And uh so my my fellow Americans, ask not what your country can do "
    "for you; ask what you can do for your country. The government wants to raise taxes by sixty-eight per cent."
)


@lru_cache
def index(text=SPEECH):
    return Index(formats.read(text.encode(), "the speech"))


def look(quote, text=SPEECH):
    return find(index(text), quote)


def ops(result):
    return [step.op for step in result.matches[0].diff]


def kinds(result, where=None):
    return {w.kind for match in result.matches for w in match.warnings if where in (None, w.where)}


@pytest.mark.parametrize(
    "quote",
    [
        "ask what you can do for your country",
        "Ask what you can do for your country!",
        "my fellow Americans",
        "so my fellow Americans",
        "The Government wants to raise taxes by 68%",
        "we shall pay any price, bear any burden",
        "…ask what you can do for your country…",
        "[A]sk what you can do for your country",
    ],
)
def test_the_same_words_are_found_whatever_their_case_signs_figures_and_hesitations(quote):
    assert look(quote).outcome is Outcome.FOUND


@pytest.mark.parametrize(
    "quote",
    [
        "ask not what you can do for your country",
        "We shall pay any price, bear every burden, meet any hardship",
        "to assure the survival and success of liberty in Europe",
        "The government wants to raise taxes by 86%",
        "the government wants to raise taxes by sixty per cent",
        "I would accept the official result that is announced, CPP 86 seats",
    ],
)
def test_where_a_word_differs_it_is_uncertain_and_the_diff_shows_it(quote):
    result = look(quote)
    assert result.outcome is Outcome.UNCERTAIN
    assert set(ops(result)) & {Op.REPLACE, Op.DELETE, Op.INSERT}


@pytest.mark.parametrize(
    "quote", ["the moon is made of cheese and of nothing else", "lobsters cannot vote on Tuesdays"]
)
def test_words_that_nobody_said_are_not_found_and_that_never_means_not_said(quote):
    result = look(quote)
    assert result.outcome is Outcome.NOT_FOUND
    assert any("never means not said" in note for note in result.notes)


def test_found_never_attributes():
    result = look("ask what you can do for your country")
    assert any("not who said them" in note for note in result.notes)
    assert result.confirmed == ()


def test_brackets_are_the_editors_words_and_their_words_are_looked_for_nearby():
    result = look("would accept [the official result that] CPP [won] 68")
    assert result.outcome is Outcome.FOUND
    bracket, won = (step for step in result.matches[0].diff if step.op is Op.BRACKET)
    assert bracket.transcript == "the official result that is announced"
    assert bracket.nearby == ("the", "official", "result", "that")
    assert (won.quote, won.transcript, won.nearby) == ("[won]", "", ())


def test_letters_in_brackets_change_a_word_and_no_more():
    assert look("The government want[ed] to raise taxes").outcome is Outcome.FOUND
    assert look("The government refuse[d] to raise taxes").outcome is not Outcome.FOUND


def test_an_ellipsis_shows_what_it_omits():
    result = look("we shall pay any price … to assure the survival and the success of liberty")
    (gap,) = (step for step in result.matches[0].diff if step.op is Op.ELLIPSIS)
    assert result.outcome is Outcome.FOUND
    assert gap.words == 12
    assert gap.transcript.startswith("bear any burden")


@pytest.mark.parametrize(
    ("quote", "turn"),
    [
        ("I did … kill him", Turn.NEGATION),
        ("I did [indeed] kill him", Turn.NEGATION),
        ("I want to be clear … I would accept the official result", Turn.CONDITION),
        ("We shall pay any price … for your country", Turn.NEGATION),
        ("oppose any foe … we shall pay any price", Turn.OUT_OF_ORDER),
        ("I [the minister] Americans", Turn.BRACKET_OMITS),
        ("we … raise taxes", Turn.FAR_APART),
    ],
)
def test_an_editor_cannot_hide_a_turn_of_the_meaning_in_brackets_and_ellipses(quote, turn):
    result = look(quote)
    assert result.outcome is not Outcome.FOUND
    if result.matches:
        assert turn in kinds(result)


@pytest.mark.parametrize(
    ("quote", "turn", "where"),
    [
        ("I would accept the official result", Turn.CONDITION, "before"),
        ("kill him", Turn.NEGATION, "before"),
        ("I would resign", Turn.REPORTED, "before"),
        ("we will ever surrender", Turn.QUESTION, "inside"),
        ("what your country can do for you", Turn.NEGATION, "before"),
    ],
)
def test_what_stands_just_outside_and_turns_the_meaning_is_told(quote, turn, where):
    result = look(quote)
    assert result.outcome is Outcome.FOUND
    assert turn in kinds(result, where)


@pytest.mark.parametrize(
    ("text", "quote", "turn"),
    [
        ("The election was stolen, they say, but that is not true.", "The election was stolen", Turn.RETRACTION),
        ("We will all leave tomorrow. Just kidding.", "We will all leave tomorrow", Turn.RETRACTION),
        ("We will pay unless the bank says no.", "We will pay", Turn.CONDITION),
        ("Nobody told me that the bridge was closed.", "the bridge was closed", Turn.NEGATION),
        ("The minister is a thief, my opponent says.", "The minister is a thief", Turn.ATTRIBUTED),
        ("I am not saying we should invade.", "we should invade", Turn.NEGATION),
        ("According to them I took the money.", "I took the money", Turn.REPORTED),
    ],
)
def test_turns_of_meaning_that_editors_cut_off(text, quote, turn):
    result = look(quote, text)
    assert result.outcome is Outcome.FOUND
    assert turn in kinds(result)


def test_a_plain_statement_has_no_warnings():
    result = look("the bridge was closed", "Good morning. On Monday the bridge was closed. We repaired it.")
    assert kinds(result) == set()


def test_every_place_is_told():
    result = look("yes we can", "Yes we can. They asked for much. Yes, we can! And once more yes we can.")
    assert len(result.matches) == 3
    assert all(match.exact for match in result.matches)


def test_one_place_is_told_once_and_a_short_transcript_is_evidence_enough():
    text = "If the commission says so, I would accept the official result, CPP 68 seats. I did not kill him."
    result = look("I would accept that official result", text)
    assert result.outcome is Outcome.UNCERTAIN
    assert len(result.matches) == 1


def test_a_quote_across_two_speakers_is_not_found():
    text = "ANN: I will never sign.\n\nBOB: This treaty is good."
    result = look("sign this treaty", text)
    assert result.outcome is Outcome.UNCERTAIN
    assert Turn.ACROSS_SPEAKERS in kinds(result)


def test_times_come_from_words_and_without_them_from_segments():
    words = tuple(Word(w, span_of(10 + k, 11 + k)) for k, w in enumerate(["we", "will", "not", "sign", "this"]))
    timed = Transcript((Segment("s1", "we will not sign this", span_of(10, 15), words),))
    (match,) = find(Index(timed), "not sign").matches
    assert match.at is not None
    assert match.at.seconds == (12.0, 14.0)
    assert match.timed
    (match,) = find(Index(Transcript((Segment("s1", "aaaa bbbb cccc dddd", span_of(0, 19)),))), "cccc").matches
    assert match.at is not None
    assert match.at.seconds == pytest.approx((10.0, 14.0))
    assert not match.timed


@pytest.mark.parametrize("quote", ["", "…", "[he]", "?!"])
def test_a_quote_without_a_speakers_words_is_refused(quote):
    with pytest.raises(UsageError):
        look(quote)


@given(st.text(max_size=120))
def test_whatever_is_looked_up_gets_an_answer_or_is_refused(quote):
    with contextlib.suppress(UsageError):
        assert look(quote).outcome in set(Outcome)


@given(st.data())
def test_any_stretch_of_a_transcript_is_found_in_it(data):
    words = SPEECH.replace(" uh ", " ").split()[:-3]  # not within "sixty-eight per cent"
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    result = look(" ".join(words[first:last]))
    assert result.matches[0].score == 1.0
