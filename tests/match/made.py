"""Signals and frames that tests of the alignment are built from: noise that never repeats, and its tracks."""

from __future__ import annotations

import numpy as np

from wholetape.match.bands import Frames, FrameStream, join
from wholetape.match.printfile import ALL_CHANNELS, Track
from wholetape.match.score import Axis, Scorer
from wholetape.match.trace import probe

HZ = 8000


def babble(seconds: float, seed: int) -> np.ndarray:
    """Noise whose spectrum and loudness change as speech's do, at 8 kHz."""
    rng = np.random.default_rng(seed)
    count = round(seconds * HZ)
    sound = np.zeros(count)
    knots = np.arange(0, count + 800, 800)
    for centre in (350, 600, 1000, 1600, 2400, 3100):
        gain = np.interp(np.arange(count), knots, rng.uniform(0, 1, len(knots)) ** 2)
        phase = np.cumsum(2 * np.pi * (centre + 0.2 * centre * rng.standard_normal(count)) / HZ)
        sound += gain * np.sin(phase)
    return np.asarray(0.1 * sound + 0.001 * rng.standard_normal(count), np.float32)


def cut(sound: np.ndarray, start: float, end: float) -> np.ndarray:
    """Seconds [start, end) of ``sound``."""
    return sound[round(start * HZ) : round(end * HZ)]


def frames_of(sound: np.ndarray) -> Frames:
    stream = FrameStream()
    return join([stream.feed(sound), stream.finish()])


def axis_of(*sounds: np.ndarray) -> Axis:
    """The references ``sounds`` on one axis."""
    return Axis.of([Track.of(frames_of(sound), 0, ALL_CHANNELS) for sound in sounds])


def scorer_of(release: np.ndarray, *references: np.ndarray) -> Scorer:
    """A scorer that has counted its error rates on ``release`` itself."""
    scorer = Scorer(frames_of(release), axis_of(*references))
    stretches, _ = probe(scorer)
    scorer.adopt(scorer.estimate(stretches))
    return scorer
