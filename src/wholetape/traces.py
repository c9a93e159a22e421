"""What examining one file established: its outcome, how far each method reached, and the traces. Pure values.

The rules of the outcome live here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The answer of an examination; none of them says that a recording is authentic, or forged."""

    INCONSISTENT = "inconsistent"
    NONE_FOUND = "none-found"
    PROCESSED = "processed"
    NOT_EXAMINABLE = "not-examinable"


class Weight(StrEnum):
    """What a trace does to the outcome."""

    BREAKS = "breaks"
    """Not consistent with one continuous recording."""
    PROCESSED = "processed"
    """Something was done after recording, which says nothing about the content."""
    NOTED = "noted"
    """A place to listen to, or a fact: no conclusion."""


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """How often a trace like this was found where nothing had been edited: ``rate`` among ``n`` of ``material``.

    ``rate`` is the share that was counted; where none was ``seen``, it is the upper 95% bound 3/n.
    """

    rate: float
    n: int
    material: str
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that was seen. ``at`` and ``pair`` are seconds on the file's clock; ``at`` is None for the whole file.

    ``log10_lr`` is None wherever no likelihood ratio was calibrated for the condition. ``details`` holds numbers that
    a program may want: plain JSON values.
    """

    name: str
    at: tuple[float, float] | None
    finding: str
    weight: Weight
    innocent: str
    pair: tuple[float, float] | None = None
    false_alarm: FalseAlarm | None = None
    log10_lr: float | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one ``method`` reached: ``share`` of the sound it could judge, 0 to 1, and ``note``, why not more."""

    method: str
    share: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """Facts of the file: ``duration`` in seconds of sound, ``damage`` one line for each damaged place."""

    path: str
    sha256: str
    duration: float
    container: str
    codec: str
    rate: int
    channels: int
    streams: int
    damage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """All that one examination established. It has no truth value: ask for ``outcome``."""

    outcome: Verdict
    file: ExaminedFile
    coverage: tuple[Reach, ...]
    traces: tuple[Trace, ...]
    history: str = ""
    """The chain of encodings that was inferred, in words; empty where nothing was."""
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError("an Examination is neither true nor false; compare its outcome")


def conclude(traces: Sequence[Trace], coverage: Sequence[Reach]) -> Verdict:
    """The outcome that follows: one break makes it inconsistent; where no method applied, nothing can be said."""
    weights = {trace.weight for trace in traces}
    if Weight.BREAKS in weights:
        return Verdict.INCONSISTENT
    if not any(reach.share > 0 for reach in coverage):
        return Verdict.NOT_EXAMINABLE
    return Verdict.PROCESSED if Weight.PROCESSED in weights else Verdict.NONE_FOUND
