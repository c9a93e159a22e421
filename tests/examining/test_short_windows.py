"""Frames that an encoder cut into short windows count for its grid, and for no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.examining.conftest import load, save
from tests.media.conftest import ffmpeg
from wholetape.examining.codec.grid import MONO, Grid, Transform
from wholetape.examining.codec.track import follow
from wholetape.examining.sound import Take

FORMS = {
    "mp3": (".mp3", ("-b:a", "64k"), "long", 576, 47, 192),
    "aac": (".m4a", ("-b:a", "64k"), "kbd", 1024, 0, 128),
}
"""By codec: suffix, words for ffmpeg, window, hop, first frame as ffmpeg reads it again, step of short windows."""
RATE = 44100
ONSETS = tuple(0.53 + 0.31 * k for k in range(15))


@pytest.fixture(scope="module")
def clapped(tmp_path_factory):
    """``clapped(codec)``: five seconds of noise with sudden onsets, encoded, then 300 samples cut off; (n,)."""
    folder = tmp_path_factory.mktemp("clapped")

    def make(codec):
        rng = np.random.default_rng(5)
        sound = 1e-3 * rng.standard_normal(5 * RATE)
        for onset in ONSETS:
            at = round(onset * RATE)
            fall = np.exp(-np.arange(2000) / 150) * rng.standard_normal(2000)
            sound[at : at + 2000] += 0.3 * fall
        suffix, words = FORMS[codec][:2]
        path = folder / f"clapped{suffix}"
        ffmpeg("-i", save(folder / f"{codec}.wav", sound.astype(np.float32), RATE), *words, path)
        return load(path, RATE)[300:]

    return make


def track(path, codec, offset, known=()):
    transform = Transform(codec, FORMS[codec][2], RATE)
    with Take(path) as take, ThreadPoolExecutor(2) as pool:
        take.fill()
        grids = [Grid(transform, MONO, offset % FORMS[codec][3], 10.0)]
        others = [Grid(transform, MONO, other % FORMS[codec][3], 20.0) for other in known]
        return follow(take, grids, 0.0, take.seconds, pool, known=others)[0]


def shown(track):
    """How many frames show the grid."""
    return int((track.sums >= 4 * np.sqrt(1.6 * np.maximum(track.counts, 1))).sum())


@pytest.mark.parametrize("codec", ["mp3", "aac"])
def test_an_onset_shows_the_grid_by_the_short_windows_into_which_it_was_cut(codec, clapped, tmp_path, monkeypatch):
    path = save(tmp_path / "decoded.wav", clapped(codec), RATE)
    true = FORMS[codec][4] - 300
    seen = shown(track(path, codec, true))
    monkeypatch.setattr(Transform, "short_bank", lambda self, heard: None)
    assert seen >= shown(track(path, codec, true)) + len(ONSETS)


@pytest.mark.parametrize("codec", ["mp3", "aac"])
def test_elsewhere_short_windows_show_nothing(codec, clapped, tmp_path):
    path = save(tmp_path / "decoded.wav", clapped(codec), RATE)
    for move in (10, 64, 201):
        assert shown(track(path, codec, FORMS[codec][4] - 300 + move)) <= 2


@pytest.mark.parametrize("codec", ["mp3", "aac"])
def test_where_short_windows_cannot_part_two_grids_they_count_for_the_clearer_one(codec, clapped, tmp_path):
    path = save(tmp_path / "decoded.wav", clapped(codec), RATE)
    true = FORMS[codec][4] - 300
    other = true + FORMS[codec][5]
    assert shown(track(path, codec, other)) > len(ONSETS) // 2  # were nothing known
    assert shown(track(path, codec, other, known=[true])) <= 2


@pytest.mark.parametrize("codec", ["mp3", "aac"])
def test_clicks_that_were_never_coded_are_no_short_windows(codec, tmp_path):
    rng = np.random.default_rng(6)
    sound = 1e-3 * rng.standard_normal(5 * RATE)
    for onset in ONSETS:
        sound[round(onset * RATE)] += 0.9
    path = save(tmp_path / "clicks.wav", sound.astype(np.float32), RATE)
    for offset in range(0, 576, 29):
        seen = track(path, codec, offset)
        assert shown(seen) <= 2
        assert seen.z(0.0, 5.0) < 4
