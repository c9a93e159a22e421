"""A case is what its seed says, and its truth lies where the release's decoded samples put it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval import ffmpeg
from eval.compose import compose
from eval.conditions import CONDITIONS
from eval.corpus import build_case, find_speech
from eval.grids import CODEC
from eval.knowing import towards
from eval.room import Room, impulse_response, through_a_room
from eval.run import Job, build
from eval.slack import same_after_shift
from eval.sound import read, recordings, source_of, write
from wholetape.findings import Kind, Outcome

RATE = 16000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources of noise in syllables, and a third one as foreign sound, beside them."""
    place = tmp_path_factory.mktemp("speech")
    rng = np.random.default_rng(5)
    for where, names in (("corpus", ("a--1", "a--2", "b--1", "b--2")), ("foreign", ("c--1",))):
        (place / where).mkdir()
        for name in names:
            loudness = np.repeat(rng.uniform(0.01, 1, 150), RATE // 5)
            write(place / where / f"{name}.wav", 0.1 * loudness * rng.standard_normal(len(loudness)), RATE)
    return place / "corpus"


def test_recordings_are_told_by_source(folder: Path) -> None:
    assert {source_of(p) for p in recordings(folder)} == {"a", "b"}
    assert source_of(Path("ami-trn01.flac")) == "ami"


def test_foreign_sound_never_comes_from_the_sources_of_the_corpus(folder: Path) -> None:
    beside = find_speech(folder)
    assert {source_of(p) for p in beside.foreign} == {"c"}
    within = find_speech(folder, folder.parent / "nowhere")
    assert not {source_of(p) for p in within.corpus} & {source_of(p) for p in within.foreign}


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no recordings"):
        find_speech(tmp_path)


def test_no_recording_is_in_an_original_twice(folder: Path) -> None:
    sound, parts, _ = compose(recordings(folder), 99, RATE, np.random.default_rng(1))
    names = [p.recording for p in parts]
    assert sorted(names) == sorted(set(names))
    assert len(sound) == round(parts[-1].end * RATE)


def test_repeated_stretches_are_the_same_sample_for_sample_and_kept_from_edits(folder: Path) -> None:
    sound, parts, kept = compose(recordings(folder), 99, RATE, np.random.default_rng(1), repeats=True)
    repeated = [p for p in parts if p.source == "repeated"]
    assert len(repeated) == len(kept) > 0
    for part, (start, end) in zip(repeated, kept, strict=True):
        assert start < part.start * RATE < part.end * RATE < end
    assert len(sound) == round(parts[-1].end * RATE)


def test_the_same_seed_builds_the_same_case(folder: Path, tmp_path: Path, encoders: Callable[..., None]) -> None:
    encoders("flac", "pcm_s16le")
    one = build_case(1, "wav", folder, tmp_path / "one", minutes=1)
    two = build_case(1, "wav", folder, tmp_path / "two", minutes=1)
    assert one.truth == two.truth
    assert one.release.read_bytes() == two.release.read_bytes()
    assert one.original.read_bytes() == two.original.read_bytes()


def test_an_unedited_case_has_no_truth_and_is_whole_or_an_excerpt(
    folder: Path, tmp_path: Path, encoders: Callable[..., None]
) -> None:
    encoders("flac", "pcm_s16le")
    case = build_case(2, "wav", folder, tmp_path, minutes=1)
    assert case.truth == ()
    assert case.expected in (Outcome.WHOLE, Outcome.EXCERPT)


MUTES = replace(CODEC, weights={"muted": 1.0}, muted=(1000,), spacing_s=(2.5, 3.5))


@pytest.mark.parametrize("condition", [c for c in CONDITIONS if c not in ("repeats",) and not CONDITIONS[c].knowing])
def test_silence_lies_where_the_truth_says_whatever_the_way_to_the_release(
    folder: Path, tmp_path: Path, condition: str, monkeypatch: pytest.MonkeyPatch, encoders: Callable[..., None]
) -> None:
    arguments = CONDITIONS[condition].encode
    encoders("flac", arguments[arguments.index("-c:a") + 1])
    monkeypatch.setitem(CONDITIONS, condition, replace(CONDITIONS[condition], grid=MUTES))
    clock = 8000
    checked = 0
    case = build_case(1, condition, folder, tmp_path, minutes=0.6)
    release = ffmpeg.decode(case.release, clock)
    for truth in case.truth:
        start, end = (round(t * clock) for t in truth.readings[0].release)
        if truth.kind is Kind.MUTED and truth.how != "bleep":
            within = release[start + clock // 3 : end - clock // 25]  # a room rings on, social loudness swells
            around = np.concatenate([release[start - clock // 3 : start], release[end : end + clock // 3]])
            assert np.std(within) < 0.5 * np.std(around)
            assert np.std(release[end + clock // 25 : end + clock // 3]) > 2 * np.std(within)
            checked += 1
    assert checked


def test_a_room_keeps_the_clock_and_has_the_reverberation_it_is_said_to_have() -> None:
    rng = np.random.default_rng(1)
    room = Room(noise_below_db=80)
    response = impulse_response(room, RATE, rng)
    direct, tail = response[0] ** 2, np.sum(response[1:] ** 2)
    assert 10 * np.log10(direct / tail) == pytest.approx(room.direct_to_reverberant_db, abs=0.1)
    decay = 10 * np.log10(np.cumsum(response[::-1] ** 2)[::-1])
    early, late = int(0.05 * RATE), int(0.25 * RATE)
    assert (decay[early] - decay[late]) / 0.2 == pytest.approx(60 / room.rt60_s, rel=0.1)
    click = np.zeros(RATE, np.float32)
    click[4000] = 1.0
    assert int(np.argmax(np.abs(through_a_room(click, RATE, rng, room)))) == 4000


def test_a_cut_slides_as_far_as_the_silence_on_both_of_its_sides() -> None:
    sound = np.random.default_rng(1).standard_normal(4 * RATE).astype(np.float32)
    assert same_after_shift(sound, RATE, 2 * RATE, RATE) == (0.0, 0.0)
    for around in (RATE, 2 * RATE):
        sound[around - RATE // 10 : around + RATE // 20] = 0
    earlier, later = same_after_shift(sound, RATE, 2 * RATE, RATE)
    assert earlier == pytest.approx(0.1, abs=0.003)
    assert later == pytest.approx(0.05, abs=0.003)


def test_an_encoders_delay_is_measured(folder: Path, tmp_path: Path, encoders: Callable[..., None]) -> None:
    encoders("flac", "pcm_s16le")
    sound = read(recordings(folder)[0], 8000)
    late = np.concatenate([np.zeros(100, np.float32), sound])
    write(tmp_path / "late.wav", late, 8000)
    assert ffmpeg.shift_of(sound, tmp_path / "late.wav", 8000) == pytest.approx(100 / 8000)


def test_a_kept_case_is_used_again_unless_it_was_built_in_another_way(
    folder: Path, tmp_path: Path, encoders: Callable[..., None]
) -> None:
    encoders("flac", "pcm_s16le")
    job = Job("wav", 1, folder, None, 0.5, "print", tmp_path)
    first = build(job)
    first.release.write_bytes(b"kept")
    assert build(job) == first
    assert first.release.read_bytes() == b"kept"
    build(replace(job, minutes=0.4))
    assert first.release.read_bytes() != b"kept"


def test_a_shaped_word_has_the_band_levels_of_its_model() -> None:
    rng = np.random.default_rng(1)
    word = rng.standard_normal(RATE).astype(np.float32) * 0.1
    model = np.repeat(rng.uniform(0.02, 0.5, 10), RATE // 10).astype(np.float32) * rng.standard_normal(RATE) * 0.1
    shaped = towards(word, model.astype(np.float32), RATE, 1.0)

    def level(sound: np.ndarray) -> np.ndarray:
        return np.asarray(10 * np.log10(np.mean(sound.reshape(10, -1) ** 2, axis=1)))

    assert np.abs(level(shaped) - level(model)).mean() < 2
    assert np.abs(level(towards(word, model.astype(np.float32), RATE, 0.0)) - level(word)).max() < 0.5
    assert np.corrcoef(shaped, word)[0, 1] > 0.5
