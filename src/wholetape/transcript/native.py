"""``wholetape.transcript/v1``: the format that keeps all that is known of a transcript. ``docs/spec/transcript.md``."""

from __future__ import annotations

import json
from typing import Any

from wholetape.errors import UnreadableInput
from wholetape.times import Span
from wholetape.transcript.fields import Fields
from wholetape.transcript.model import Making, Origin, Segment, Sound, Transcript, Translation, Word, span_of

FORMAT = "wholetape.transcript/v1"


def encode(transcript: Transcript) -> str:
    """The transcript as JSON text; :func:`parse` is the inverse."""
    sound, making, translation = transcript.sound, transcript.making, transcript.translation
    tree: dict[str, Any] = {
        "format": FORMAT,
        "language": transcript.language,
        "occasion": transcript.occasion,
        "recording": {"name": sound.name, "sha256": sound.sha256, "duration": round(sound.duration, 3)},
        "made": {
            "origin": str(making.origin),
            "engine": making.engine,
            "version": making.version,
            "model": making.model,
            "model_sha256": making.model_sha256,
            "settings": dict(making.settings),
            "time": making.time,
        },
        "translation": translation
        and {
            "by": translation.by,
            "time": translation.time,
            "of": {"name": translation.name, "sha256": translation.sha256, "language": translation.language},
        },
    }
    head = json.dumps(tree, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join(f"  {_line(segment)}" for segment in transcript.segments)
    return f'{head},\n "segments": [\n{lines}\n ]\n}}\n'


def _line(segment: Segment) -> str:
    tree: dict[str, Any] = {"id": segment.id, **_times(segment.span), "text": segment.text}
    if segment.speaker:
        tree["speaker"] = segment.speaker
    if segment.source:
        tree["source"] = list(segment.source)
    if segment.words:
        tree["words"] = [_word(word) for word in segment.words]
    return json.dumps(tree, ensure_ascii=False)


def _word(word: Word) -> dict[str, Any]:
    sure = {} if word.confidence is None else {"confidence": round(word.confidence, 3)}
    return {"text": word.text, **_times(word.span), **sure}


def _times(span: Span | None) -> dict[str, float]:
    return {} if span is None else {"start": round(span.seconds[0], 3), "end": round(span.seconds[1], 3)}


def parse(tree: Fields) -> Transcript:
    """The transcript in a decoded file; members that it does not know are passed over.

    Raises:
        UnreadableInput: another format, a member of the wrong type, or two segments of one id.
    """
    if tree.text("format") != FORMAT:
        raise UnreadableInput(f"{tree.what} is not in the format {FORMAT}", "a newer version of wholetape may read it")
    segments = tuple(_segment(entry) for entry in tree.objects("segments"))
    if len({segment.id for segment in segments}) != len(segments):
        raise UnreadableInput(f"{tree.what} has two segments of one id", "each segment needs an id of its own")
    sound, made, translation = tree.object("recording"), tree.object("made"), tree.object("translation")
    of = translation.object("of")
    return Transcript(
        segments,
        tree.text("language"),
        Sound(sound.text("name"), sound.text("sha256"), sound.number("duration")),
        Making(
            _origin(made),
            made.text("engine"),
            made.text("version"),
            made.text("model"),
            made.text("model_sha256"),
            made.plain("settings"),
            made.text("time"),
        ),
        tree.text("occasion"),
        Translation(
            translation.text("by"), translation.text("time"), of.text("name"), of.text("sha256"), of.text("language")
        )
        if translation
        else None,
    )


def _origin(made: Fields) -> Origin:
    try:
        return Origin(made.text("origin") or Origin.SUPPLIED)
    except ValueError as problem:
        raise UnreadableInput(f"{made.what} does not say recognised, aligned or supplied as its origin") from problem


def _segment(entry: Fields) -> Segment:
    words = tuple(_spoken(word) for word in entry.objects("words"))
    span = span_of(entry.number("start"), entry.number("end")) if entry.has("start") else None
    return Segment(entry.text("id"), entry.text("text"), span, words, entry.text("speaker"), entry.texts("source"))


def _spoken(entry: Fields) -> Word:
    sure = entry.number("confidence") if entry.has("confidence") else None
    return Word(entry.text("text"), span_of(entry.number("start"), entry.number("end")), sure)
