"""Spans of time in integer samples on one clock, and how a person reads them."""

from __future__ import annotations

from dataclasses import dataclass

CLOCK_HZ = 8000
"""Samples per second of the analysis clock: every span of every module counts these."""


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open stretch ``[start, end)`` in samples of ``CLOCK_HZ``; the holder's field name says whose clock."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"span ends before it starts: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """True when the two share at least one sample."""
        return self.start < other.end and other.start < self.end

    @property
    def seconds(self) -> tuple[float, float]:
        """Start and end in seconds."""
        return self.start / CLOCK_HZ, self.end / CLOCK_HZ


def samples(seconds: float) -> int:
    """The sample of the analysis clock nearest to ``seconds``."""
    return round(seconds * CLOCK_HZ)


def timecode(seconds: float) -> str:
    """``h:mm:ss.mmm``, the hours only where there are any: ``1:01.402``, ``2:00:03.000``."""
    millis = round(abs(seconds) * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, part = divmod(rest, 1000)
    sign = "-" if seconds < 0 and millis else ""
    if hours:
        return f"{sign}{hours}:{minutes:02}:{whole:02}.{part:03}"
    return f"{sign}{minutes}:{whole:02}.{part:03}"


def duration(seconds: float) -> str:
    """A length in words a reader takes in at a glance: ``30 ms``, ``12.5 s``, ``4 min 05 s``, ``2 h 03 min``."""
    if seconds < 0.9995:
        return f"{round(seconds * 1000)} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    total = round(seconds)
    if total < 3600:
        return f"{total // 60} min {total % 60:02} s"
    return f"{total // 3600} h {total % 3600 // 60:02} min"
