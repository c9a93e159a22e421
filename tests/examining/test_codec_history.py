"""The frame grid of an earlier encoding is found in the samples, and so is the place where a splice breaks it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.examining.conftest import SPEECH, load, save
from tests.media.conftest import ffmpeg
from wholetape.examining import examine
from wholetape.examining.codec.banks import aac_bank, mp3_bank
from wholetape.examining.codec.search import robust
from wholetape.traces import Verdict

CODECS = [
    ("mp3", ".mp3", 16000, ("-b:a", "32k")),
    ("mp3", ".mp3", 44100, ("-b:a", "64k")),
    ("aac", ".m4a", 48000, ("-b:a", "64k")),
]


def named(result, name):
    return [trace for trace in result.traces if trace.name == name]


@pytest.mark.parametrize(("codec", "suffix", "rate", "words"), CODECS)
def test_the_grid_moves_with_the_samples_that_are_cut_off_at_the_head(coded, tmp_path, codec, suffix, rate, words):
    sound = load(coded(suffix, rate, *words), rate)
    offsets = []
    for number, head in enumerate((0, 300)):
        (grid,) = named(examine(save(tmp_path / f"{number}.wav", sound[head : head + 6 * rate], rate)), "codec-grid")
        assert (grid.details["codec"], grid.details["rate"]) == (codec, rate)
        offsets.append(grid.details["offset"])
    assert (offsets[0] - offsets[1]) % (576 if codec == "mp3" else 1024) == 300


@pytest.mark.parametrize(("codec", "suffix", "rate", "words"), CODECS)
def test_a_cut_breaks_the_grid_at_its_place(coded, tmp_path, codec, suffix, rate, words):
    sound = load(coded(suffix, rate, *words), rate)
    first, second = round(5.123 * rate), round(6.5 * rate) + 77
    cut = save(tmp_path / "cut.wav", np.concatenate((sound[:first], sound[second:])), rate)
    result = examine(cut)
    assert result.outcome is Verdict.INCONSISTENT
    (found,) = named(result, "grid-break")
    assert found.at[0] - 0.5 <= 5.123 <= found.at[1] + 0.5
    assert found.details["codec"] == codec


@pytest.mark.parametrize(("codec", "suffix", "rate", "words"), CODECS)
def test_the_same_without_a_cut_is_processed_and_accuses_nobody(coded, tmp_path, codec, suffix, rate, words):
    result = examine(save(tmp_path / "plain.wav", load(coded(suffix, rate, *words), rate), rate))
    assert result.outcome is Verdict.PROCESSED
    assert not named(result, "grid-break")


def test_vorbis_moves_its_own_grid_which_is_neither_a_cut_nor_an_earlier_encoding(coded, tmp_path):
    path = coded(".ogg", 44100, "-c:a", "libvorbis", "-q:a", "2")
    result = examine(path)
    grids = named(result, "codec-grid")
    assert grids
    assert all(grid.details["own"] and grid.details["codec"] == "vorbis" for grid in grids)
    assert len({run["offset"] for grid in grids for run in grid.details["runs"]}) > 1
    assert not named(result, "grid-break")
    decoded = examine(save(tmp_path / "decoded.wav", load(path, 44100)[777:], 44100))
    assert decoded.outcome is Verdict.PROCESSED
    assert {grid.details["codec"] for grid in named(decoded, "codec-grid")} == {"vorbis"}


def test_in_near_silence_where_hardly_a_coefficient_is_judged_no_offset_stands_out():
    rng = np.random.default_rng(1)
    hushed = np.zeros((1, 1024), np.float32)
    hushed[0, 300:310] = 5.0
    usual = (150 * rng.standard_normal((1, 1024))).astype(np.float32)
    usual[0, 77] = 3000.0
    assert robust(hushed).max() < 1
    assert robust(usual).argmax() == 77
    assert robust(usual).max() > 15


def test_a_grid_is_read_through_another_encoding(coded, tmp_path):
    ffmpeg("-i", coded(".m4a", 48000, "-b:a", "64k"), "-b:a", "128k", tmp_path / "again.mp3")
    result = examine(tmp_path / "again.mp3")
    assert result.outcome is Verdict.PROCESSED
    assert result.history == "was AAC at 48 kHz; is MP3 at 48 kHz now"


def test_a_grid_at_44_1_khz_is_read_in_sound_at_22_05_khz(coded, tmp_path):
    ffmpeg("-i", coded(".mp3", 44100, "-b:a", "64k"), "-ar", 22050, tmp_path / "half.wav")
    (grid,) = named(examine(tmp_path / "half.wav"), "codec-grid")
    assert (grid.details["codec"], grid.details["rate"]) == ("mp3", 44100)


def test_speech_that_was_never_coded_carries_no_grid():
    result = examine(SPEECH)
    assert result.outcome is not Verdict.INCONSISTENT
    assert not named(result, "codec-grid")


def test_transforms_of_a_bank_are_those_of_the_standards():
    # A coefficient's filter passes its own frequency most; MP3's and AAC's coefficients are evenly spaced.
    for bank in (mp3_bank(44100, 300, 16000, 40), aac_bank(44100, "kbd", 300, 16000, 40)):
        spectrum = np.abs(np.fft.fft(bank.filters, 1 << 16, axis=1))
        peak = spectrum.argmax(axis=1) * 2 * np.pi / (1 << 16)
        assert np.allclose(peak, bank.angles, atol=0.6 * np.pi / bank.hop)


def test_the_program_writes_what_it_found(coded, tmp_path, capsys):
    from wholetape.cli.main import main

    assert main(["examine", str(coded(".mp3", 16000, "-b:a", "32k")), "--json", str(tmp_path / "out.json")]) == 0
    tree = json.loads((tmp_path / "out.json").read_text())
    assert tree["format"] == "wholetape.examine/v1"
    assert tree["outcome"] == "processed"  # written by ffmpeg
    assert tree["traces"][0]["details"]["own"] is True
    assert "no\ninconsistency found" in capsys.readouterr().out
