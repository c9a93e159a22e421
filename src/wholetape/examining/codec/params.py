"""The numbers of the codec history, each with its unit and its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodecParams:
    """Search, tracking and judgement of frame grids."""

    low: float = 300.0
    """Hz; below it a coefficient holds hum and single tones, whose phase is not chance."""
    high: float = 16000.0
    """Hz; above it encoders cut everything off."""
    most: int = 600
    """Coefficients of a bank."""
    floor: float = 0.005
    """Share of a coefficient's power below which it is no smaller: what rounding or another encoding leaves of it."""
    above_rounding: float = 16.0
    """Power against that of rounding to 16 bit below which a coefficient says nothing."""
    window_s: float = 1.0
    """Seconds of one searched window."""
    windows: int = 60
    """Windows searched at the file's own rate; spread over longer files."""
    other_windows: int = 6
    """Windows searched first at each other rate."""
    peak: float = 6.5
    """Robust deviations over all offsets from which an offset is followed up; never-coded speech stays below 5.5."""
    peak_without_best: float = 4.5
    """The same with the most telling eighth of the spectrum left out: a single tone does not reach it."""
    least_spread: float = 20.0
    """The least spread over all offsets, as of 400 coefficients: of fewer, single ones would stand out."""
    grids: int = 8
    """Offsets of one bank that are followed through the file."""
    apart: int = 2
    """Samples within which two offsets are one grid: their evidence overlaps."""
    block_s: float = 0.1
    """Seconds whose frames are judged together when a grid is followed."""
    dispersion: float = 1.6
    """Variance of the evidence in blocks of never-coded speech, in units of independent coefficients."""
    short_z: float = 4.0
    """Deviations in its short windows from which a frame counts as cut into them."""
    short_rest: float = 2.5
    """The same without the most telling window: a click looks alike in one, but not in all."""
    short_more: float = 2.0
    """By how many more deviations than the long one they must show it."""
    switch: float = 14.0
    """Nats that must speak for a change between on and off."""
    run_s: float = 0.5
    """Shortest stretch that counts as carrying a grid."""
    run_z: float = 9.0
    """Deviations by which such a stretch must stand out, on each side of a break."""
    other_z: float = 5.0
    """The most by which the other side's grid may stand out in it."""
    stay_s: float = 2.0
    """Seconds for which each side of a break must carry its grid: a change of tempo shifts it more often."""
    each_s: float = 4.0
    """Seconds for each of three or more grids below which their changes are none of an editor's."""
    layers: int = 4
    """Encodings, about as clear as the clearest, from which on the grids are a muddle, and no break is told."""
    comparable: float = 0.25
    """Share of the clearest one's deviations from which an encoding is about as clear."""
    faint: float = 3.3
    """Robust deviations over all offsets from which an offset's lattice is looked at."""
    faint_grids: int = 3
    """Offsets of one bank whose lattice is looked at, at another rate than the file's own, of which all are."""
    faint_around: int = 4
    """Samples beside an offset among which its lattice may lie: zeros in speech of a narrow band are vague."""
    chance_windows: int = 8
    """Windows from which it is learnt how well chance fits a lattice."""
    lattice: float = 1.0
    """Weight of all lattices of a frame beside all of its zeros."""
    beside: int = 8
    """Samples beside a grid within which zeros show it, too."""
    real: float = 0.5
    """Share of the other's deviations by lattices from which a fainter grid at a related rate is no ghost."""
    rounds: int = 3
    """How often further grids are looked for in what no grid explains."""
    gap_s: float = 20.0
    """The longest stretch without either grid that a break may have between its sides."""


CODEC = CodecParams()
RATES = (48000, 44100, 32000, 24000, 22050, 16000)
"""Rates at which recordings are encoded, Hz."""
