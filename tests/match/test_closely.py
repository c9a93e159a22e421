"""Edges placed by the waveform: to a millisecond where the copy keeps it, and left alone where it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.checking.desk import meeting, stranger
from wholetape.match.closely import closely
from wholetape.match.gaps import Content
from wholetape.match.original import Original
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign
from wholetape.match.waveform import Release, lay

SPAN = 8 * 8000


def at_8k(sound):
    """Every second sample is enough here: what lies above 4 kHz folds down in both alike."""
    return np.asarray(sound[::2], np.float32)


@pytest.fixture(scope="module")
def original():
    return at_8k(meeting(0, 20))


def reader(sound):
    return lambda a, b: sound[a:b]


def on_axis(sound):
    return Original(((reader(sound), len(sound)),), (0,))


def placed(pieces, release, original) -> list[Any]:
    return list(closely(pieces, Release.of(reader(release), len(release)), on_axis(original)))


def held(start, end, offset, off=0.0):
    """A stretch in samples, its edges ``off`` ms wrong, its offset told by the print to whole frames."""
    first, last, diagonal = round(start / 80), round(end / 80), round(offset / 80)
    return Held(((first, last, diagonal),), start / 8 + off, end / 8 + off, (offset / 8 - 10 * diagonal))


def noisy(sound, level, seed=3):
    """With noise as far below it everywhere as a codec's."""
    power = np.convolve(sound**2, np.ones(80) / 80, "same")
    noise = np.random.default_rng(seed).standard_normal(len(sound)) * np.sqrt(power) * level
    return np.asarray(sound + noise, np.float32)


@pytest.mark.parametrize("level", [0.0, 0.03, 0.1])
@pytest.mark.parametrize("off", [-30.0, 25.0])
def test_a_cut_is_placed_to_two_milliseconds(original, level, off):
    release = noisy(np.concatenate((original[:64_321], original[72_345:])), level)
    pieces = [held(0, 64_321, 0, off), held(64_321, len(release), 8024, off)]
    first, second = placed(pieces, release, original)
    assert abs(first.end_ms - 64_321 / 8) <= 2
    assert first.end_ms == second.start_ms
    assert second.offsets == (8024 / 8, 8024 / 8)


@pytest.mark.parametrize("level", [0.0, 0.1])
def test_other_words_over_a_word_are_placed_at_both_ends(original, level):
    release = original.copy()
    a, b = 51_200, 52_000
    release[a:b] = at_8k(stranger(0.1, 3.4))[: b - a]
    release = noisy(release, level)
    pieces = [held(0, a, 0, -15), Foreign(a / 8 - 15, b / 8 + 20, Content.OTHER, 40.0), held(b, len(release), 0, 20)]
    _, word, _ = closely(pieces, Release.of(reader(release), len(release)), on_axis(original))
    assert abs(word.start_ms - a / 8) <= 4
    assert abs(word.end_ms - b / 8) <= 4


def test_of_an_insertion_nothing_is_missing_and_both_edges_are_found_as_one(original):
    word = at_8k(stranger(0.4, 3.2))
    release = noisy(np.concatenate((original[:51_200], word, original[51_200:])), 0.1)
    end = 51_200 + len(word)
    pieces = [
        held(0, 51_200, 0, 20),
        Foreign(51_200 / 8 + 20, end / 8 + 20, Content.OTHER, 40.0),
        held(end, len(release), -len(word), 20),
    ]
    before, found, after = placed(pieces, release, original)
    assert abs(found.start_ms - 51_200 / 8) <= 2
    assert found.end_ms - found.start_ms == len(word) / 8
    assert before.ref_end_ms == after.ref_start_ms


def test_equalising_and_another_loudness_are_no_residual(original):
    shaped = np.convolve(original, np.array([0.05, -0.2, 0.7, -0.2, 0.05]), "same").astype(np.float32) * np.float32(0.4)
    laid = lay(Release.of(reader(shaped), len(shaped)), on_axis(original), 30_000, 46_000, 16.0, 200)
    assert laid is not None
    assert laid.lag == 0
    assert laid.ratio <= 0.02


def test_other_sound_follows_nothing(original):
    other = at_8k(stranger(4.0, 1.0))
    laid = lay(Release.of(reader(other), len(other)), on_axis(original), 1000, 17_000, 0.0, 200)
    assert laid is None or laid.ratio > 0.5


def test_where_the_copy_does_not_keep_the_waveform_edges_stay_as_the_print_told_them(original):
    rng = np.random.default_rng(7)
    spectrum = np.fft.rfft(np.concatenate((original[:64_000], original[72_000:])))
    spectrum = np.abs(spectrum) * np.exp(2j * np.pi * rng.random(len(spectrum)))
    release = np.asarray(np.fft.irfft(spectrum), np.float32)
    pieces = [held(0, 64_000, 0, 12.0), held(64_000, len(release), 8000, 12.0)]
    first, second = closely(pieces, Release.of(reader(release), len(release)), on_axis(original))
    assert (first.end_ms, second.start_ms) == (pieces[0].end_ms, pieces[1].start_ms)


def test_silence_tells_nothing_and_breaks_nothing(original):
    release = np.zeros(32_000, np.float32)
    pieces = [held(0, 16_000, 0), held(16_000, 32_000, 800)]
    assert closely(pieces, Release.of(reader(release), len(release)), on_axis(original)) == pieces
