"""The words inside each edit of a check; the quotes and claims of an article."""

from __future__ import annotations

import pytest

from wholetape.errors import UnreadableInput
from wholetape.quote.article import check_article, paragraphs_of, quotes_of
from wholetape.quote.edits import edited_words
from wholetape.quote.occasions import standing
from wholetape.quote.place import Index
from wholetape.quotes import Standing, Verdict
from wholetape.transcript.fields import Fields
from wholetape.transcript.model import Segment, Sound, Transcript, Word, span_of

WORDS = ["we", "will", "not", "sign", "this", "treaty", "today", "or", "ever"]
SAID = tuple(Word(word, span_of(k, k + 0.9)) for k, word in enumerate(WORDS))
RELEASE, REFERENCE = "ab" * 32, "cd" * 32


def transcript(sha256=REFERENCE, words=SAID):
    return Transcript((Segment("s1", " ".join(WORDS), span_of(0, 9), words),), "en", Sound("a.wav", sha256, 9.0))


def check(*edits):
    return Fields(
        {
            "format": "wholetape.check/v1",
            "release": {"sha256": RELEASE},
            "references": [{"sha256": REFERENCE, "kind": "audio"}],
            "edits": list(edits),
        },
        "the check",
    )


CUT = {"kind": "cut", "release": [2.0, 2.0], "source": 0, "reference": [2.0, 3.0], "confidence": 0.99}
LONG = {"kind": "replaced", "release": [4.0, 6.0], "source": 0, "reference": [5.0, 9.0], "confidence": 0.99}
INSERTED = {"kind": "inserted", "release": [0.0, 2.0], "reference": None, "confidence": 0.99}


def test_the_words_inside_each_edit_are_listed():
    found, told = edited_words(check(CUT, LONG), transcript())
    assert [(one.sentence, one.text, one.lost) for one in found] == [
        ("this word was cut", "not", True),
        ("these 4 words were replaced", "treaty today or ever", True),
    ]
    assert found[0].before == "we will"
    assert "reference" in told


def test_of_the_releases_transcript_its_own_clock_counts():
    found, told = edited_words(check(CUT, INSERTED), transcript(RELEASE))
    assert [(one.sentence, one.text, one.lost) for one in found] == [("these 2 words were inserted", "we will", False)]
    assert "release" in told


def test_a_transcript_of_something_else_or_without_times_is_refused():
    with pytest.raises(UnreadableInput, match="neither"):
        edited_words(check(CUT), transcript("ef" * 32))
    with pytest.raises(UnreadableInput, match="times"):
        edited_words(check(CUT), Transcript((Segment("s1", "we will"),)))
    with pytest.raises(UnreadableInput, match="JSON of a check"):
        edited_words(Fields({"format": "x"}, "it"), transcript())


def texts(*paragraphs):
    return [quoted.text for quoted in quotes_of(list(paragraphs))]


@pytest.mark.parametrize(
    ("paragraph", "quotes"),
    [
        ("“I will go,” she said.", ["I will go,"]),
        ('"I will go," she said, "and never return."', ["I will go, and never return."]),
        ("“I will go,” she said. “Then I return.”", ["I will go,", "Then I return."]),
        ("«Je pars», dit-il.", ["Je pars"]),
        ("„Ich gehe“, sagte er.", ["Ich gehe"]),
        ("‘I don’t know,’ he said. ‘We’ll see.’", ["I don’t know,", "We’ll see."]),
        ("The farmers’ market wasn’t open.", []),
        ("He called it “a disgrace” and “a shame”.", ["a disgrace", "a shame"]),
    ],
)
def test_direct_quotes_in_the_marks_of_many_papers(paragraph, quotes):
    assert texts(paragraph) == quotes


def test_a_quote_of_several_paragraphs_is_one():
    assert texts("He said: “We begin here.", "“And we end here.”") == ["We begin here. And we end here."]


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("“I will go,” said Ann Lee.", "Ann Lee"),
        ("“I will go,” Ann Lee told reporters.", "Ann Lee"),
        ("According to Bob Roe, “it is over”.", "Bob Roe"),
        ("Ann Lee, the minister, said: “I will go.”", "Ann Lee"),
        ("“I will go,” the minister said.", "the minister"),
        ("“I will go.”", ""),
    ],
)
def test_whom_the_article_names(paragraph, speaker):
    assert quotes_of([paragraph])[0].speaker == speaker


def test_a_pronoun_is_whoever_was_named_last():
    assert [q.speaker for q in quotes_of(["“I go,” said Ann Lee.", "“And soon,” she added."])] == ["Ann Lee", "Ann Lee"]


@pytest.mark.parametrize(
    ("named", "recorded", "where"),
    [
        ("", "press conference, 2026-11-24", Standing.UNSTATED),
        ("at a press conference", "press conference, 2026-11-24", Standing.THIS),
        ("on Tuesday", "press conference, 2026-11-24", Standing.THIS),
        ("on Monday", "press conference, 2026-11-24", Standing.OTHER),
        ("in 2016", "press conference, 2026-11-24", Standing.OTHER),
        ("in an interview", "press conference, 2026-11-24", Standing.OTHER),
        ("two years ago", "", Standing.OTHER),
        ("in an interview", "", Standing.UNSTATED),
    ],
)
def test_which_occasion_the_article_states(named, recorded, where):
    assert standing(named, recorded) is where


def article(text, occasion="press conference, Leeds, 2026-11-24"):
    said = Transcript(
        (
            Segment("s1", "I'm not going to resign over a story in the newspaper.", speaker="MS. LEE"),
            Segment("s2", "I never took any money from the company, and people want the bridge.", speaker="MS. LEE"),
        ),
        "en",
        occasion=occasion,
    )
    return check_article(Index(said), text)


def test_each_quote_gets_its_verdict_and_other_occasions_are_told_as_such():
    result = article(
        "“I’m not going to resign,” Anna Lee said on Tuesday.\n\nIn an interview last year, Lee said: “I would go at "
        "once.”\n\n“I love lobsters above all other animals,” she added.\n\n“I took some money from the company,” "
        "wrote Lee in a letter."
    )
    assert [checked.verdict for checked in result.quotes] == [
        Verdict.FOUND,
        Verdict.OTHER_OCCASION,
        Verdict.NOT_FOUND,
        Verdict.OTHER_OCCASION,
    ]


def test_words_that_the_article_places_elsewhere_and_stand_here_are_found_with_a_note():
    (checked,) = article("In a letter Lee wrote: “I never took any money from the company.”").quotes
    assert checked.verdict is Verdict.FOUND
    assert any("elsewhere" in note for note in checked.notes)


def test_another_speaker_in_the_transcript_is_told():
    (checked,) = article("“I’m not going to resign,” said John Roe.").quotes
    assert any("John Roe" in note for note in checked.notes)


def test_indirect_claims_are_listed_with_passages_and_no_verdict():
    (claim,) = article("Lee said that she had taken no money from the company.").claims
    assert claim.speaker == "Lee"
    assert "took any money" in claim.passages[0].text
    (other,) = article("Lee claimed that lobsters vote in secret ballots.").claims
    assert other.passages == ()


def test_a_page_is_read_without_scripts_and_menus():
    page = "<!doctype html><script>“no”</script><nav>“menu”</nav><p>He said <q>yes &amp; no</q>.</p><p>Next</p>"
    assert paragraphs_of(page) == ["He said “yes & no”.", "Next"]
