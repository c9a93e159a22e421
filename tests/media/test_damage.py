"""Damaged packets: decoding goes on, the place is told, and the count of samples is that of the ffmpeg program."""

import os

import numpy as np
import pytest

from tests.media.conftest import ffmpeg_hears
from tests.media.test_clock import POSTED, heard
from wholetape.media.blocks import DamageLog


def spoiled(path, at: float, length: int, seed: int = 1):
    """A copy with ``length`` bytes of noise from the share ``at`` of the file."""
    content = bytearray(path.read_bytes())
    first = int(len(content) * at)
    content[first : first + length] = np.random.default_rng(seed).bytes(length)
    copy = path.with_name(f"spoiled-{length}-{path.name}")
    copy.write_bytes(bytes(content))
    return copy


def shortened(path, share: float):
    copy = path.with_name(f"short-{path.name}")
    content = path.read_bytes()
    copy.write_bytes(content[: int(len(content) * share)])
    return copy


@pytest.mark.parametrize("name", ["lossless.flac", "raw.aac", "screen.mkv", "voice.m4a", "lame.mp3", "chat.ogg"])
def test_noise_in_the_middle_is_damage_in_the_middle_and_nothing_else_is_lost(name, make):
    path = spoiled(make(name, *POSTED[name]), 0.5, 3000)
    samples, decoder = heard(path)
    theirs = ffmpeg_hears(path, decoder.channels)
    assert decoder.damage, "the place is told"
    assert all(1.5 < place.at < 4.5 for place in decoder.damage)
    assert all(place.stream == 0 and place.reason and place.packets >= 0 for place in decoder.damage)
    packet = 4608  # the longest packet among these forms
    assert abs(samples.shape[1] - theirs.shape[1]) <= 2 * packet
    quarter = samples.shape[1] // 4
    assert np.abs(samples[:, :quarter] - theirs[:, :quarter]).max() < 1e-6
    assert np.abs(samples[:, -quarter:] - theirs[:, -quarter:]).max() < 1e-6


@pytest.mark.parametrize(
    "name", ["plain.wav", "lossless.flac", "lame.mp3", "raw.aac", "chat.opus", "page.webm", "phone.amr"]
)
def test_a_file_that_breaks_off_gives_all_sound_up_to_there(name, make):
    path = shortened(make(name, *POSTED[name]), 0.6)
    samples, decoder = heard(path)
    theirs = ffmpeg_hears(path, decoder.channels)
    assert abs(samples.shape[1] - theirs.shape[1]) <= 4608
    count = min(samples.shape[1], theirs.shape[1]) - 4608
    assert np.abs(samples[:, :count] - theirs[:, :count]).max() < 1e-6


@pytest.mark.parametrize("name", ["plain.wav", "lossless.flac"])
def test_an_end_that_is_missing_against_the_header_is_damage(name, make):
    samples, decoder = heard(shortened(make(name, *POSTED[name]), 0.6))
    assert decoder.damage[-1].at == pytest.approx(samples.shape[1] / decoder.rate, abs=0.2)


@pytest.mark.parametrize("name", ["pauses.amr", "pauses.3gp"])
def test_the_frames_that_a_phone_sends_in_a_pause_are_sound_and_no_damage(name, make):
    pause = ("-af", "volume=0.001:enable='between(t,2,5)'")
    phone = ("-c:a", "libopencore_amrnb", "-ar", 8000, "-ac", 1, "-b:a", "12.2k")
    spoken, _ = heard(make("all-" + name, *pause, *phone, seconds=8))
    path = make(name, *pause, *phone, "-dtx", 1, seconds=8)
    samples, decoder = heard(path)
    assert path.stat().st_size < make("all-" + name).stat().st_size - 2000, "the test needs frames without speech"
    assert decoder.damage == ()
    assert samples.shape == spoken.shape, "a pause lasts as long as it did"
    before, after = np.s_[0, 4000:16000], np.s_[0, 41600:60000]
    for place in (before, after):
        assert np.corrcoef(samples[place], spoken[place])[0, 1] > 0.9
    assert np.abs(samples[0, 20000:38000]).max() < 0.01


def test_noise_in_the_pauses_of_a_phone_is_still_damage(make):
    path = spoiled(make("pauses.amr"), 0.8, 200)
    _, decoder = heard(path)
    assert decoder.damage


def test_a_damaged_long_file_is_told_the_same_by_any_number_of_jobs(make):
    path = spoiled(make("long.m4a", "-c:a", "aac", "-b:a", "64k", seconds=75), 0.7, 4000)
    one, first = heard(path, jobs=1)
    two, second = heard(path, jobs=2)
    assert first.damage
    assert first.damage == second.damage
    assert all(45 < place.at < 60 for place in first.damage)
    assert np.array_equal(one, two)
    theirs = ffmpeg_hears(path, 2)
    assert abs(one.shape[1] - theirs.shape[1]) <= 2048


def test_a_file_that_is_damaged_everywhere_still_ends(make):
    path = make("raw.aac", *POSTED["raw.aac"])
    content = bytearray(path.read_bytes())
    noise = np.random.default_rng(3)
    for first in range(2000, len(content), 400):
        content[first : first + 40] = noise.bytes(40)
    wreck = path.with_name("wreck.aac")
    wreck.write_bytes(bytes(content))
    samples, decoder = heard(wreck)
    assert samples.shape[1] > 0
    assert decoder.damage
    assert os.path.getsize(wreck) == len(content)


def test_losses_close_together_are_one_place_and_their_packets_add_up():
    log = DamageLog(stream=2)
    for at in (1.0, 1.1, 1.4):
        log.add(at, 1, "lost")
    log.add(5.0, 1, "lost")
    log.add(5.1, 0, "jumped")
    assert [(place.stream, place.at, place.packets, place.reason) for place in log.all()] == [
        (2, 1.0, 3, "lost"),
        (2, 5.0, 1, "lost"),
        (2, 5.1, 0, "jumped"),
    ]


def test_a_hostile_file_cannot_make_the_list_of_places_endless():
    log = DamageLog(stream=0)
    for number in range(5 * DamageLog.LIMIT):
        log.add(float(number), 1, "lost")
    assert len(log.all()) == DamageLog.LIMIT
    assert sum(place.packets for place in log.all()) == 5 * DamageLog.LIMIT
