"""Whisper's JSON: of openai-whisper, and of programs that write the same (faster-whisper's, WhisperX, OpenAI's API).

WhisperX says ``score`` where Whisper says ``probability``, and leaves out the times of words that it could not align.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from wholetape.transcript.fields import Fields
from wholetape.transcript.model import Making, Origin, Segment, Transcript, Word, span_of


def parse(tree: Fields) -> Transcript:
    """The transcript in Whisper's JSON; raises ``UnreadableInput`` for members of the wrong type."""
    segments = tuple(
        Segment(
            f"s{number}",
            " ".join(entry.text("text").split()),
            span_of(entry.number("start"), entry.number("end")),
            tuple(_words(entry)),
            entry.text("speaker"),
        )
        for number, entry in enumerate(tree.objects("segments"), 1)
    )
    return Transcript(segments, _tag(tree.text("language")), making=Making(Origin.RECOGNISED, "whisper"))


def _words(segment: Fields) -> Iterator[Word]:
    """The words; one without a time of its own lies between its neighbours."""
    entries = list(segment.objects("words"))
    at = segment.number("start")
    for number, entry in enumerate(entries):
        start = entry.number("start") if entry.has("start") else at
        later = (e.number("start") for e in entries[number + 1 :] if e.has("start"))
        end = entry.number("end") if entry.has("end") else next(later, segment.number("end"))
        at = max(start, end)
        sure = next((entry.number(n) for n in ("probability", "score", "confidence") if entry.has(n)), None)
        text = (entry.text("word") or entry.text("text")).strip()
        if text:
            yield Word(text, span_of(start, end), sure)


def write(transcript: Transcript) -> str:
    """The transcript as Whisper's JSON: the members that Whisper has and nobody measured here are 0."""
    segments = [_segment(number, segment) for number, segment in enumerate(transcript.segments)]
    text = "".join(f" {segment.text}" for segment in transcript.segments)
    tree = {"text": text, "segments": segments, "language": transcript.language or None}
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def _segment(number: int, segment: Segment) -> dict[str, Any]:
    start, end = segment.span.seconds if segment.span else (0.0, 0.0)
    tree: dict[str, Any] = {
        "id": number,
        "seek": 0,
        "start": round(start, 3),
        "end": round(end, 3),
        "text": f" {segment.text}",
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": 0.0,
        "compression_ratio": 0.0,
        "no_speech_prob": 0.0,
    }
    if segment.speaker:
        tree["speaker"] = segment.speaker
    if segment.words:
        tree["words"] = [
            {
                "word": f" {word.text}",
                "start": round(word.span.seconds[0], 3),
                "end": round(word.span.seconds[1], 3),
                **({} if word.confidence is None else {"probability": round(word.confidence, 3)}),
            }
            for word in segment.words
        ]
    return tree


_NAMES = {"english": "en", "khmer": "km", "french": "fr", "german": "de", "spanish": "es", "arabic": "ar"}
"""OpenAI's API names the language in English; these are the ones for which something here depends on it."""


def _tag(language: str) -> str:
    return _NAMES.get(language.lower(), language)
