"""Two recordings of one meeting: what the truth says of one clock holds on the other, and rooms are rooms."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from eval.corpus import build_case
from eval.meeting import automatic_gain, reclocked, record_meeting, turns
from eval.records import from_error
from eval.shoebox import Box, decay_s, place, response
from eval.sound import write
from eval.truth import EARLIER, LATER, Part
from wholetape.findings import Kind

RATE = 8000


def test_sound_comes_as_late_and_as_weak_as_the_way_is_long() -> None:
    box = Box((6.0, 5.0, 3.0), 0.3)
    talker, microphone = np.array([1.0, 1.0, 1.2]), np.array([4.0, 1.0, 1.2])
    heard = response(box, talker, microphone, RATE, np.random.default_rng(1))
    first = int(np.flatnonzero(heard)[0])
    assert first == int(3.0 / 343 * RATE)
    assert heard[first] + heard[first + 1] == pytest.approx(1 / 3, rel=0.02)


@pytest.mark.parametrize("rt60_s", [0.25, 0.6])
def test_a_room_rings_as_long_as_it_is_said_to(rt60_s: float) -> None:
    rng = np.random.default_rng(2)
    box = Box((6.0, 5.0, 3.0), rt60_s)
    heard = response(box, place(box, rng, (1.0, 1.7)), place(box, rng, (0.7, 1.2)), RATE, rng)
    assert decay_s(heard, RATE) == pytest.approx(rt60_s, rel=0.1)


def test_a_clock_that_runs_fast_takes_more_samples_of_the_same_sound() -> None:
    time = np.arange(40 * RATE) / RATE
    tone = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    scale = 1 - 1e-4
    other = reclocked(tone, scale)
    expected = np.sin(2 * np.pi * 440 * scale * np.arange(len(other)) / RATE)
    assert len(other) > len(tone)
    assert np.abs(other[100:-100] - expected[100:-100]).max() < 0.01


def test_turns_tile_the_meeting_and_change_in_pauses() -> None:
    rng = np.random.default_rng(3)
    spoken = np.tile(np.repeat([1.0, 0.0], [RATE, RATE // 4]), 40)
    sound = (0.1 * spoken * rng.standard_normal(len(spoken))).astype(np.float32)
    spans = turns(sound, RATE, rng)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(sound)
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    assert len(spans) > 3
    assert all(spoken[start] == 0 for start, _ in spans[1:])


def test_automatic_gain_takes_out_its_share_of_a_difference_that_lasts() -> None:
    rng = np.random.default_rng(4)
    track = rng.standard_normal(60 * RATE) * np.repeat([0.05, 0.2, 0.05], 20 * RATE)
    after = track * automatic_gain(track, RATE, 0.5)
    quiet, loud = np.std(after[10 * RATE : 20 * RATE]), np.std(after[30 * RATE : 40 * RATE])
    assert 20 * np.log10(loud / quiet) == pytest.approx(0.5 * 20 * np.log10(4), abs=0.5)


def test_both_recorders_heard_the_same_moment_when_the_truth_says_so() -> None:
    rng = np.random.default_rng(6)
    sound = np.zeros(60 * RATE, np.float32)
    clicks = (np.arange(10, 50, 5) * RATE).astype(int)
    sound[clicks] = 0.9
    pair = record_meeting(sound, RATE, (Part(0.0, 60.0, "clicks", ""),), rng)
    peaks = [int(np.abs(pair.second[a : a + 5 * RATE]).argmax()) + a for a in range(12 * RATE, 40 * RATE, 5 * RATE)]
    for peak in peaks:
        there = peak / RATE * pair.scale + pair.shift
        near = pair.first[round((there - 1) * RATE) : round((there + 1) * RATE)]
        assert abs(int(np.abs(near).argmax()) / RATE - 1) < 0.06  # ways of some metres, reflections that add up


def test_what_only_the_release_has_is_told_and_does_not_make_the_case_an_edited_one(
    tmp_path: Path, encoders: Callable[..., None]
) -> None:
    encoders("flac", "aac")
    rng = np.random.default_rng(5)
    for folder, name in (("corpus", "a--1"), ("foreign", "b--1")):
        (tmp_path / folder).mkdir()
        loudness = np.repeat(rng.uniform(0.01, 1, 400), RATE // 5)
        write(tmp_path / folder / f"{name}.wav", 0.1 * loudness * rng.standard_normal(len(loudness)), RATE)
    for seed in (1, 2, 4, 6):
        case = build_case(seed, "two_microphones", tmp_path / "corpus", tmp_path / str(seed), minutes=1)
        longer = [t for t in case.truth if t.how in (EARLIER, LATER)]
        assert all(t.kind is Kind.INSERTED and t.seconds < 8.01 for t in longer)
        record = from_error(case, "", 1, "", "print")
        assert record.edited == (seed % 2 == 1)
        for truth in case.truth:
            assert all(0 <= r.release[0] <= r.release[1] <= case.seconds + 0.1 for r in truth.readings)
