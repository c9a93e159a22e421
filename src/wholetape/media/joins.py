"""Where one decoded stretch continues another: found by their overlap, and believed only when that agrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wholetape.media.blocks import Samples


@dataclass(frozen=True, slots=True)
class JoinParams:
    """The numbers of a join."""

    overlap_seconds: float = 0.1
    """Sound that must agree on both sides: longer than any frame of any codec that is used with lanes."""
    noise_cutoff_hz: float = 4000.0
    """Encoders put noise in the place of sound above this only (AAC, perceptual noise substitution)."""
    noise_residual: float = 0.1
    """Share of the low band's amplitude by which noise leaking down from above may make both sides differ."""
    silence: float = 1e-3
    """Amplitude, full scale 1, below which a difference says nothing."""


JOINS = JoinParams()


def overlap(rate: int) -> int:
    """Samples that must agree at a join."""
    return int(JOINS.overlap_seconds * rate)


def continuation(
    tail: Samples, ahead: Samples, guess: int, slack: int, *, rate: int, exact: bool, noise: bool
) -> int | None:
    """Index in ``ahead`` of the sample that follows ``tail``, or None when the overlap does not prove it.

    Both have shape (channels, n). ``tail`` must be found sample for sample, bit for bit, ending within ``slack`` of
    ``guess``, and in one place only. Of several places (silence, a tone) the guess itself is taken, provided that the
    time stamps that it comes from are ``exact``. With ``noise`` the decoder may have drawn other random numbers for
    high bands: an exact guess is then taken when the low bands agree.
    """
    length: int = tail.shape[1]
    low, high = max(0, guess - slack - length), guess + slack - length
    if high < low or high + length > ahead.shape[1] or length == 0:
        return None
    begins = (ahead[:, low : high + 1] == tail[:, :1]).all(axis=0)
    ends = (ahead[:, low + length - 1 : high + length] == tail[:, -1:]).all(axis=0)
    candidates = np.flatnonzero(begins & ends)
    found: list[int] = [
        low + c for c in candidates.tolist() if np.array_equal(ahead[:, low + c : low + c + length], tail)
    ]
    if len(found) == 1:
        return found[0] + length
    if exact and guess - length in found:
        return guess
    if (
        exact
        and noise
        and not found
        and guess >= length
        and _low_bands_agree(tail, ahead[:, guess - length : guess], rate)
    ):
        return guess
    return None


def smooth(samples: Samples, width: int) -> npt.NDArray[np.float64]:
    """A cheap low-pass: three running means over ``width`` samples, shape (channels, n - 3 * (width - 1))."""
    out = samples.astype(np.float64)
    for _ in range(3):
        total = np.cumsum(np.pad(out, ((0, 0), (1, 0))), axis=1)
        out = (total[:, width:] - total[:, :-width]) / width
    return out


def _low_bands_agree(a: Samples, b: Samples, rate: int) -> bool:
    width = max(1, int(rate / JOINS.noise_cutoff_hz))
    x, y = smooth(a, width), smooth(b, width)
    difference = np.sqrt(np.mean((x - y) ** 2))
    level = min(np.sqrt(np.mean(x**2)), np.sqrt(np.mean(y**2)))
    return bool(difference <= JOINS.noise_residual * level + JOINS.silence)
