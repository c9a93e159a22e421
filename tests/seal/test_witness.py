"""The head in words and as a picture: what somebody outside keeps, against the seal."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET

import pytest

from tests.seal import made
from wholetape.errors import UsageError
from wholetape.properties import Name, Reason
from wholetape.seal.verify import AtHand, verify
from wholetape.seal.witness import COUNTS, fingerprint, head_qr, head_words, parse_outside

PINNED = (made.A.public, made.B.public)


@pytest.fixture(scope="module")
def seal():
    return made.seal()


def told(seal, text):
    found = verify(seal, PINNED, AtHand(outside=parse_outside(text)))
    return found[Name.WITNESSED], found.failure


def test_the_fingerprint_is_what_sha256sum_says_of_the_first_three_lines(seal):
    lines = b"".join(seal.members["head"].splitlines(keepends=True)[:3])
    assert fingerprint(seal.head.checkpoint) == hashlib.sha256(lines).digest()


@pytest.mark.parametrize("count", COUNTS)
def test_words_of_a_head_are_those_of_its_seal(seal, count):
    words = head_words(seal.head.checkpoint, count)
    assert len(words) == count
    assert parse_outside(" ".join(words)) == fingerprint(seal.head.checkpoint)[: count // 3 * 4]
    found, failure = told(seal, " ".join(words))
    assert failure is None
    assert found.established
    assert f"{count // 3 * 32} bits" in found.why


def test_words_are_understood_as_people_write_them(seal):
    words = head_words(seal.head.checkpoint)
    assert told(seal, "  ".join(word[:4].upper() if len(word) > 4 else word for word in words))[0].established
    assert told(seal, "\n".join(words))[0].established


def test_the_three_lines_of_a_qr_code_are_those_of_its_seal(seal):
    assert told(seal, seal.head.checkpoint.text)[0].established
    assert told(seal, seal.head.checkpoint.text.replace("\n", " "))[0].established


def test_another_seal_by_the_same_keys_is_seen(seal):
    other = made.seal(made.pcm(2))
    found, failure = told(other, " ".join(head_words(seal.head.checkpoint)))
    assert not found.established
    assert failure is not None
    assert failure.reason is Reason.WITNESS


def test_the_head_of_a_beginning_tells_how_long_it_was(seal):
    early = made.builder(made.pcm(2), close=False).checkpoint
    found, failure = told(seal, " ".join(head_words(early)))
    assert failure is None
    assert found.why.startswith("the head from outside is that of its first 2 s")


def test_a_wrong_word_is_told_from_a_wrong_seal(seal):
    words = list(head_words(seal.head.checkpoint))
    with pytest.raises(UsageError, match="word 3, 'qwerty', is not in the list"):
        parse_outside(" ".join([*words[:2], "qwerty", *words[3:]]))
    with pytest.raises(UsageError, match="18"):
        parse_outside(" ".join(words[:-1]))
    swapped = [words[1], words[0], *words[2:]]
    with pytest.raises(UsageError, match="wrong, or two are swapped"):
        parse_outside(" ".join(swapped))


@pytest.mark.parametrize("text", ["", "abandon", "wholetape/x 3 y", "a " * 18, "\0 " * 12])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(UsageError):
        parse_outside(text)


def test_without_a_head_from_outside_the_report_says_so(seal):
    found = verify(seal, PINNED)
    assert not found[Name.WITNESSED].established
    assert found.failure is None


def test_the_picture_is_svg_and_encodes_exactly_the_three_lines(seal):
    import segno

    picture = head_qr(seal.head.checkpoint)
    assert ET.fromstring(picture).tag.endswith("svg")
    again = segno.make(seal.head.checkpoint.text, error="m", micro=False)
    assert int(again.version) <= 8, "small enough for a phone and a printed page"
    assert picture == head_qr(made.seal().head.checkpoint), "the same head is the same picture"
    assert picture != head_qr(made.seal(made.pcm(2)).head.checkpoint)
