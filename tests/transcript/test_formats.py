"""Transcripts in every format: what is written is read back, as far as the format can carry it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholetape.errors import UnreadableInput, UsageError
from wholetape.times import Span
from wholetape.transcript import formats, native
from wholetape.transcript.model import (
    MILLISECOND,
    Making,
    Origin,
    Segment,
    Sound,
    Transcript,
    Translation,
    Word,
)

SPEC = Path(__file__).parents[2] / "docs" / "spec" / "transcript.md"
PRINTABLE = st.characters(exclude_categories=("C", "Z"))
WORD = st.one_of(
    st.sampled_from(["don’t", "ទេ", "68", "<b>", "&amp;", "-->", "{\\i1}", "[sic]", "A:", "…", "שלום", "naïve"]),
    st.text(PRINTABLE, min_size=1, max_size=8).filter(lambda word: not word.isspace()),
)
SURE = st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 1000))


BOTH = st.booleans()


@st.composite
def transcripts(draw, timed=BOTH):
    at, segments = 0, []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        texts = draw(st.lists(WORD, min_size=1, max_size=5))
        start = at = at + draw(st.integers(0, 5000))
        words = []
        for text in texts:
            end = at + draw(st.integers(1, 900))
            words.append(Word(text, Span(at * MILLISECOND, end * MILLISECOND), draw(SURE)))
            at = end
        span = Span(start * MILLISECOND, at * MILLISECOND)
        kept = tuple(words) if draw(timed) else ()
        speaker = draw(st.sampled_from(["", "Ann Lee", "សុខ"]))
        segments.append(Segment(f"s{number}", " ".join(texts), span, kept, speaker))
    return Transcript(tuple(segments), draw(st.sampled_from(["", "en", "km"])))


def back(transcript, name):
    return formats.read(formats.WRITERS[name](transcript).encode(), "the file")


def without(transcript, *members):
    empty = {"words": (), "speaker": "", "confidence": None}
    segments = []
    for segment in transcript.segments:
        changed = {name: empty[name] for name in members if name != "confidence"}
        if "confidence" in members and "words" not in members:
            changed["words"] = tuple(replace(word, confidence=None) for word in segment.words)
        segments.append(replace(segment, **changed))
    return tuple(segments)


@given(transcripts())
def test_the_own_format_keeps_everything(given):
    whole = replace(
        given,
        sound=Sound("a “b”.wav", "ab" * 32, 12.345),
        making=Making(Origin.RECOGNISED, "e", "1", "m", "cd" * 32, {"beam": 0.5, "gate": "x", "n": 3}, "2026-01-01"),
        occasion="in Geneva",
        translation=Translation("Ann", "2026-01-02", "km.json", "ef" * 32, "km"),
        segments=tuple(replace(segment, source=("s1", "s9")) for segment in given.segments),
    )
    assert back(whole, "json") == whole


@given(transcripts())
def test_whispers_json_keeps_texts_times_speakers_and_confidence(given):
    assert back(given, "whisper").segments == given.segments


@given(transcripts())
def test_whisper_cpps_json_keeps_texts_times_and_speakers(given):
    read = back(given, "whispercpp")
    assert without(read, "words") == without(given, "words")
    for one, two in zip(read.segments, given.segments, strict=True):
        if one.words:
            assert [(w.text, w.span) for w in one.words] == [(w.text, w.span) for w in two.words]


@given(transcripts())
def test_webvtt_keeps_texts_times_speakers_and_when_words_begin(given):
    read = back(given, "vtt")
    assert without(read, "words") == without(given, "words")
    for one, two in zip(read.segments, given.segments, strict=True):
        assert [(w.text, w.span.start) for w in one.words] == [(w.text, w.span.start) for w in two.words]


@given(transcripts())
def test_ttml_keeps_texts_times_speakers_and_words(given):
    assert without(back(given, "ttml"), "confidence") == without(given, "confidence")


@given(transcripts(timed=st.just(False)))
def test_srt_keeps_times_and_texts_but_for_what_it_takes_for_formatting(given):
    read = back(given, "srt")
    assert [segment.span for segment in read.segments] == [segment.span for segment in given.segments]
    shown = str.maketrans("‹›(){}<>\\/", "..........")
    for one, two in zip(read.segments, given.segments, strict=True):
        assert one.text.translate(shown) == two.text.translate(shown)


@given(transcripts(timed=st.just(False)))
def test_plain_text_keeps_speakers_times_and_texts(given):
    named = replace(given, segments=tuple(replace(s, speaker="", text=f"x {s.text}") for s in given.segments))
    assert [(s.text, s.span.start) for s in back(named, "txt").segments] == [
        (s.text, s.span.start) for s in named.segments
    ]


def test_the_example_of_the_specification_is_read():
    (example,) = re.findall(r"^```json\n(.*?)^```$", SPEC.read_text(), re.MULTILINE | re.DOTALL)
    read = formats.read(example.encode(), "the example")
    assert read.making.origin is Origin.RECOGNISED
    assert formats.read(native.encode(read).encode(), "again") == read
    page = SPEC.read_text()
    assert [name for name in re.findall(r'"([a-z_0-9]+)":', native.encode(read)) if name not in page] == []


BAD = {
    "cut JSON": b'{"format": "wholetape.transcript/v1", "segm',
    "another version": b'{"format": "wholetape.transcript/v9", "segments": []}',
    "wrong type": b'{"format": "wholetape.transcript/v1", "segments": [{"id": "a", "text": 3}]}',
    "two of one id": json.dumps(
        {"format": "wholetape.transcript/v1", "segments": [{"id": "a", "text": "b"}] * 2}
    ).encode(),
    "a time beyond all bounds": b'{"segments": [{"start": 1e300, "end": 2, "text": "a"}]}',
    "not a number": b'{"segments": [{"start": NaN, "end": 2, "text": "a"}]}',
    "nested": b"[" * 100_000,
    "other JSON": b'{"a": 1}',
    "empty": b"",
    "blank": b" \n \n",
    "latin-1": "dé\n".encode("latin-1"),
    "billion laughs": b'<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    b'<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="0s" end="1s">&b;</p></div></body></tt>',
    "other XML": b"<html><body>a</body></html>",
    "a bad time": b'<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="noon" end="1s">a</p></div></body></tt>',
    "nul": b"a\0b",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_bad_files_are_told_as_such(data):
    with pytest.raises(UnreadableInput) as caught:
        formats.read(data, "it.json")
    assert "it.json" in str(caught.value) or "time" in str(caught.value)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_whatever_a_stranger_sends_is_read_or_refused(data):
    for head in (b"", b"WEBVTT\n\n", b'{"segments": [', b"1\n00:00:01,000 --> 00:00:02,000\n", b"<tt>"):
        try:
            assert formats.read(head + data, "it").segments
        except UnreadableInput:
            continue


def test_text_and_recordings_are_told_apart_by_their_first_bytes():
    assert formats.is_text(b"WEBVTT\n")
    assert formats.is_text('{"text": "ខ្មែរ"}'.encode())
    assert not formats.is_text(b"")
    assert not formats.is_text(b"RIFF\x24\x00\x00\x00WAVE")
    assert not formats.is_text(b"ID3\x04\x00\x00")


def test_the_suffix_or_the_flag_says_what_is_written():
    assert formats.format_for("a.VTT", None) == "vtt"
    assert formats.format_for("-", None) == "json"
    assert formats.format_for("a.json", "whisper") == "whisper"
    with pytest.raises(UsageError):
        formats.format_for("a.docx", None)
