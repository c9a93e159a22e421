"""Every number of the second look, with the original's sound."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaveParams:
    """Edges placed by the waveform. Lengths are samples of 8 kHz unless a name says otherwise."""

    order: int = 10
    spots: int = 24
    spot: int = 4000
    """of the predictor that whitens, and of the places in the release from which it is made"""
    low_hz: float = 3300.0
    low_taps: int = 20
    """of the low-pass before everything: what lies near half the sampling rate has no phase to compare"""
    taps: int = 16
    """either side of the filter: 2 ms, for equalisers and resamplers"""
    smooth: int = 81
    """over which powers are averaged: 10 ms"""
    silence: float = 1e-9
    """mean square below which nothing is heard (-90 dBFS)"""
    stands_out: float = 6.0
    """times the root mean square of the others that the correlation at the right place must reach"""
    least: float = 0.02
    """residual power by predicted power that is always allowed: between samples nothing is exact"""
    most: float = 3.0
    """nats that one sample can cost more where it should follow than where it is foreign: codecs have accidents"""
    fit: int = 16_000
    """beside an edge, from which is learnt how the release follows"""
    more_fit: int = 64_000
    """the same where that is too quiet"""
    least_fit: int = 640
    guard: int = 240
    """next to an edge that are left out of that: where it lies is what is asked"""
    reach: int = 200
    """by which the print's offset may be off: 25 ms"""
    parts: int = 10
    """levels of predicted power for which the usual residual is counted"""
    loud: int = 4
    """of these, the loudest, in which speech is"""
    faithful: float = 0.5
    """residual power by predicted power up to which the waveform can tell an edge"""
    edge: int = 1600
    """around the print's edge within which the waveform's is sought: 200 ms"""
    joint: int = 8000
    """up to this length both edges of foreign sound are sought together"""
    bare: int = 80
    """foreign sound shorter than this, 10 ms, is not believed where the print heard more"""
    same: int = 200
    """of the original missing beside foreign sound, up to which nothing is: 25 ms"""


WAVE = WaveParams()


@dataclass(frozen=True, slots=True)
class AbsentParams:
    """Stretches in which the original is not heard. Lengths are frames of 10 ms; presence is 1 for a perfect copy.

    Of 120,000 windows of copies by AAC 48k, MP3 32k and a social network, the least present had 0.37, one in 10,000
    less than 0.56, half more than 0.93; in those of other sound it was 0.11 at most.
    """

    bands: int = 16
    low_hz: float = 250.0
    high_hz: float = 3300.0
    window: int = 5
    """over which presence is measured: with the 32 ms of a frame, 82 ms"""
    sure_ms: float = 65.0
    """Shorter ones, 31 to 62 ms, an encoder makes of a moment of sound: seven in 30 h of unedited copies."""
    faint_ms: float = 100.0
    faint: float = 32.0
    """Shorter ones than that, of fewer nats, it makes too: of 72 and 83 ms, with 24 and 21 nats, in 42 h."""
    edge: int = 3
    """beside an edge that was found, where windows hold both sides"""
    chunk: int = 400
    """over which one filter is fitted"""
    least: int = 30
    drift_ms: float = 0.5
    """that the offset may move within a stretch; beyond, each chunk is asked for its own"""
    sample: int = 60
    """chunks from which it is learnt how present the original usually is"""
    faithful: float = 0.7
    """median presence from which on a copy keeps the waveform; below, its absence means nothing"""
    share: float = 0.4
    most: float = 0.3
    """presence below this share of the median, and below this, is absence"""
    audible_db: float = 25.0
    """below the loud part by so much, sound is not missed"""
    missed_db: float = 12.0
    """by which a copy has less than the original where nothing can lie over it: it was turned down"""
    depth_db: float = 30.0
    """below a band's mean power from which it does not count any more"""
    heard: float = 0.15
    """share of the bands that must count"""
    beside: int = 60
    """on either side of a stretch, where the filter is learnt, and where the original must be heard well"""
    clear: float = 0.75
    """share of the usual presence beside it, below which noise lies over all: then its absence is doubtful"""
    held: float = 2.0
    """nats a frame up to which the print agrees that the reference may be absent; speech that follows scores 5"""
    doubt: int = 10
    """frames of absence, though the print fits, that are doubtful: the signs may have been forged"""


ABSENT = AbsentParams()


@dataclass(frozen=True, slots=True)
class StepParams:
    """Steps of the offset within a stretch. Lengths are samples of 8 kHz unless a name says otherwise."""

    least_ms: float = 3.0
    """from one window to the next: clocks that run apart move gradually, and those set right now and then by less"""
    window: int = 4000
    """from which an offset is learnt"""
    margin: int = 240
    reach: int = 80
    faithful: float = 0.3
    """residual power by predicted power up to which an offset is believed"""
    told_ms: float = 5.0
    """from which a step ahead is told as a cut"""


STEPS = StepParams()
