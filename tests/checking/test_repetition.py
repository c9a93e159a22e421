"""Recordings that repeat themselves: jingles, hold music, long silence. Unedited they are whole; a cut is that cut."""

from __future__ import annotations

import numpy as np
import pytest

from eval import ffmpeg
from eval.conditions import AAC64
from tests.checking.conftest import print_of
from tests.checking.desk import RATE, meeting, near, one_edit, save, silence, splice, spoken, told, tune
from wholetape.checking import check
from wholetape.findings import Outcome


def jingles():
    """A jingle of 3.2 s at 0, 9.2, 18.4 and 27.6 s of speech, and at its end."""
    jingle = spoken("speech/ljspeech-LJ001-0009.flac")[: round(3.2 * RATE)]
    talk = [part for k in range(4) for part in (jingle, meeting(6 * k, 6 * k + 6))]
    return splice(*talk, jingle)


def music(seconds):
    """A bar of 2 s, over and over."""
    rng = np.random.default_rng(1)
    time = np.arange(RATE // 4) / RATE
    notes = [220 * 2 ** (rng.integers(0, 12) / 12) for _ in range(8)]
    bar = np.concatenate(
        [sum(np.sin(2 * np.pi * f * h * time) / h for h in (1, 2, 3, 5)) * np.exp(-5 * time) for f in notes]
    )
    return np.tile(bar * 0.2, int(seconds / 2) + 1)[: round(seconds * RATE)].astype(np.float32)


RECORDINGS = {
    "jingles": jingles,
    "hold music": lambda: splice(meeting(0, 8), music(20), meeting(8, 16)),
    "only music": lambda: music(20),
    "long silence": lambda: splice(meeting(0, 8), silence(15), meeting(8, 20)),
    "one second over and over": lambda: np.tile(meeting(5, 6), 20),
}


@pytest.fixture(scope="module")
def prints(room):
    return {name: print_of(save(room / f"{name}.wav", make())) for name, make in RECORDINGS.items()}


@pytest.mark.parametrize("name", RECORDINGS)
def test_unedited_it_is_whole(checked, prints, name):
    result = checked(RECORDINGS[name](), against=[prints[name]])
    assert result.outcome is Outcome.WHOLE, told(result)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("jingles", 5.0, 6.0),
        ("jingles", 10.0, 10.8),
        ("jingles", 18.4, 21.6),
        ("hold music", 4.0, 5.0),
        ("hold music", 15.0, 15.7),
        ("long silence", 4.0, 4.9),
    ],
)
def test_a_cut_is_that_cut(checked, prints, name, start, end):
    sound = RECORDINGS[name]()
    release = splice(sound[: round(start * RATE)], sound[round(end * RATE) :])
    result = checked(release, against=[prints[name]])
    [edit] = [e for e in result.edits if e.confidence >= 0.9]
    assert str(edit.kind) == "cut", told(result)
    assert len(result.edits) == 1
    assert edit.reference.seconds[1] - edit.reference.seconds[0] == pytest.approx(end - start, abs=0.02)
    assert near(edit.release, start, start, 0.05)


def test_a_passage_between_two_jingles_is_found_at_its_place(checked, prints):
    sound = jingles()
    result = checked(sound[round(12.4 * RATE) : round(27.6 * RATE)], against=[prints["jingles"]])
    assert result.outcome is Outcome.EXCERPT
    assert [m.reference.seconds for m in result.missing] == [
        pytest.approx((0, 12.4), abs=0.03),
        pytest.approx((27.6, 40), abs=0.03),
    ]


@pytest.mark.parametrize(("seconds", "name"), [(18, "hold music"), (10, "long silence")])
def test_less_of_what_repeats_itself_is_not_whole(checked, prints, seconds, name):
    middle = music(seconds) if name == "hold music" else silence(seconds)
    rest = meeting(8, 16) if name == "hold music" else meeting(8, 20)
    result = checked(splice(meeting(0, 8), middle, rest), against=[prints[name]])
    assert result.outcome in (Outcome.UNDECIDED, Outcome.EDITED)
    [edit] = result.edits
    assert str(edit.kind) == "cut"


def test_a_moment_of_digital_silence_at_the_ends_is_kept(checked, tmp_path):
    sound = splice(silence(2), meeting(0, 10), silence(2))
    result = checked(sound, against=[save(tmp_path / "reference.wav", sound)])
    one = result.outcome
    assert one is Outcome.WHOLE, told(result)


def test_a_stutter_of_speech_in_a_recording_with_jingles_is_one_repeat(checked, prints):
    sound = jingles()
    at = round(5.6 * RATE)
    release = splice(sound[:at], sound[at - round(0.7 * RATE) : at], sound[at:])
    one_edit(checked(release, against=[prints["jingles"]]), "repeated", (5.6, 6.3), (4.9, 5.6))


@pytest.mark.parametrize(
    ("seed", "note", "beside"), [(1, 0.349, 5.1), (3, 0.349, 5.1), (8, 0.349, 1.0), (8, 0.35, 5.1)]
)
def test_hold_music_between_two_frames_does_not_jump_from_one_round_to_another(tmp_path, seed, note, beside):
    sound = splice(meeting(0, 12), tune(seed, note), meeting(12, 24))
    cut = splice(sound[: 4 * RATE], sound[round((5 + beside / 1000) * RATE) :])
    printed = print_of(save(tmp_path / "reference.wav", sound))
    release = tmp_path / "release.m4a"
    ffmpeg.encode(save(tmp_path / "release.wav", cut), release, AAC64)
    [edit] = check(release, printed, jobs=1).edits
    assert str(edit.kind) == "cut"
    assert near(edit.release, 4.0, 4.0, 0.02)
