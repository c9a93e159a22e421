"""What was done to a release, as the corpus builder knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from wholetape.findings import Kind, Outcome

Seconds = tuple[float, float]
"""A stretch in seconds, start and end, on one clock."""
EARLIER, LATER = "recorded before the reference begins", "recorded after the reference ends"
"""How an insertion came about that nobody made: the other recorder was not on yet, or not any more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the equally right descriptions of an edit: its span on the release clock, and on the reference clock."""

    release: Seconds
    reference: Seconds | None


@dataclass(frozen=True, slots=True)
class Truth:
    """One edit that was made.

    ``readings`` are equally right; the first is how it was made. ``start_slack`` and ``end_slack`` are the seconds by
    which a boundary may lie earlier and later without being wrong, because the sound there is silence either way.
    ``also`` are places on both clocks where a second finding belongs to this edit: the hole that moved material left.
    ``counts`` is False where a pause was replaced by a pause: neither finding nor missing it is an error.
    """

    kind: Kind
    readings: tuple[Reading, ...]
    seconds: float
    how: str
    counts: bool = True
    start_slack: tuple[float, float] = (0.0, 0.0)
    end_slack: tuple[float, float] = (0.0, 0.0)
    also: tuple[Reading, ...] = ()
    speed: float = 1.0

    def on_release_clock(self, scale: float, shift: float) -> Truth:
        """The same edit after the release clock was multiplied by ``scale`` and moved by ``shift`` seconds."""

        def moved(reading: Reading) -> Reading:
            start, end = reading.release
            return replace(reading, release=(start * scale + shift, end * scale + shift))

        return replace(self, readings=tuple(map(moved, self.readings)), also=tuple(map(moved, self.also)))

    def on_reference_clock(self, scale: float, shift: float) -> Truth:
        """The same edit after the reference clock was multiplied by ``scale`` and moved by ``shift`` seconds."""

        def moved(reading: Reading) -> Reading:
            if reading.reference is None:
                return reading
            start, end = reading.reference
            return replace(reading, reference=(start * scale + shift, end * scale + shift))

        return replace(self, readings=tuple(map(moved, self.readings)), also=tuple(map(moved, self.also)))


@dataclass(frozen=True, slots=True)
class Part:
    """Where one recording lies in an original, in seconds."""

    start: float
    end: float
    source: str
    recording: str


@dataclass(frozen=True, slots=True)
class Case:
    """An original, a release made of it, and what was done; ``expected`` is the outcome that a check should tell."""

    name: str
    seed: int
    condition: str
    original: Path
    release: Path
    truth: tuple[Truth, ...]
    parts: tuple[Part, ...]
    expected: Outcome
    seconds: float
    """Length of the release."""
