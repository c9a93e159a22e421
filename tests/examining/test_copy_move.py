"""A passage that was pasted from elsewhere in the same file is found at both places; nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examining.conftest import SPEECH, load, save
from tests.media.conftest import ffmpeg
from wholetape.examining import examine
from wholetape.examining.copymove.ends import farther
from wholetape.examining.copymove.judge import _best_run, _gain, _without_lines
from wholetape.times import CLOCK_HZ
from wholetape.traces import Verdict

RATE = 16000
FORMS = [
    (".wav", ()),
    (".m4a", ("-ar", "44100", "-b:a", "48k")),
    (".opus", ("-c:a", "libopus", "-b:a", "16k")),
]


def copies(path):
    return [trace for trace in examine(path).traces if trace.name == "copy-move"]


def pasted(start: float, length: float, there: float) -> np.ndarray:
    sound = load(SPEECH, RATE).copy()
    a, n, b = (round(at * RATE) for at in (start, length, there))
    sound[b : b + n] = sound[a : a + n]
    return sound


@pytest.mark.parametrize(("suffix", "words"), FORMS)
def test_both_places_of_a_copy_are_told(tmp_path, suffix, words):
    plain = save(tmp_path / "plain.wav", pasted(9.3, 2.1, 21.127), RATE)
    path = tmp_path / f"pasted{suffix}"
    if words:
        ffmpeg("-i", plain, *words, path)
    else:
        path = plain
    first, second = copies(path)
    assert np.allclose(first.at, (9.3, 11.4), atol=0.05)
    assert np.allclose(first.pair, (21.127, 23.227), atol=0.05)
    assert (second.at, second.pair) == (first.pair, first.at)


def test_samples_that_are_the_same_tell_the_ends_of_a_copy_within_its_pauses(tmp_path):
    rng = np.random.default_rng(4)
    sound = load(SPEECH, RATE).copy()
    hush = rng.integers(-1, 2, 2 * RATE) / 32767
    sound[9 * RATE : 10 * RATE] = hush[:RATE]  # the passage begins and ends in the noise of rounding
    sound[12 * RATE : 13 * RATE] = hush[RATE:]
    a, b, there = round(9.4 * RATE) + 1, round(12.7 * RATE), 21 * RATE + 5
    sound[there : there + b - a] = sound[a:b]
    first, _ = copies(save(tmp_path / "pasted.wav", sound, RATE))
    assert first.details["identical"]
    assert np.allclose((*first.at, *first.pair), np.array((a, b, there, there + b - a)) / RATE, atol=0.0005)


def test_digital_silence_belongs_to_no_copy(tmp_path):
    sound = load(SPEECH, RATE).copy()
    sound[9 * RATE : round(9.5 * RATE)] = 0.0
    sound[20 * RATE : 23 * RATE] = sound[9 * RATE : 12 * RATE]
    first, _ = copies(save(tmp_path / "pasted.wav", sound, RATE))
    assert np.allclose((*first.at, *first.pair), (9.5, 12.0, 20.5, 23.0), atol=0.001)


def test_a_copy_may_reach_the_first_and_the_last_sample(tmp_path):
    sound = load(SPEECH, RATE)[9 * RATE : 23 * RATE].copy()
    sound[-2 * RATE :] = sound[: 2 * RATE]
    first, _ = copies(save(tmp_path / "pasted.wav", sound, RATE))
    assert first.details["identical"]
    assert np.allclose((*first.at, *first.pair), (0.0, 2.0, 12.0, 14.0), atol=0.001)


def test_near_silence_that_opus_repeats_is_no_copy(tmp_path):
    sound = load(SPEECH, RATE).copy()
    sound[4 * RATE : 9 * RATE] *= 0.0005
    sound[15 * RATE : 22 * RATE] *= 0.0005
    ffmpeg("-i", save(tmp_path / "quiet.wav", sound, RATE), "-c:a", "libopus", "-b:a", "16k", tmp_path / "note.ogg")
    result = examine(tmp_path / "note.ogg")
    assert not [trace for trace in result.traces if trace.name == "copy-move"]
    assert result.outcome is not Verdict.INCONSISTENT


def test_a_tone_that_sounds_twice_is_no_copy(tmp_path):
    sound = load(SPEECH, RATE).copy()
    ring = 0.2 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE).astype(np.float32)
    sound[5 * RATE : 7 * RATE] = sound[17 * RATE : 19 * RATE] = ring
    assert not copies(save(tmp_path / "ring.wav", sound, RATE))


def test_a_copy_ends_where_its_pause_does_and_not_with_its_last_word():
    likeness = np.concatenate((np.zeros(60), np.full(80, 0.9), np.full(40, 0.4), np.zeros(60)))
    counts = np.concatenate((np.ones(60), np.ones(80), np.full(100, 0.02)))
    assert _best_run(_gain(likeness, counts, 0.9), slice(80, 120)) == (60, 180)
    likeness[90:110], counts[90:110] = 0, 0.02  # a pause that the encoder replaced is bridged
    assert _best_run(_gain(likeness, counts, 0.9), slice(62, 130)) == (60, 180)


def test_a_steady_tone_is_taken_out_where_ends_are_looked_for():
    noise = np.random.default_rng(2).normal(0, 1, 8 * CLOCK_HZ)
    tone = 3 * np.sin(2 * np.pi * 100 * np.arange(len(noise)) / CLOCK_HZ)
    rest = _without_lines(noise + tone)
    assert abs(rest @ tone) < 0.02 * (tone @ tone)
    assert rest @ noise > 0.95 * (noise @ noise)


@pytest.mark.parametrize(("start", "end", "within"), [(150, 180, 5), (100, 200, 3)])
def test_ends_lie_where_fingerprints_cease_to_agree_and_half_a_frame_of_theirs_at_most_beyond(start, end, within):
    words = np.random.default_rng(3).integers(0, 2**63, 900, np.uint64)
    words[600:700] = words[100:200]
    first, last = farther(words, start * 80, end * 80, 500 * 80)
    assert abs(first - 100 * 80) <= within * 80
    assert abs(last - 200 * 80) <= within * 80


def test_a_passage_at_the_very_ends_of_a_file_stays_within_it():
    words = np.random.default_rng(5).integers(0, 2**63, 300, np.uint64)
    words[200:] = words[:100]
    start, end = farther(words, 20 * 80, 80 * 80, 200 * 80)
    assert 0 <= start <= 5 * 80
    assert 95 * 80 <= end <= 100 * 80
