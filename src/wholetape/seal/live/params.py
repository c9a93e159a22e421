"""The numbers of recording."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveParams:
    """How a recording is cut, and what is an event in it."""

    context: float = 0.15
    """seconds of sound behind a segment that its rows of the print need: 9 frames, half a window, a level byte"""
    stall: float = 2.0
    """seconds without sound, from a source that does not wait, that are recorded as a gap"""
    clock_step: float = 0.5
    """seconds by which the wall clock may leave the steady one before that is recorded"""
    together: int = 10
    """encrypted segments whose ciphertext one leaf commits to: one a second would double the size of a seal"""
    warm_up: int = 2
    """seconds of sound that the print listens to again when a recording goes on after a crash"""
    early: int = 3600
    """leaves between earlier cosigned heads that travel with the seal: an hour"""
    stamp_after: int = 10
    """segments after which authorities are asked to stamp the head: parties who follow are there by then"""
    poll: float = 0.1
    """seconds between two looks at what others ask"""


LIVE = LiveParams()
WAV, AGE = "recording.wav", "sound.age"
PRINT, SEAL = "recording.print", "recording.seal"
JOURNAL, COPY = "journal", "journal.copy"
