"""Frames: how many, where, and what survives pieces, loudness and steadiness."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.match.agreement import differing, spoken
from vectors import plain
from vectors.make import noise, sine, wav
from wholetape.checking import make_print
from wholetape.match.bands import (
    FrameStream,
    band_matrix,
    frame_count,
    frames_at,
    frames_of,
    join,
    level_code,
    levels_of,
)
from wholetape.match.params import PRINT


def full_scale(samples):
    return samples.astype(np.float32) / np.float32(32768)


def speech(seconds=3.0):
    return full_scale(spoken("speech/librivox-sonnet-1.flac", 8000, 2, seconds))


def share_that_differs(one, other):
    return len(differing(one.words, other.words)) / (64 * len(one))


@given(st.integers(0, 2000))
@example(79)
@example(80)
@example(81)
def test_a_frame_begins_every_80_samples(count):
    assert len(frames_of(np.zeros(count, np.float32))) == frame_count(count) == math.ceil(count / 80)


@settings(max_examples=60)
@given(st.integers(0, 12_000), st.lists(st.integers(0, 12_000), max_size=8))
def test_the_size_of_the_pieces_does_not_matter(count, cuts):
    sound = full_scale(noise(count, 3, 20000))
    stream, edges = FrameStream(), [0, *sorted(min(cut, count) for cut in cuts), count]
    parts = [stream.feed(sound[a:b]) for a, b in pairwise(edges)]
    pieced, whole = join([*parts, stream.finish()]), frames_of(sound)
    assert len(pieced) == len(whole)
    # sums of other widths are rounded otherwise, which an undecided bit may show
    assert set(differing(pieced.words, whole.words)) <= undecided(sound)
    assert np.array_equal(pieced.tone, whole.tone)
    assert np.abs(pieced.level.astype(int) - whole.level).max(initial=0) <= 1


def undecided(sound):
    margins = plain.margins(plain.band_energies(sound.astype(np.float64))) if len(sound) else np.zeros((0, 64))
    return {(int(i), int(b)) for i, b in np.argwhere(np.abs(margins - plain.THRESHOLD) < 1e-5)}


def test_levels_alone_are_those_of_the_frames():
    sound = full_scale(noise(20011, 2, 9000)) * np.linspace(0, 1, 20011, dtype=np.float32)
    pieces, stream = np.split(sound, [70, 9000]), FrameStream()
    frames = join([*(stream.feed(piece) for piece in pieces), stream.finish()])
    assert np.array_equal(levels_of(pieces), frames.level)
    assert len(levels_of([])) == 0


def test_a_copy_goes_on_by_itself():
    sound = full_scale(noise(9000, 3, 20000))
    stream = FrameStream()
    head = stream.feed(sound[:5000])
    other = stream.copy()
    stream.feed(np.zeros(4000, np.float32))
    went_on = join([head, other.feed(sound[5000:]), other.finish()])
    assert set(differing(went_on.words, frames_of(sound).words)) <= undecided(sound)


def test_the_bands_tile_250_to_3500_hz():
    bands = band_matrix()
    assert bands.shape == (129, 33)
    assert bands.sum() == pytest.approx((3500 - 250) / 31.25, rel=1e-5)
    assert bands.sum(axis=1).max() == pytest.approx(1, abs=1e-6)
    assert np.all(bands[[0, 1, 7, 113, 128]] == 0)


def test_an_event_changes_the_words_around_its_own_time_only():
    sound = speech()
    other = sound.copy()
    other[12_000:12_080] += 0.5
    changed = np.flatnonzero(frames_of(sound).words != frames_of(other).words)
    assert len(changed)
    assert changed.min() >= 150 - 12
    assert changed.max() <= 151 + 12


def test_steady_sound_and_silence_have_words_of_zero():
    for sound in (np.zeros(8000), sine(8000, 8000, 1000, 20000), np.full(8000, 9000)):
        assert not frames_of(full_scale(sound)).words[12:-12].any()


@pytest.mark.parametrize("gain", [0.1, 0.5, 3.0])
def test_loudness_hardly_changes_a_word(gain):
    sound = speech()
    assert share_that_differs(frames_of(sound), frames_of(sound * np.float32(gain))) < 0.05


def test_other_words_agree_no_more_than_coins():
    sound = speech(6)
    half = len(sound) // 2
    assert share_that_differs(frames_of(sound[:half]), frames_of(sound[half:])) == pytest.approx(0.5, abs=0.03)


def test_a_step_of_level_is_three_quarters_of_a_decibel():
    steps = np.arange(60)
    codes = level_code((10 * 2 ** (-steps / 4)).astype(np.float32)).astype(int)
    assert np.abs(codes[0] - codes - steps).max() <= 1
    assert 10 * math.log10(2 ** (1 / 4)) == pytest.approx(0.75, abs=0.01)
    assert level_code(np.array([0, 1e-30, 6144, 1e30], np.float32)).tolist() == [0, 0, 127, 127]


def test_a_bleep_is_a_tone_and_neither_speech_nor_silence_is():
    for hertz in range(260, 3490, 70):
        assert frames_of(full_scale(sine(8000, 8000, hertz, 8000))).tone[3:-3].all()
    assert not frames_of(full_scale(noise(8000, 1, 20000))).tone.any()
    assert not frames_of(np.zeros(8000, np.float32)).tone.any()
    assert frames_of(speech()).tone.mean() < 0.2


def test_planes_tell_how_near_to_turning_a_sign_is():
    sound = speech()
    frames = frames_of(sound)
    margins = np.abs(plain.margins(plain.band_energies(sound.astype(np.float64))))
    low, high = (
        np.unpackbits(plane.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
        for plane in frames.planes
    )
    means = [margins[(low + 2 * high) == k].mean() for k in range(4)]
    assert means == sorted(means)
    assert means[0] < 0.15
    assert means[3] > 1.2


@pytest.mark.parametrize("speed", [0.95, 1.04])
def test_sound_played_at_another_speed_is_framed_as_if_it_were_not(speed):
    sound = speech()
    times = np.arange(int(len(sound) / speed)) * speed
    played = np.interp(times, np.arange(len(sound)), sound).astype(np.float32)
    framed = frames_at(played, speed, resampled=True)
    own = frames_of(sound)
    n = min(len(framed), len(own)) - 20
    assert share_that_differs(framed.slice(20, n), own.slice(20, n)) < 0.15
    assert share_that_differs(frames_of(played).slice(20, n - 20), own.slice(20, n - 20)) > 0.3


@pytest.mark.parametrize("rate", [8000, 44100])
def test_two_equal_channels_have_the_print_of_one(rate, tmp_path):
    sound = spoken("speech/librivox-sonnet-1.flac", rate, 2, 2)
    (tmp_path / "one.wav").write_bytes(wav(rate, sound))
    (tmp_path / "two.wav").write_bytes(wav(rate, sound, sound))
    one, two = make_print(tmp_path / "one.wav"), make_print(tmp_path / "two.wav")
    assert len(one.tracks) == len(two.tracks) == 1
    assert np.array_equal(one.tracks[0].words, two.tracks[0].words)
    assert np.array_equal(one.tracks[0].levels, two.tracks[0].levels)


def test_channels_that_cancel_each_other_are_each_in_the_print(tmp_path):
    sound = spoken("speech/librivox-sonnet-1.flac", 8000, 2, 2)
    (tmp_path / "one.wav").write_bytes(wav(8000, sound))
    (tmp_path / "anti.wav").write_bytes(wav(8000, sound, -sound))
    one, anti = make_print(tmp_path / "one.wav"), make_print(tmp_path / "anti.wav")
    assert [track.channel for track in anti.tracks] == [255, 0, 1]
    assert not anti.tracks[0].words.any()
    for channel in anti.tracks[1:]:
        assert len(differing(channel.words, one.tracks[0].words)) <= 1


def test_the_parameters_are_those_of_the_specification():
    assert (PRINT.rate, PRINT.hop, PRINT.window, PRINT.bands) == (8000, 80, 256, 33)
    assert (PRINT.low, PRINT.high, PRINT.floor, PRINT.least_change) == (250, 3500, 2**-15, 2**-9)
    assert (PRINT.fast_lag, PRINT.slow_smooth, PRINT.slow_lag) == (1, 4, 5)
    assert (PRINT.level_frames, PRINT.tone_share, PRINT.tone_width) == (4, 0.9, 90)
    assert (PRINT.filter_periods, PRINT.loudest) == (24, 1024)
