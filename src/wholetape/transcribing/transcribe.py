"""All of it together: decode, gate, recognise, keep; from a recording's path to its transcript."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from wholetape.media.facts import inspect
from wholetape.media.speech import SPEECH_HZ, Speech, speech
from wholetape.times import CLOCK_HZ, Span
from wholetape.transcribing.engines import Engine
from wholetape.transcribing.gate import utterances
from wholetape.transcribing.journal import Journal, Key
from wholetape.transcript.model import Making, Origin, Segment, Sound, Transcript, Word

Progress = Callable[[str, float], None]
_RATIO = SPEECH_HZ // CLOCK_HZ


def transcribe(
    path: str,
    engine: Engine,
    *,
    journal_path: str | None = None,
    occasion: str = "",
    time: str = "",
    jobs: int = 1,
    progress: Progress = lambda stage, share: None,
    hear: Callable[[str], None] = lambda text: None,
) -> Transcript:
    """What ``engine`` hears in the recording at ``path``: a segment for each utterance that the gate lets through.

    With a ``journal_path`` each utterance is kept there as it is recognised, and a later run goes on from it; the
    caller removes the journal when the transcript is safe. ``hear`` is told each utterance's text.

    Raises:
        UnreadableInput: the recording cannot be read.
        StorageFailed: the journal cannot be written.
    """
    progress("reading the recording", 0.0)
    facts = inspect(path)
    making = Making(
        Origin.RECOGNISED,
        engine.name,
        engine.version,
        engine.model,
        engine.model_sha256,
        {"gate": "webrtc-vad", **engine.settings},
        time,
    )
    journal = Journal(journal_path, _head(facts.sha256, making, engine.language)) if journal_path else None
    done: dict[Key, list[Word]] = journal.done if journal else {}
    segments: list[Segment] = []
    length = 0

    def counted() -> Iterator[Speech]:
        nonlocal length
        for block in speech(path, jobs=jobs, progress=lambda share: progress("transcribing", share)):
            length += len(block)
            yield block

    try:
        for utterance in utterances(counted()):
            key = (utterance.start, len(utterance.sound))
            words = done.get(key)
            if words is None:
                words = engine.hear(utterance.sound)
                if journal:
                    journal.add(key, words)
            if words:
                segments.append(_segment(len(segments) + 1, utterance.start, words))
                hear(segments[-1].text)
    finally:
        if journal:
            journal.close()
    sound = Sound(os.path.basename(path), facts.sha256, length / SPEECH_HZ)
    return Transcript(tuple(segments), engine.language, sound, making, occasion)


def _head(sha256: str, making: Making, language: str) -> dict[str, object]:
    return {
        "format": "wholetape.transcribing/v1",
        "recording": sha256,
        "engine": [making.engine, making.version, making.model, making.model_sha256, language],
        "settings": dict(making.settings),
    }


def _segment(number: int, start: int, words: list[Word]) -> Segment:
    shift = start // _RATIO
    moved = tuple(
        Word(word.text, Span(word.span.start + shift, word.span.end + shift), word.confidence) for word in words
    )
    span = Span(moved[0].span.start, max(word.span.end for word in moved))
    return Segment(f"s{number}", " ".join(word.text for word in moved), span, moved)
