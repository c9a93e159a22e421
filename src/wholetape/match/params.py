"""Every number of the print and of the alignment, one frozen dataclass a stage; no number stands anywhere else."""

from __future__ import annotations

from dataclasses import dataclass

from wholetape.times import CLOCK_HZ


@dataclass(frozen=True, slots=True)
class PrintParams:
    """Algorithm 1 of the print. Changing any of these makes another algorithm: see ``docs/spec/print.md``."""

    rate: int = CLOCK_HZ
    """Hz; everything below 3500 Hz survives a phone, and 8 kHz is what a phone keeps."""
    loudest: float = 1024.0
    """full scales; louder samples, which only broken float files hold, count as this, so that no sum overflows."""
    hop: int = 80
    """samples; 10 ms, the print's resolution."""
    window: int = 256
    """samples, periodic Hann; 32 ms keeps a replaced word of 100 ms from being smeared into its neighbours."""
    bands: int = 33
    """logarithmic bands, so 32 differences: half a word."""
    low: float = 250.0
    """Hz; below, loudspeakers and phones are silent, and a 32 ms window cannot tell bands apart."""
    high: float = 3500.0
    """Hz; above, telephone codecs are silent."""
    floor: float = 2.0**-15
    """band energy added before the logarithm: white noise at -70 dBFS; codec dust is no signal."""
    fast_lag: int = 1
    """frames either side: the change over 20 ms places edits best."""
    least_change: float = 2.0**-9
    """nepers a band difference must rise by to count as risen: steady tones would else have rounding errors as bits."""
    slow_smooth: int = 4
    """frames either side of a Hann-shaped mean (9 taps): survives rooms, noise and telephone codecs."""
    slow_lag: int = 5
    """frames either side: the change of the smoothed energies over 100 ms."""
    level_frames: int = 4
    """frames for each level byte (40 ms)."""
    tone_share: float = 0.9
    """share of the energy within ``tone_width``, or within a band and the next, that makes a tone."""
    tone_width: float = 90.0
    """Hz either side of a band's centre: the main lobe of the window."""
    filter_periods: int = 24
    """zero crossings of the resampler's sinc on either side: 3 ms."""


PRINT = PrintParams()


@dataclass(frozen=True, slots=True)
class AlignParams:
    """Alignment of a release with prints. Scores are nats after ``correlation``; lengths are frames of 10 ms."""

    correlation: float = 5.0
    """neighbouring frames share most of their window, so their signs repeat each other about this many times."""
    least_rates: tuple[float, float, float, float] = (0.3, 0.1, 0.02, 0.01)
    """no sign of a reliability class is believed to be better, or one bad frame would outweigh many good ones."""
    least_rates_quiet: tuple[float, float, float, float] = (0.38, 0.25, 0.1, 0.1)
    """the same in silence, where codecs put dust of their own at one place and none at another."""
    level_spread: float = 24.0
    """bins of 3 dB over which the level differences of foreign sound are spread."""
    level_least: float = -2.6
    """nats a frame that a level difference can cost at most."""
    level_repeats: float = 2.5
    """neighbouring frames repeat each other's level about this many times."""
    level_most: float = 0.3
    """nats a frame that it can earn."""
    known_frames: int = 400
    """frames of silence beside silence that must have been counted before their signs are held against a place."""
    gap_frames: int = 400
    """unusable frames between two references on the common axis."""
    jump: float = 14.0
    """nats against going on at another place of a reference."""
    drift: float = 4.0
    """nats against moving by one frame: clocks drift, and offsets fall between frames."""
    leave: float = 11.0
    """nats against leaving the reference for foreign sound, and again against coming back."""
    chunk: int = 3000
    """frames scored at once while a diagonal holds."""
    weak: tuple[tuple[int, float], ...] = ((8, -6.0), (25, -8.0), (100, -4.0))
    """(frames, nats): a window this long scoring less makes the tracker look for an edit there."""
    neighbours: tuple[int, ...] = (-4, -2, -1, 1, 2, 4)
    """diagonals watched beside the one that holds."""
    better: float = 5.0
    """nats by which a neighbour must win over ``neighbour_window`` to be looked at."""
    better_share: float = 0.6
    """share of what the holding diagonal scores by which the very next one must win as well."""
    neighbour_window: int = 60
    margin: int = 60
    """frames before a suspected edit where the exact alignment begins."""
    near: int = 3000
    """frames either side searched before the whole reference is."""
    near_z: float = 5.5
    """standard deviations that make a place found nearby a candidate."""
    far_z: float = 7.0
    """the same for a place found anywhere."""
    all_between: int = 60
    """frames between two diagonals within which all others are tried for what was lost between them."""
    least_lost: int = 15
    most_lost: int = 1000
    """frames that are aligned again so."""
    slide: float = 3.0
    """nats by which another place of a jump must be better than where the tracker found it."""
    holds: float = 10.0
    """nats over ``holds_window`` frames that show the tracker is back on the reference."""
    holds_window: int = 40


ALIGN = AlignParams()


@dataclass(frozen=True, slots=True)
class PhaseParams:
    """Where the release is framed between its frames. Lengths are frames of 10 ms."""

    least_frames: int = 40
    """a stay this long tells how far it lies beside its diagonal"""
    most_frames: int = 3000
    """of a longer one its middle tells"""
    beside: float = 1.15
    """by how much of its own depth one neighbour may be better than the other: more, and a diagonal is not right"""
    keep: float = 0.6
    """frames up to which a stretch stays with the diagonal of the one that it touches"""
    least_samples: int = 10
    """samples (1.25 ms) below which nothing is framed anew"""
    same_samples: int = 8
    """samples (1 ms) within which two stretches that touch are framed alike"""
    context: int = 12
    """frames beside a stretch that its own frames depend on"""
    steps: tuple[int, ...] = (8, 2)
    """samples in which a steady stretch is moved, coarse and fine"""
    places: int = 6
    """of the longest of the runs that follow each other on one diagonal, which are tried for all of them"""


PHASE = PhaseParams()


@dataclass(frozen=True, slots=True)
class KeyedParams:
    """Algorithm 1 of the keyed print, and how a release is held against it."""

    stride: int = 2
    """frames between positions: 20 ms"""
    hop: int = 160
    """samples between positions"""
    frames: int = 16
    """frames around a position: 160 ms"""
    patterns: int = 32
    """signs at each position"""
    block: int = 3000
    """positions computed at once"""
    window: int = 13
    """positions (260 ms) over which signs that differ are counted: a word"""
    levels: tuple[int, ...] = (40, 64)
    """steps of level (0.75 dB) below the loudest moments: down to the first a position is loud, to the second faint"""
    level_share: float = 0.7
    """share of a window's positions that must be so loud"""
    least: tuple[float, ...] = (0.18, 0.24)
    """share of a loud, a faint window's signs that must differ: honest copies reach 0.17 and 0.21"""
    times: tuple[float, ...] = (4.0, 5.0)
    """and so many times what is usual in such windows of this copy: telephone copies reach 3.1 and 4.2 times"""
    worn: float = 0.1
    """usual share above which a copy is too worn to tell (a room's is 0.15)"""


KEYED = KeyedParams()


@dataclass(frozen=True, slots=True)
class EditParams:
    """From the aligned path to edits. Lengths are frames of 10 ms unless a name says otherwise; scores are nats."""

    shortest_run: int = 12
    """a shorter stay at a far place is taken for foreign sound until it is searched for by itself."""
    steady_run: int = 40
    """a stay this long fixes the offset before or behind a small step."""
    relabel_gap: int = 400
    """frames between two stretches that may still be one, when the second place fits the first as well."""
    looks: int = 400
    """frames of a stretch that are looked at before all of them are"""
    relabel_margin: float = 8.0
    """nats that a stretch may lose by being laid where its neighbour continues."""
    passage_evidence: float = 60.0
    """the same in a telephone's copy, for a passage that would stand over as much of the reference."""
    reach: int = 25
    """frames around a lost place within which its edges are sought."""
    long_gap: int = 400
    """beyond this the two edges of foreign sound are placed one by one."""
    simpler: float = 13.0
    """nats that a cut or an insertion may score below two free edges and still be the answer."""
    least_evidence: float = 16.0
    """nats that foreign sound over the reference must explain before it is told."""
    apart_rate: float = 4.0
    """nats a frame of ``clarity.foreign_rate`` below which a copy was heard by another microphone, or in a hall"""
    far_rate: float = 2.0
    """the same for another microphone among several talkers, where confidence is another"""
    far_s: float = 0.5
    """seconds of the shortest edit that can be said to be seen in a copy of a ``foreign_rate`` below"""
    far_sure: float = 26.0
    """nats that a shorter one must explain there, or nothing was established"""
    faint_rate: float = 1.0
    """nats a frame below which no length can be named"""
    talkers: int = 7
    """frames by which one talker may come earlier there than another: microphones 12 m apart, talkers at both ends"""
    clear_rate: float = 7.0
    """nats a frame of ``clarity.foreign_rate`` below which a copy is a telephone's, or worse."""
    phone_over_s: float = 0.3
    """seconds of the shortest replacement or mute that can be said to be seen there"""
    moment_ms: float = 280.0
    moment_evidence: float = 85.0
    """nats that foreign sound shorter than ``moment_ms`` must explain there."""
    worn_sure: float = 100.0
    worn_share_unsure: float = 1.3
    """in copies of less than ``clear_rate``, the share that must be lost where fewer nats than ``worn_sure`` are"""
    mute_evidence: float = 60.0
    """nats that silence or a bleep must explain at most: no codec makes one out of a word"""
    worn_rate: float = 8.0
    worn_share: float = 0.4
    worn_share_phone: float = 0.85
    """share of what foreign sound would lose that must be lost; the second in copies of a ``foreign_rate`` below"""
    witness: int = 600
    """frames on either side of a jump that speak for it."""
    drift_evidence: float = 14.0
    """nats below which a step of up to ``drift_step`` frames is drift after all."""
    drift_step: int = 8
    least_passage_ms: float = 20.0
    """a passage from elsewhere shorter than two frames is where a repeat happens to fit a little better."""
    visit_ms: float = 60.0
    """a passage from elsewhere shorter than this, behind which the release goes on where it was, shows no edit."""
    same_place_ms: float = 5.0
    """how near it then is to where it was."""
    seam_ms: float = 80.0
    """foreign sound shorter than this, where much more is missing, is the seam of a cut."""
    same_ms: float = 25.0
    """two places of a reference this near count as one when nothing else tells them apart."""
    steady_level: int = 6
    """level steps of 0.75 dB: sound that varies less shows no evidence of other content."""
    flat_contrast: int = 30
    """contrast below which a spectrum is noise rather than a voice."""
    above_noise: int = 8
    """level steps (6 dB) above the noise floor that make a frame heard."""
    mute_drop: int = 16
    """level steps (12 dB) below what the reference has there that make silence of it."""
    digital_silence: int = 4
    """level up to which there is no sound at all."""
    gated_share: float = 0.2
    """share of the quiet frames that are digital silence in a release which was gated."""
    tone_share: float = 0.8
    """share of tone frames that make a bleep, when its level is steady."""
    tone_level: int = 4
    """level steps (3 dB) within which a bleep stays, and no voice does."""
    pause_share: float = 0.7
    """share of frames that are quiet on both sides in a pause that stands for a pause."""
    around: int = 800
    below_loud: int = 33
    spoken_share: float = 0.4
    """share of frames that are less than so many level steps (25 dB) below the loud ones of ``around`` frames on either
    side, from which a stretch of the reference is no pause"""
    found_z: float = 6.5
    """standard deviations that make a lost stretch a passage from elsewhere in the references."""
    found_llr: float = 4.0
    """nats that such a passage must score."""
    doubt_window: int = 100
    """frames over which a stretch must show that it follows the reference."""
    alike_nats: float = 40.0
    """nats by which foreign sound would score less in such a window, from which it is the reference, worn as it is"""
    doubt_nats: float = 4.0
    """nats that such a window must score at least."""
    doubt_loud: int = 5
    """loudness class (24 dB below the loud part) from which the reference speaks."""
    doubt_share: float = 0.3
    """share of a window in which it must speak to be missed."""
    head_ms: float = 250.0
    """head or tail below this is encoder delay."""
    clear: float = 40.0
    """nats of evidence at which an edit's confidence is one half more than none."""


EDITS = EditParams()


@dataclass(frozen=True, slots=True)
class SpeedParams:
    """Changes of speed. Ratios are reference seconds per release second."""

    drift: float = 0.0015
    """below this two clocks differ, and nobody changed the speed."""
    ratios: tuple[float, ...] = tuple(round(0.8 + 0.01 * k, 2) for k in range(46))
    """ratios tried when nothing is found at the right speed."""
    long_axis: int = 1_500_000
    """frames of references (four hours) beyond which only ``usual`` changes of speed are searched for."""
    usual: float = 0.061
    """largest change of speed that is searched for in long references."""
    sections: int = 4
    """sections of the release that are tried."""
    section_s: float = 2.5
    """seconds: long enough to stand out, short enough that half a step of ``ratios`` moves it by half a frame."""
    frames: int = 40
    """frames of a section that are compared."""
    noise_z: float = 4.5
    """standard deviations that the best of many wrong places reaches."""
    least: float = 1.5
    """standard deviations above that, a section, that make a ratio the answer."""
    steep: float = 0.009
    """frames per frame from which a changed speed shows within one probe."""
    bent: float = 0.25
    """share of what a stretch moves by which its middle may lie off the line between its ends."""
    agree: float = 0.004
    """slopes this near are the same speed."""
    least_frames: int = 150
    """frames that a slope is measured over."""
    block: int = 20000
    """frames framed at once."""
    straight: float = 2.0
    """frames (RMS) that a diagonal may be off the line of a steady slope."""
    jitter: int = 5
    """frames by which time stretching shifts sound about."""


SPEED = SpeedParams()
