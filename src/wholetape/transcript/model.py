"""What a transcript is: segments of text with times, where they come from, and what is claimed of them.

A transcript is somebody's or some program's claim of what was said. Nothing here certifies a word of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wholetape.times import CLOCK_HZ, Span

MILLISECOND = CLOCK_HZ // 1000
"""Samples of the clock in a millisecond: captions count these, and a span keeps them exactly."""


class Origin(StrEnum):
    """How the words came to be. It decides what a difference from a quote may mean."""

    RECOGNISED = "recognised"
    """By a speech recogniser: words may be wrong, missing or invented."""
    ALIGNED = "aligned"
    """Words that somebody supplied, laid along the sound: their times are measured, their truth is not."""
    SUPPLIED = "supplied"
    """Captions or a text of unknown making."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, with its time on the recording's clock, and the engine's ``confidence`` from 0 to 1."""

    text: str
    span: Span
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: ``span`` None where the text has no times; ``words`` empty where only the stretch has one.

    ``id`` is unique in its transcript. ``speaker`` is whom the transcript names, which nobody has verified. ``source``
    holds the ids of the segments of another transcript that this is a translation of.
    """

    id: str
    text: str
    span: Span | None = None
    words: tuple[Word, ...] = ()
    speaker: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """The recording that was transcribed: ``sha256`` of its file in hex, ``duration`` in seconds; empty if unknown."""

    name: str = ""
    sha256: str = ""
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class Making:
    """By what the words were made: engine, its model with the hash of its files, its settings, and when."""

    origin: Origin = Origin.SUPPLIED
    engine: str = ""
    version: str = ""
    model: str = ""
    model_sha256: str = ""
    settings: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    time: str = ""
    """RFC 3339, by the clock of the machine that made it."""


@dataclass(frozen=True, slots=True)
class Translation:
    """That this transcript translates another: who translated it, when, and which file of which language it was."""

    by: str
    time: str
    name: str
    sha256: str
    language: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that one file says: the segments in their order, and where they come from.

    ``language`` is a BCP 47 tag, empty if unknown; ``occasion`` what was recorded, in its supplier's words.
    """

    segments: tuple[Segment, ...]
    language: str = ""
    sound: Sound = Sound()
    making: Making = Making()
    occasion: str = ""
    translation: Translation | None = None


def span_of(start: float, end: float) -> Span:
    """The span from ``start`` to ``end`` in seconds, to the millisecond; never ends before it starts."""
    first = max(0, round(start * 1000)) * MILLISECOND
    return Span(first, max(first, round(end * 1000) * MILLISECOND))


def millis(samples: int) -> int:
    """Milliseconds of a place on the clock."""
    return round(samples / MILLISECOND)
