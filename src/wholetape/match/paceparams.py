"""Every number of the search for stretches at another speed within a release."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaceParams:
    """Stretches at another speed within a release. Lengths are frames of 10 ms."""

    steady_frames: int = 250
    """a diagonal, or two next to each other, that hold so long: sound at the reference's speed."""
    least_frames: int = 90
    """a shorter stretch is not looked at for its speed."""
    most_frames: int = 60_000
    flattest: float = 0.006
    """least difference of a stretch's speed from 1 that is looked for."""
    steepest: float = 0.25
    """largest one."""
    astray: int = 12
    """frames outside of the diagonals on both sides where a stretch that leads from one to the other may lie."""
    section_frames: int = 250
    """frames from which a line is begun."""
    steps: tuple[float, ...] = (0.0, -0.004, 0.004, -0.008, 0.008, -0.012, 0.012)
    """ratios that are tried around each guess."""
    blind: tuple[float, ...] = (0.9, 0.92, 0.94, 0.96, 0.98, 1.02, 1.04, 1.06, 1.08, 1.1)
    """ratios that are guessed at where a release begins or ends with what was caught nowhere."""
    most_places: int = 160
    """diagonals that are all tried as the places of edits."""
    compared: int = 80
    """frames of the section that are compared."""
    least_z: float = 4.5
    """standard deviations by which the section must stand out on its line."""
    margin: int = 150
    """frames around the region within which its edges may lie."""
    lean_frames: int = 8
    """frames either side of the line that its blocks are tried on."""
    block_frames: int = 60
    block_nats: float = 20.0
    """nats that a block must score to tell its lean."""
    jitter: int = 1
    """frames by which time stretching moves sound about its line."""
    apart: int = 85
    largest_step: int = 6
    """steps no further apart and no larger, in frames, are stretching in time as well when they go"""
    one_way: float = 0.9
    """in one direction by this share of all that they move."""
    least_nats: float = 0.6
    """nats a frame that a stretch must score at its speed."""
    few_frames: float = 5.0
    """frames that a stretch must gain or lose by its speed: less is a cut in sound that says little."""
    margin_share: float = 0.15
    """share of its score by which it must then explain the release better than edits do."""
    many_frames: float = 8.0
    """the same, beyond which it is told from so many small edits."""
    share: float = 0.8
    """share of what the edits explain that its speed must explain then."""
    gradual: float = 0.6
    """share of what it gains or loses that goes by one or two frames at a time, were it edits."""
    least_evidence: float = 15.0
    """nats by which it must explain the release better than edits do where it gains or loses less."""


PACES = PaceParams()
