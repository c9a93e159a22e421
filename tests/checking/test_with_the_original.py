"""A check against the original itself: the same answers as from its print, and places to about a millisecond."""

from __future__ import annotations

import numpy as np
import pytest

from tests.checking.desk import RATE, check, ffmpeg, meeting, near, noise, save, silence, splice, stranger, told, tone
from wholetape.findings import Kind, Outcome
from wholetape.match.gaps import Content
from wholetape.match.secondlook import established
from wholetape.match.timeline import Foreign

CODECS = {
    "aac": (".m4a", ("-c:a", "aac", "-b:a", "48k")),
    "mp3": (".mp3", ("-c:a", "libmp3lame", "-b:a", "32k")),
    "louder and equalised": (
        ".m4a",
        (
            "-af",
            "acompressor=threshold=-20dB:ratio=3,equalizer=f=1000:g=6:w=1:t=o,volume=1.6",
            "-c:a",
            "aac",
            "-b:a",
            "64k",
        ),
    ),
}


@pytest.fixture(scope="module")
def original(room):
    return save(room / "original.wav", meeting())


@pytest.fixture(params=CODECS)
def released(request, tmp_path, original):
    """``released(sound)``: what a check of its copy against the original tells."""
    suffix, words = CODECS[request.param]

    def go(sound):
        release = ffmpeg(save(tmp_path / "edited.wav", sound), tmp_path / f"release{suffix}", *words)
        return check(release, original)

    return go


def test_a_copy_is_whole(released):
    result = released(meeting())
    assert result.outcome is Outcome.WHOLE, told(result)


def test_a_cut_is_placed_to_a_few_milliseconds_on_both_clocks(released):
    result = released(splice(meeting(0, 14.6), meeting(15.35)))
    assert [str(e.kind) for e in result.edits] == ["cut"], told(result)
    assert near(result.edits[0].release, 14.6, 14.6, within=0.004), told(result)
    assert near(result.edits[0].reference, 14.6, 15.35, within=0.004), told(result)


def test_other_words_in_place_of_words(released):
    result = released(splice(meeting(0, 14.6), stranger(0.25, 3.4), meeting(14.85)))
    assert [str(e.kind) for e in result.edits] == ["replaced"], told(result)
    assert near(result.edits[0].release, 14.6, 14.85, within=0.03), told(result)


def test_an_insertion_misses_nothing_of_the_original(released):
    result = released(splice(meeting(0, 14.6), stranger(0.3, 3.2), meeting(14.6)))
    assert [str(e.kind) for e in result.edits] == ["inserted"], told(result)
    assert near(result.edits[0].release, 14.6, 14.9, within=0.006), told(result)


@pytest.mark.parametrize("sound", [silence(0.4), tone(0.4)], ids=["silence", "bleep"])
def test_a_mute(released, sound):
    result = released(splice(meeting(0, 14.6), sound, meeting(15.0)))
    assert [str(e.kind) for e in result.edits] == ["muted"], told(result)
    assert near(result.edits[0].release, 14.6, 15.0, within=0.03), told(result)


def test_two_microphones_are_compared_each_with_its_own(tmp_path, two_microphones):
    left, right = two_microphones
    original = save(tmp_path / "stereo.wav", left, right)
    assert check(original, original).outcome is Outcome.WHOLE
    edited = splice(right[: 14 * RATE], stranger(0.4), right[round(14.4 * RATE) :])
    result = check(save(tmp_path / "edited.wav", left, edited), original)
    assert [(str(e.kind), e.where) for e in result.edits] == [("replaced", "channel 2")], told(result)
    assert near(result.edits[0].release, 14.0, 14.4, within=0.004), told(result)


def test_several_originals_are_the_sessions_of_one_meeting(tmp_path):
    parts = [save(tmp_path / f"{k}.wav", meeting(20 * k, 20 * k + 20)) for k in range(2)]
    result = check(save(tmp_path / "both.wav", meeting()), *parts)
    assert result.outcome is Outcome.WHOLE, told(result)


LOUD = 14.62
"""Seconds into the meeting at which somebody speaks."""


def test_a_word_of_80_ms_that_the_print_alone_may_miss(released):
    result = released(splice(meeting(0, LOUD), stranger(0.08, 3.45), meeting(LOUD + 0.08)))
    assert result.outcome is Outcome.EDITED, told(result)
    assert {str(e.kind) for e in result.edits} <= {"replaced", "muted"}, told(result)
    assert near(result.edits[0].release, LOUD, LOUD + 0.08, within=0.05), told(result)


def test_a_mute_of_80_ms_within_a_word(released):
    result = released(splice(meeting(0, LOUD), silence(0.08), meeting(LOUD + 0.08)))
    assert [str(e.kind) for e in result.edits] in (["muted"], ["replaced"]), told(result)  # MP3 fills it with noise
    assert near(result.edits[0].release, LOUD, LOUD + 0.08, within=0.05), told(result)


def test_a_moment_that_only_the_waveform_parts_is_unverified_where_an_encoder_may_have_made_it():
    moment = Foreign(1000.0, 1060.0, Content.SILENT, 20.0)
    assert established(moment) == Foreign(1000.0, 1060.0, Content.MASKED, 20.0)
    faint = Foreign(1000.0, 1090.0, Content.OTHER, 21.0)
    assert established(faint) == Foreign(1000.0, 1090.0, Content.MASKED, 21.0)


@pytest.mark.parametrize(("milliseconds", "evidence"), [(80, 35.0), (120, 21.0)])
def test_a_word_that_is_longer_or_surely_absent_is_an_edit(milliseconds, evidence):
    word = Foreign(1000.0, 1000.0 + milliseconds, Content.SILENT, evidence)
    assert established(word) == word


@pytest.mark.parametrize("milliseconds", [8, 15])
def test_a_cut_shorter_than_a_frame_of_the_print(tmp_path, original, milliseconds):
    seconds = milliseconds / 1000
    edited = save(tmp_path / "edited.wav", splice(meeting(0, LOUD), meeting(LOUD + seconds)))
    result = check(ffmpeg(edited, tmp_path / "release.m4a", "-c:a", "aac", "-b:a", "64k"), original)
    assert [str(e.kind) for e in result.edits] == ["cut"], told(result)
    assert near(result.edits[0].reference, LOUD, LOUD + seconds, within=0.005), told(result)


def scrambled(sound):
    """``sound`` with the size of its spectrum in every moment, but not its waves: what a forger of signs arrives at."""
    size, hop = 256, 64
    rng = np.random.default_rng(11)
    out = np.zeros(len(sound) + size)
    window = np.hanning(size)
    for at in range(0, len(sound) - size, hop):
        spectrum = np.fft.rfft(sound[at : at + size] * window)
        out[at : at + size] += np.fft.irfft(np.abs(spectrum) * np.exp(2j * np.pi * rng.random(len(spectrum)))) * window
    out = out[: len(sound)]
    return np.asarray(out * np.sqrt(np.mean(sound**2) / np.mean(out**2)), np.float32)


def test_sound_that_fits_the_print_but_not_the_original_is_never_whole(tmp_path, original):
    release = save(
        tmp_path / "r.wav", splice(meeting(0, LOUD), scrambled(meeting(LOUD, LOUD + 0.6)), meeting(LOUD + 0.6))
    )
    result = check(release, original)
    assert result.outcome in (Outcome.UNDECIDED, Outcome.EDITED), told(result)
    touched = [s for s in result.spans if s.kind is not Kind.KEPT]
    assert touched, told(result)
    assert all(s.release.seconds[0] >= LOUD - 0.2 and s.release.seconds[1] <= LOUD + 0.8 for s in touched), told(result)


def test_noise_laid_over_the_original_is_no_edit(tmp_path, original):
    sound = meeting().copy()
    sound[14 * RATE : 17 * RATE] += noise(3.0, 0.3 * float(np.sqrt(np.mean(sound**2))))
    result = check(save(tmp_path / "release.wav", sound), original)
    assert not result.edits, told(result)
