"""All numbers of transcribing, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateParams:
    """When a voice begins and ends. Frames have 30 ms, the longest that WebRTC's detector takes."""

    frame: float = 0.03
    """Seconds of a frame."""
    strictness: int = 2
    """WebRTC's mode, 0 to 3: noise and hum rarely pass at 2, and speech rarely does not."""
    level_db: float = -62.0
    """Level below full scale under which a frame is silent: 16 bit noise, not a voice."""
    spread_db: float = 3.0
    """Decibels between the softest and the loudest tenth of an utterance's frames: hum and steady noise, which the
    detector takes for a voice when they are loud, have less than 1; speech has 20, and in loud noise still 5."""
    begin: int = 4
    """Frames with a voice, of the last six, that begin an utterance."""
    end: int = 16
    """Frames without that end it: half a second, longer than a stop within a word."""
    around: int = 9
    """Frames kept before and after: soft sounds at the edges of words lie there."""
    long: int = 400
    """Frames, 12 s, after which a short pause ends an utterance, too: memory and time of a decoder grow with length."""
    pause: int = 5
    """Frames of such a pause."""
    longest: int = 800
    """Frames, 24 s, after which it is cut at its softest place."""


@dataclass(frozen=True, slots=True)
class SphinxParams:
    """pocketsphinx: how much it searches. Measured: ``python -m eval.quote --engine``."""

    active_states: int = 3000
    """States a frame that are followed: the default of 30,000 takes four times as long on a noisy meeting."""
    active_words: int = 20
    """Words a frame that may end."""
    sure: float = 0.0
    """Posterior under which a word is left out; none is: a doubtful word still helps to find the place."""


GATE = GateParams()
SPHINX = SphinxParams()
