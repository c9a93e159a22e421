"""Khmer, and quotes of translations. The text is the Universal Declaration of Human Rights, articles 1, 3 and 5.

Khmer and English as the Unicode consortium's UDHR project has them; the Declaration may be reproduced freely.
"""

from __future__ import annotations

import json

import pytest

from wholetape.errors import UnreadableInput
from wholetape.quote.find import find
from wholetape.quote.place import Index
from wholetape.quotes import Outcome, Turn
from wholetape.transcript import formats
from wholetape.transcript.model import Segment, Transcript, span_of
from wholetape.transcript.tokens import khmer_words, tokens
from wholetape.transcript.translation import link

KHMER = (
    "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព ក្នុងផ្នែកសេចក្ដីថ្លៃថ្នូរនិងសិទ្ធិ។",
    "បុគ្គលម្នាក់ៗ មានសិទ្ធិរស់រានមានជីវិត សេរីភាព និងសន្ដិសុខផ្ទាល់ខ្លួន។",
    "គ្មានជនណាម្នាក់ ត្រូវទទួលទារុណកម្ម ឬការប្រព្រឹត្ដិមកលើខ្លួន ឬទណ្ឌកម្មឃោរឃៅ អមនុស្សធម៌ ឬបន្ថោកបន្ទាបបានឡើយ។",
)
ENGLISH = (
    "All human beings are born free and equal in dignity and rights.",
    "Everyone has the right to life, liberty and the security of person.",
    "No one shall be subjected to torture or to cruel, inhuman or degrading treatment or punishment.",
)


def spoken(texts, language):
    segments = (Segment(f"s{k}", text, span_of(10 * k, 10 * k + 9)) for k, text in enumerate(texts, 1))
    return Transcript(tuple(segments), language)


SOURCE = spoken(KHMER, "km")
INDEX = Index(SOURCE)


def test_khmer_is_cut_into_words_and_nothing_is_lost():
    words = khmer_words("មនុស្សទាំងអស់កើតមកមានសេរីភាព")
    assert "".join(words) == "មនុស្សទាំងអស់កើតមកមានសេរីភាព"
    assert words[0] == "មនុស្ស"
    assert "សេរីភាព" in words
    assert len(words) >= 5


@pytest.mark.parametrize(
    "quote",
    [
        "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព",
        "មនុស្សទាំងអស់កើតមកមានសេរីភាពនិងសមភាព",
        "មនុស្ស\u200bទាំងអស់\u200bកើតមក\u200bមាន\u200bសេរីភាព",
        "មានសិទ្ធិរស់រានមានជីវិត សេរីភាព",
    ],
)
def test_a_khmer_quote_is_found_however_it_is_spaced(quote):
    result = find(INDEX, quote)
    assert result.outcome is Outcome.FOUND
    assert result.matches[0].text.replace(" ", "")[:6] == quote.replace(" ", "").replace("\u200b", "")[:6]


def test_a_changed_khmer_word_is_uncertain_and_another_text_is_not_found():
    assert find(INDEX, "មនុស្សទាំងអស់ កើតមកមានទ្រព្យសម្បត្តិ និងសមភាព").outcome is Outcome.UNCERTAIN
    assert find(INDEX, "ថ្ងៃនេះមេឃភ្លៀងខ្លាំងណាស់នៅភ្នំពេញ").outcome is Outcome.NOT_FOUND


def test_a_khmer_negation_before_a_quote_is_told():
    result = find(INDEX, "ត្រូវទទួលទារុណកម្ម")
    assert result.outcome is Outcome.FOUND
    assert Turn.NEGATION in {warned.kind for warned in result.matches[0].warnings}


def test_khmer_figures_are_figures():
    assert [token.norm for token in tokens("ឆ្នាំ២០១៨")][-1] == "2018"


@pytest.mark.parametrize("name", ["json", "vtt", "srt", "ttml", "whisper", "whispercpp"])
def test_khmer_survives_every_format(name):
    found = formats.read(formats.WRITERS[name](SOURCE).encode(), name)
    assert [segment.text for segment in found.segments] == list(KHMER)


def test_a_translation_is_linked_by_time_and_says_who_made_it_of_what():
    english = Transcript(
        (
            Segment("e1", f"{ENGLISH[0]} {ENGLISH[1]}", span_of(10, 29)),
            Segment("e2", ENGLISH[2], span_of(30, 39)),
        ),
        "en",
    )
    linked = link(english, SOURCE, "Sok Ann", "2026-11-25", "km.json", "ab" * 32)
    assert [segment.source for segment in linked.segments] == [("s1", "s2"), ("s3",)]
    assert linked.translation is not None
    assert (linked.translation.by, linked.translation.language) == ("Sok Ann", "km")


def test_a_translation_without_times_goes_paragraph_by_paragraph_or_is_refused():
    text = formats.read("\n\n".join(ENGLISH).encode(), "it")
    linked = link(text, SOURCE, "Sok Ann", "2026-11-25", "km.json", "")
    assert [(segment.source, segment.span) for segment in linked.segments][2] == (("s3",), span_of(30, 39))
    with pytest.raises(UnreadableInput, match="cannot be linked"):
        link(formats.read(b"One. Two.", "it"), SOURCE, "Sok Ann", "", "km.json", "")


def test_a_quote_of_a_translation_leads_to_the_source(run, here):
    (here / "km.json").write_text(formats.WRITERS["json"](SOURCE))
    (here / "en.txt").write_text("\n\n".join(ENGLISH))
    made = ("transcribe", "en.txt", "-o", "en.json", "--translates", "km.json", "--translator", "Sok Ann")
    assert run(*made, "--language", "en").code == 0
    ran = run("quote", "the right to life, liberty", "--in", "en.json", "--json", "-", "--html", "page.html")
    told = json.loads(ran.out)
    assert (ran.code, told["translation"]["by"]) == (0, "Sok Ann")
    (source,) = told["matches"][0]["source"]
    assert (source["id"], source["text"], source["at"]) == ("s2", KHMER[1], [20.0, 29.0])
    page = (here / "page.html").read_text()
    assert KHMER[1] in page
    assert "Sok Ann" in page
    assert 'lang="km"' in page
    (here / "km.json").write_text(formats.WRITERS["json"](SOURCE).replace("s1", "s9"))
    assert run("quote", "the right to life", "--in", "en.json", "--source", "km.json").code == 6
