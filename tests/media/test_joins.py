"""A stretch continues another where their overlap says so, and nowhere else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholetape.media.joins import continuation

RATE = 8000
KNOWN: dict = {"rate": RATE, "exact": True, "noise": False}


def noise(count, seed=0, channels=2):
    return np.random.default_rng(seed).standard_normal((channels, count)).astype(np.float32) * np.float32(0.1)


@given(off=st.integers(-80, 80), cut=st.integers(900, 3000))
def test_the_place_is_found_wherever_time_stamps_strayed(off, cut):
    sound = noise(4000)
    assert continuation(sound[:, cut - 800 : cut], sound, cut + off, 80, **KNOWN) == cut


def test_the_place_is_not_looked_for_beyond_the_slack():
    sound = noise(4000)
    assert continuation(sound[:, 1200:2000], sound, 2081, 80, **KNOWN) is None
    assert continuation(sound[:, 1200:2000], sound, 1919, 80, **KNOWN) is None


@pytest.mark.parametrize("channel", [0, 1])
def test_one_wrong_bit_in_one_channel_is_no_proof(channel):
    sound = noise(4000)
    tail = sound[:, 1200:2000].copy()
    tail[channel, 400] = np.nextafter(tail[channel, 400], np.float32(1))
    assert continuation(tail, sound, 2000, 80, **KNOWN) is None


@pytest.mark.parametrize(
    "sound", [np.zeros((2, 4000), np.float32), np.tile(noise(40), (1, 100))], ids=["silence", "hum"]
)
def test_sound_that_repeats_itself_proves_nothing_unless_time_stamps_are_exact(sound):
    tail = sound[:, 1200:2000]
    assert continuation(tail, sound, 2000, 80, rate=RATE, exact=False, noise=False) is None
    assert continuation(tail, sound, 2000, 80, rate=RATE, exact=True, noise=False) == 2000


def test_an_overlap_that_is_not_there_is_no_proof():
    sound = noise(4000)
    assert continuation(sound[:, :800], sound, 10, 80, **KNOWN) is None
    assert continuation(sound[:, 3200:], sound[:, :3300], 4000, 80, **KNOWN) is None
    assert continuation(sound[:, :0], sound, 2000, 80, **KNOWN) is None


def voice(count, rate=44100):
    time = np.arange(count) / rate
    return np.tile(sum(np.sin(2 * np.pi * k * 140 * time + k) / k for k in range(1, 20)) * 0.2, (2, 1)).astype(
        np.float32
    )


def high_noise(count, seed, rate=44100):
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((2, count)))
    spectrum[:, np.fft.rfftfreq(count, 1 / rate) < 5000] = 0
    return (np.fft.irfft(spectrum, count) * 0.02).astype(np.float32)


def test_other_random_noise_in_high_bands_is_accepted_only_where_the_codec_makes_it_and_stamps_are_exact():
    sound, one, two = voice(20000), high_noise(20000, 1), high_noise(20000, 2)
    tail, ahead = (sound + one)[:, 5590:10000], sound + two

    def answer(exact, noise):
        return continuation(tail, ahead, 10000, 5, rate=44100, exact=exact, noise=noise)

    assert answer(exact=True, noise=True) == 10000
    assert answer(exact=True, noise=False) is None
    assert answer(exact=False, noise=True) is None


def test_other_sound_in_low_bands_is_never_accepted():
    tail = voice(20000)[:, 5590:10000]
    assert continuation(tail, voice(20000)[:, ::-1].copy(), 10000, 5, rate=44100, exact=True, noise=True) is None
