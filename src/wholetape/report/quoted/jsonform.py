"""``wholetape.quote/v1``: a quote's result for other programs. ``docs/quote.md`` explains each member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wholetape.quotes import Confirmation, Match, QuoteResult, Step
from wholetape.report.quoted import words
from wholetape.transcript.model import Transcript

FORMAT = "wholetape.quote/v1"


@dataclass(frozen=True, slots=True)
class Searched:
    """What the quote was looked up in: the file as named, and the transcript in it; ``sha256`` of that file."""

    path: str
    sha256: str
    transcript: Transcript
    source: Transcript | None = None
    """The transcript that this one translates, where it is at hand."""


def as_json(result: QuoteResult, searched: Searched) -> dict[str, Any]:
    """The result as a tree of JSON values; seconds are numbers of three decimals."""
    return {
        "format": FORMAT,
        "quote": result.quote,
        "outcome": str(result.outcome),
        **told_of(searched),
        "matches": [_match(match, searched) for match in result.matches],
        "confirmed": [_confirmation(said) for said in result.confirmed],
        "notes": list(result.notes),
    }


def told_of(searched: Searched) -> dict[str, Any]:
    """What was searched: the transcript, how it was made, its recording; of a translation, from what."""
    transcript = searched.transcript
    making, sound, translation = transcript.making, transcript.sound, transcript.translation
    return {
        "transcript": {
            "path": searched.path,
            "sha256": searched.sha256,
            "language": transcript.language,
            "occasion": transcript.occasion,
            "origin": str(making.origin),
            "engine": making.engine,
            "version": making.version,
            "model": making.model,
            "model_sha256": making.model_sha256,
        },
        "recording": {"name": sound.name, "sha256": sound.sha256, "duration": round(sound.duration, 3)},
        "translation": translation
        and {
            "by": translation.by,
            "time": translation.time,
            "of": {"name": translation.name, "sha256": translation.sha256, "language": translation.language},
        },
    }


def _match(match: Match, searched: Searched) -> dict[str, Any]:
    return {
        "at": seconds(match.at),
        "timed": match.timed,
        "text": match.text,
        "score": round(match.score, 3),
        "exact": match.exact,
        "diff": [step_as_json(step) for step in match.diff],
        "before": match.before,
        "after": match.after,
        "warnings": [
            {"kind": str(w.kind), "where": w.where, "words": w.words, "message": words.caution(w)}
            for w in match.warnings
        ],
        "segments": list(match.segments),
        "speakers_named": list(match.speakers),
        **({"source": sources(match, searched)} if searched.transcript.translation else {}),
    }


def sources(match: Match, searched: Searched) -> list[dict[str, Any]]:
    """The segments of the source that the match's segments render; without the source's file only their ids."""
    chosen = set(match.segments)
    ids = [i for segment in searched.transcript.segments if segment.id in chosen for i in segment.source]
    known = {segment.id: segment for segment in searched.source.segments} if searched.source else {}
    return [
        {"id": i, "at": seconds(known[i].span), "text": known[i].text} if i in known else {"id": i}
        for i in dict.fromkeys(ids)
    ]


def step_as_json(step: Step) -> dict[str, Any]:
    """One step of a diff."""
    tree: dict[str, Any] = {"op": str(step.op), "quote": step.quote, "transcript": step.transcript}
    if step.op == "bracket":
        tree["nearby"] = list(step.nearby)
    if step.op in ("bracket", "ellipsis"):
        tree["words"] = step.words
    return tree


def _confirmation(said: Confirmation) -> dict[str, Any]:
    return {
        "listener": said.listener,
        "key": said.key,
        "time": said.time,
        "at": seconds(said.at),
        "heard": said.heard,
        "agrees": said.agrees,
        "diff": [step_as_json(step) for step in said.diff],
        "speaker": said.speaker,
    }


def seconds(span: Any) -> list[float] | None:
    """A span as two numbers; None stays null."""
    return None if span is None else [round(value, 3) for value in span.seconds]
