"""The numbers of the search for copied passages, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyParams:
    """Search over the fingerprint's frames of 10 ms, then judgement of the sound at 8 kHz."""

    apart: int = 150
    """Frames between a passage and its copy at least: nearer, speech resembles itself."""
    step: int = 4
    """Frames between two that are looked up: the shortest passage, a second, holds a dozen."""
    long_step: int = 12
    """The same in files of more than ``long_s`` seconds."""
    long_s: float = 1500.0
    bits: int = 17
    """Of 64 that may differ between a frame and its copy: a low Opus and half a frame's shift change about ten."""
    above_floor: int = 10
    """Steps of 0.75 dB above the floor from which a frame is looked up: near-silence decoded from Opus repeats."""
    lag_slack: int = 1
    """Frames by which the lag of one copy's frames may differ."""
    together: int = 56
    """Frames within which hits at one lag belong together."""
    hits: int = 3
    """Hits that make a candidate."""
    most: int = 200
    """Candidates that are judged."""
    frame_hits: int = 24
    """Hits of one frame beyond which it says nothing: it is of a kind that fills the file."""
    window_s: float = 0.05
    """Seconds over which both places' samples are correlated."""
    hop_s: float = 0.01
    shortest_s: float = 0.6
    """Shortest passage told: shorter ones may be one vowel said twice."""
    quiet: float = 0.25
    """Amplitude against the passage's louder windows from which a window counts fully: encodings alter pauses most."""
    like_loud: float = 0.3
    """Least correlation of a loud window that speaks for the passage; half of the loud windows' own, if more."""
    like_quiet: float = 0.25
    """The same of a window in a pause: between other places it stays below 0.15."""
    against_quiet: float = 0.3
    """Weight of a quiet window that speaks against: encoders replace pauses by other noise."""
    exact: float = 0.9
    """Score from which samples alone tell the ends: no encoder replaced the pauses."""
    agree: float = 20.0
    """Of 64 bits that may differ in frames of a pause that belongs to the passage; by chance 32 do."""
    together_frames: int = 5
    """Frames whose bits are counted together for that."""
    well_inside: int = 7
    """Frames within the passage at which the count begins."""
    frame_reach: int = 3
    """Frames by which the passage goes on beyond the last that agrees: such hold other sound for half their length."""
    line: float = 3.0
    """Times the usual beside it above which a line of the spectrum is a steady tone, and is taken down to that."""
    score: float = 0.62
    """Correlation of both places' samples, over the whole passage, from which they are one passage."""
    second: float = 0.72
    """Share of the best lag's correlation that any other lag may reach: a tone or a hum reaches all of it."""
    periodic: float = 0.6
    """Correlation with itself, 30 ms or more later, beyond which a passage is a tone or a noise of a machine."""


COPY = CopyParams()
