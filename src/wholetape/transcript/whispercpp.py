"""whisper.cpp's JSON, as ``whisper-cli -oj`` and, with tokens, ``-ojf`` write it; times in milliseconds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from wholetape.times import Span
from wholetape.transcript.fields import Fields
from wholetape.transcript.model import Making, Origin, Segment, Transcript, Word, millis, span_of

_SPECIAL = re.compile(r"\[_[A-Z]+_?\d*_?\]\Z|<\|.*\|>\Z")
"""Tokens that are no words: ``[_BEG_]``, ``[_TT_123]``, ``<|endoftext|>``."""


def parse(tree: Fields) -> Transcript:
    """The transcript in whisper.cpp's JSON; raises ``UnreadableInput`` for members of the wrong type."""
    segments = tuple(_segments(tree))
    language = tree.object("result").text("language") or tree.object("params").text("language")
    model = tree.object("params").text("model").replace("\\", "/").rsplit("/", 1)[-1]
    return Transcript(segments, language, making=Making(Origin.RECOGNISED, "whisper.cpp", model=model))


def _segments(tree: Fields) -> Iterator[Segment]:
    for number, entry in enumerate(tree.objects("transcription"), 1):
        text = " ".join(entry.text("text").split())
        words = tuple(_words(entry))
        if " ".join(word.text for word in words) != text:  # bytes of one letter in two tokens, or parts left out
            words = ()
        yield Segment(f"s{number}", text, _span(entry), words, entry.text("speaker"))


def _span(entry: Fields) -> Span:
    offsets = entry.object("offsets")
    return span_of(offsets.number("from") / 1000, offsets.number("to") / 1000)


def _words(segment: Fields) -> Iterator[Word]:
    """Words of the tokens, each of which begins one if a space does."""
    text, start, end, sure = "", 0, 0, 1.0
    for token in segment.objects("tokens"):
        piece = token.text("text")
        if _SPECIAL.match(piece.strip()) or not piece.strip():
            continue
        span = _span(token)
        if piece[0] == " " and text:
            yield Word(text, Span(start, max(start, end)), sure)
            text = ""
        if not text:
            start, sure = span.start, 1.0
        text += piece.strip()
        end = max(span.end, start)
        sure = min(sure, token.number("p") if token.has("p") else 1.0)
    if text:
        yield Word(text, Span(start, max(start, end)), sure)


def write(transcript: Transcript) -> str:
    """The transcript as ``whisper-cli -ojf`` writes it, one token a word."""
    making = transcript.making
    tree = {
        "systeminfo": "",
        "model": {"type": making.model},
        "params": {"model": making.model, "language": transcript.language, "translate": False},
        "result": {"language": transcript.language},
        "transcription": [_segment(segment) for segment in transcript.segments],
    }
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def _segment(segment: Segment) -> dict[str, Any]:
    span = segment.span or Span(0, 0)
    speaker = {"speaker": segment.speaker} if segment.speaker else {}
    tokens = [
        {
            "text": f" {word.text}",
            **_times(word.span),
            "id": 0,
            **({} if word.confidence is None else {"p": round(word.confidence, 3)}),
        }
        for word in segment.words
    ]
    return {**_times(span), "text": f" {segment.text}", **speaker, **({"tokens": tokens} if tokens else {})}


def _times(span: Span) -> dict[str, Any]:
    start, end = millis(span.start), millis(span.end)
    return {"timestamps": {"from": _clock(start), "to": _clock(end)}, "offsets": {"from": start, "to": end}}


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"
