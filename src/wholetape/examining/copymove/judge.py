"""Whether two places hold the same sound: their samples at 8 kHz, aligned and correlated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.copymove.candidates import Candidate
from wholetape.examining.copymove.ends import farther
from wholetape.examining.copymove.params import COPY
from wholetape.media.spool import Spool
from wholetape.times import CLOCK_HZ

Sound = NDArray[np.float64]
_AROUND = 4 * CLOCK_HZ
"""Samples on either side into which a passage may reach beyond what the fingerprint found."""
_SEARCH = CLOCK_HZ // 20
"""Samples by which the lag may differ from the fingerprint's."""
_FRAME = CLOCK_HZ // 100
_BINS = 64
"""Lines of a spectrum from whose middle one the usual is taken: some 8 Hz."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Samples [``start``, ``end``) at 8 kHz stand again ``lag`` samples later; ``score`` is their correlation.

    ``identical``: both places hold the same samples.
    """

    start: int
    end: int
    lag: int
    score: float
    identical: bool = False


def judge(spool: Spool, words: NDArray[np.uint64], candidate: Candidate) -> Copy | None:
    """The passage around ``candidate`` that stands twice, or None where it does not; ``words``: the fingerprint."""
    first, last = candidate.start * _FRAME, candidate.end * _FRAME
    core = _read(spool, first, last)
    lag = candidate.lag * _FRAME
    there = _read(spool, first + lag - _SEARCH, last + lag + _SEARCH)
    curve = _correlate(there, core)
    best = int(np.argmax(curve))
    if curve[best] < 0.5 * COPY.score:
        return None
    lag += best - _SEARCH
    low, high = max(0, first - _AROUND), min(len(spool) - lag, last + _AROUND)
    here = _read(spool, low, high)
    again = _shifted(_read(spool, low + lag, high + lag), _between(curve, best))
    likeness, weight = _profile(_without_lines(here), _without_lines(again))
    inside = slice((first - low) // int(COPY.hop_s * CLOCK_HZ), (last - low) // int(COPY.hop_s * CLOCK_HZ) + 1)
    loud = weight[inside] >= np.median(weight[inside]) if len(weight[inside]) else weight[inside]
    if not len(loud) or not loud.any():
        return None
    level = float(np.median(likeness[inside][loud]))
    counts = np.minimum(1.0, weight / (COPY.quiet * np.quantile(weight[inside], 0.8) + 1e-9))
    a, b = _best_run(_gain(likeness, counts, level), inside)
    hop = int(COPY.hop_s * CLOCK_HZ)
    start, end = low + a * hop, low + b * hop
    passage = here[start - low : end - low]
    score = _alike(passage, again[start - low : end - low])
    if end - start < COPY.shortest_s * CLOCK_HZ or score < COPY.score or start + COPY.apart * _FRAME > start + lag:
        return None
    if _machine_like(passage) or _elsewhere(spool, passage, start + lag, score):
        return None
    if score < COPY.exact:
        start, end = farther(words, start, end, lag)
    return Copy(start, end, lag, score)


def _read(spool: Spool, start: int, end: int) -> Sound:
    """Samples with low frequencies, in which hum and rumble lie, taken down; zeros outside."""
    a, b = max(0, min(start, len(spool))), max(0, min(end, len(spool)))
    sound = spool.read(a, max(a, b)).astype(np.float64)
    sound = np.pad(sound, (max(0, a - start), max(0, end - b)))
    return np.append(0.0, np.diff(sound))


def _alike(one: Sound, other: Sound) -> float:
    size = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / size) if size > 0 else 0.0


def _correlate(long: Sound, short: Sound) -> Sound:
    """Correlation of ``short`` with each stretch of ``long``."""
    size = 1 << int(np.ceil(np.log2(len(long) + len(short))))
    product = np.fft.irfft(np.fft.rfft(long, size) * np.conj(np.fft.rfft(short, size)), size)
    count = len(long) - len(short) + 1
    energy = np.concatenate(([0.0], np.cumsum(long**2)))
    power = (energy[len(short) :] - energy[: -len(short)])[:count]
    return np.asarray(product[:count] / np.sqrt(np.maximum(power * (short @ short), 1e-9)))


def _between(curve: Sound, best: int) -> float:
    """By how much of a sample the peak of ``curve`` lies beside its largest value, -0.5 to 0.5."""
    if not 0 < best < len(curve) - 1:
        return 0.0
    before, here, after = curve[best - 1 : best + 2]
    bend = before - 2 * here + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _shifted(sound: Sound, by: float) -> Sound:
    """``sound`` as if read ``by`` samples later."""
    spectrum = np.fft.rfft(sound)
    turn = np.exp(2j * np.pi * by * np.arange(len(spectrum)) / max(1, len(sound)))
    return np.asarray(np.fft.irfft(spectrum * turn, len(sound)))


def _profile(here: Sound, again: Sound) -> tuple[Sound, Sound]:
    """Correlation of both in short windows, and how loud they are, every ``COPY.hop_s``."""
    width, hop = int(COPY.window_s * CLOCK_HZ), int(COPY.hop_s * CLOCK_HZ)

    def running(values: Sound) -> Sound:
        total = np.concatenate(([0.0], np.cumsum(np.pad(values, (width // 2, width)))))
        at = np.arange(0, len(values), hop)
        return np.asarray(total[at + width] - total[at])

    cross, one, two = running(here * again), running(here * here), running(again * again)
    return np.asarray(cross / np.sqrt(np.maximum(one * two, 1.0))), np.sqrt(one)


def _gain(likeness: Sound, counts: Sound, level: float) -> Sound:
    """What each window says for (> 0) or against belonging to the passage, whose loud windows are alike by ``level``.

    In a pause little resemblance says enough, for between two other places there is none; that none is seen says less
    there, for encoders replace what is hardly heard.
    """
    quiet = COPY.like_quiet
    gain = likeness - (quiet + counts * (max(COPY.like_loud, 0.5 * level) - quiet))
    return np.where(gain > 0, gain, gain * np.maximum(counts, COPY.against_quiet))


def _without_lines(sound: Sound) -> Sound:
    """``sound`` without steady tones: hum and buzz resemble themselves at any lag, and hide where a copy ends."""
    spectrum = np.fft.rfft(sound)
    size = np.abs(spectrum)
    whole = len(size) // _BINS * _BINS
    if not whole:
        return sound
    middles = np.median(size[:whole].reshape(-1, _BINS), axis=1)
    usual = np.interp(np.arange(len(size)), (np.arange(len(middles)) + 0.5) * _BINS, middles)
    most = COPY.line * np.maximum(usual, 1e-9)
    return np.asarray(np.fft.irfft(spectrum * np.minimum(1.0, most / np.maximum(size, 1e-9)), len(sound)))


def _best_run(gain: Sound, inside: slice) -> tuple[int, int]:
    """The stretch that holds the middle of ``inside`` and gathers most of ``gain``."""
    middle = min(len(gain) - 1, (inside.start + inside.stop) // 2)
    left = np.cumsum(gain[middle::-1])
    right = np.cumsum(gain[middle:])
    return middle - int(np.argmax(left)), middle + int(np.argmax(right)) + 1


def _machine_like(passage: Sound) -> bool:
    """True for tones, hums and other sound that repeats itself at once, whose copy proves nothing."""
    size = 1 << int(np.ceil(np.log2(2 * len(passage))))
    spectrum = np.fft.rfft(passage, size)
    own = np.fft.irfft(spectrum * np.conj(spectrum), size)[: len(passage)]
    far = own[int(0.03 * CLOCK_HZ) : len(passage) // 2]
    return bool(len(far) and far.max() > COPY.periodic * own[0])


def _elsewhere(spool: Spool, passage: Sound, there: int, score: float) -> bool:
    """True when the passage fits nearly as well a little beside its copy, as periodic sound does."""
    reach = CLOCK_HZ // 4
    around = _read(spool, there - reach, there + len(passage) + reach)
    curve = _correlate(around, passage)
    best = int(np.argmax(curve))
    near = int(0.025 * CLOCK_HZ)
    curve[max(0, best - near) : best + near] = 0
    return bool(curve.max(initial=0.0) > COPY.second * score)
