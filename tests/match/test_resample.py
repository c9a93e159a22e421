"""The resampler: lengths, tones, aliases, and that pieces of any size give the same sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vectors.make import noise
from wholetape.match.params import PRINT
from wholetape.match.resample import Resampler, kernel, resample, sane

RATES = (2000, 4000, 7999, 8000, 8001, 11025, 16000, 22050, 32000, 44100, 44101, 48000, 96000, 192000)
rates = st.sampled_from(RATES)


def full_scale(count, seed=1):
    return noise(count, seed, 20000).astype(np.float32) / np.float32(32768)


def tone(rate, hertz, seconds=0.5):
    return np.cos(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate).astype(np.float32)


def pieces(sound, cuts):
    edges = [0, *sorted(min(cut, len(sound)) for cut in cuts), len(sound)]
    return [sound[a:b] for a, b in pairwise(edges)]


@given(rates, st.integers(0, 3000))
@example(44100, 1)
@example(192000, 1)
def test_n_samples_become_n_times_8000_by_the_rate_rounded_up(rate, count):
    assert len(resample(np.zeros(count, np.float32), rate)) == -(-count * 8000 // rate)


@pytest.mark.parametrize("rate", [r for r in RATES if r >= 8000])
@pytest.mark.parametrize("hertz", [0, 100, 1000, 3000, 3400])
def test_a_tone_that_a_phone_carries_stays_as_it_is_without_delay(rate, hertz):
    made = resample(tone(rate, hertz), rate)
    inner = slice(200, len(made) - 200)
    assert made[inner] == pytest.approx(tone(8000, hertz)[: len(made)][inner], abs=0.002)


@pytest.mark.parametrize(("rate", "hertz"), [(2000, 700), (4000, 1500), (7999, 3000)])
def test_a_lower_rate_is_filled_up_without_images(rate, hertz):
    made = resample(tone(rate, hertz), rate)
    inner = slice(400, len(made) - 400)
    assert made[inner] == pytest.approx(tone(8000, hertz)[: len(made)][inner], abs=0.002)


@pytest.mark.parametrize("rate", [11025, 16000, 44100, 48000, 96000])
def test_what_8_khz_cannot_hold_is_gone_not_folded_back(rate):
    made = resample(tone(rate, 5000), rate)
    assert np.abs(made[200:-200]).max() < 1e-4


@settings(max_examples=60)
@given(rates, st.integers(0, 4000), st.lists(st.integers(0, 4000), max_size=8))
def test_the_size_of_the_pieces_does_not_matter(rate, count, cuts):
    sound = full_scale(count)
    whole = resample(sound, rate)
    machine = Resampler(rate)
    parts = [machine.feed(piece) for piece in pieces(sound, cuts)]
    assert np.concatenate((*parts, machine.finish())) == pytest.approx(whole, abs=1e-6)


def test_of_long_sound_little_is_held_back():
    machine = Resampler(44100)
    made = sum(len(machine.feed(full_scale(4410, seed))) for seed in range(20))
    assert made > 16_000 - 100
    assert len(machine._buffer) < 1000


def test_a_copy_goes_on_by_itself():
    sound = full_scale(9000)
    machine = Resampler(44100)
    head = machine.feed(sound[:4000])
    other = machine.copy()
    quiet = np.concatenate((head, machine.feed(np.zeros(5000, np.float32)), machine.finish()))
    went_on = np.concatenate((head, other.feed(sound[4000:]), other.finish()))
    assert went_on == pytest.approx(resample(sound, 44100), abs=1e-6)
    assert np.abs(quiet[1000:]).max() == 0


def test_the_kernel_is_a_sinc_that_ends_after_24_periods():
    t = np.arange(-30, 31, dtype=np.float64)
    assert kernel(t, 8000) == pytest.approx((t == 0).astype(float), abs=1e-15)
    assert np.all(kernel(np.array([-24.0, 24.0, 24.5, 100.0]), 8000) == 0)
    assert kernel(np.zeros(1), 16000)[0] == pytest.approx(0.5)
    assert kernel(np.zeros(1), 4000)[0] == pytest.approx(1.0)


@given(st.lists(st.floats(width=32), min_size=1, max_size=50), st.sampled_from([8000, 44100]))
def test_no_float_whatever_becomes_anything_but_a_number(values, rate):
    made = resample(np.array(values, np.float32), rate)
    assert np.isfinite(made).all()
    assert np.abs(made).max() <= 2 * PRINT.loudest


def test_ordinary_samples_are_not_touched():
    sound = full_scale(100)
    assert sane(sound) is sound
    assert sane(np.array([np.nan, np.inf, -np.inf, 2000, -2000, 1], np.float32)).tolist() == [0, 0, 0, 1024, -1024, 1]


@pytest.mark.parametrize("rate", [0, -8000])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(ValueError, match="rate must be positive"):
        Resampler(rate)


@pytest.mark.parametrize("rate", [11025, 16000, 22050, 44100, 44101, 48000, 96000])
def test_no_output_looks_beyond_what_has_arrived(rate):
    """However the sound is cut up: what lies in memory behind it, which may be anything, is never multiplied in."""
    rng = np.random.default_rng(rate)
    for _ in range(12):
        machine = Resampler(rate)
        sound = rng.standard_normal(int(rng.integers(1, 20_000))).astype(np.float32)
        parts, at = [], 0
        while at < len(sound):
            size = int(rng.integers(1, 9_000))
            parts.append(machine.feed(sound[at : at + size]))  # raises where it would look further
            at += size
        parts.append(machine.finish())
        assert np.allclose(np.concatenate(parts), resample(sound, rate), atol=1e-5)
