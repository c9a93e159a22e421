"""A change of speed is recovered as its ratio, whether the pitch went with it or not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import HZ, axis_of, babble
from wholetape.match.params import SPEED
from wholetape.match.score import Scorer
from wholetape.match.speed import Speed, drifting, search_ratio, slope, staircases, warped
from wholetape.match.trace import probe


def played_at(sound, ratio):
    """``sound`` as a tape at another speed gives it."""
    time = np.arange(0, len(sound) - 1, ratio)
    return np.interp(time, np.arange(len(sound)), sound).astype(np.float32)


def reader(sound):
    return lambda start, end: sound[max(0, start) : max(0, end)]


@pytest.mark.parametrize("ratio", [0.97, 1.2])
def test_the_ratio_of_a_tape_is_found(ratio):
    original = babble(14, 1)
    fast = played_at(original, ratio)
    found = search_ratio(reader(fast), [HZ, 5 * HZ, 8 * HZ], axis_of(original))
    assert found is not None
    assert found.resampled
    assert found.ratio == pytest.approx(ratio, abs=0.011)


def test_another_recording_has_no_ratio():
    assert search_ratio(reader(babble(10, 2)), [HZ, 3 * HZ, 6 * HZ], axis_of(babble(14, 1))) is None


@pytest.mark.parametrize("ratio", [0.95, 1.1])
def test_frames_at_the_right_speed_lie_on_one_diagonal(ratio):
    original = babble(12, 1)
    fast = played_at(original, ratio)
    frames = warped(reader(fast), 0, len(fast), Speed(ratio, True))
    assert len(frames) == pytest.approx(1200, abs=3)
    stretches, tried = probe(Scorer(frames, axis_of(original)))
    assert len(stretches) > 0.8 * tried
    assert {abs(d) <= 1 for _, _, d in stretches} == {True}


def stairs(rate, frames, tread=None):
    """Runs whose diagonal moves by ``rate`` frames a frame."""
    tread = tread or round(1 / abs(rate))
    step = 1 if rate > 0 else -1
    return [(at, at + tread, 7 + step * k) for k, at in enumerate(range(0, frames, tread))]


@pytest.mark.parametrize("rate", [0.01, -0.02, 0.004])
def test_a_steady_climb_of_the_diagonal_is_a_slope(rate):
    assert slope(stairs(rate, 4000)) == pytest.approx(rate, rel=0.05)


def test_a_clock_that_drifts_and_a_recording_with_cuts_have_no_slope():
    assert slope(stairs(0.0005, 20000)) == 0.0
    assert slope([(0, 1000, 0), (1000, 3000, 150), (3000, 4000, 900)]) == 0.0
    assert slope([]) == 0.0
    assert drifting(1 + SPEED.drift / 2)
    assert not drifting(1 - SPEED.drift * 2)


def test_staircases_join_what_moves_by_a_step_and_part_at_jumps():
    runs = [(0, 10, 0), (10, 20, 1), (20, 30, 50), (30, 40, None), (40, 50, 50)]
    assert [len(group) for group in staircases(runs)] == [2, 1, 1]


def test_a_stretch_at_another_speed_is_no_slope_of_the_whole():
    climb = [(a + 1000, b + 1000, d - 7) for a, b, d in stairs(0.02, 1200)]
    assert slope([(0, 1000, 0), *climb, (2200, 3000, 24)]) == 0.0
