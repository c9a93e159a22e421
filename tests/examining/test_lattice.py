"""Where few coefficients became zero, the others still lie on a lattice: the grid of fine encodings is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from tests.examining.conftest import load, save
from wholetape.examining import examine
from wholetape.examining.codec.grid import MONO, Grid, Transform
from wholetape.examining.codec.lattice import LEAST_Z, Lattice
from wholetape.examining.codec.scalefactorbands import BANDS
from wholetape.examining.sound import Take

FINE = [
    ("mp3", ".mp3", 48000, "long", ("-b:a", "128k"), 1.0),
    ("mp3", ".mp3", 16000, "long", ("-b:a", "64k"), 0.37),
    ("aac", ".m4a", 48000, "kbd", ("-b:a", "64k"), 1.0),
    ("aac", ".m4a", 16000, "kbd", ("-b:a", "64k"), 0.37),
]
FIRST = {"mp3": 47, "aac": 0}
"""Where the grid of a file that ffmpeg wrote and read again begins."""


def deviations(path, transform, offset):
    with Take(path) as take:
        take.fill()
        starts = [float(k) for k in range(int(take.seconds) - 1)]
        return Lattice(take, transform, MONO, starts).best_near(Grid(transform, MONO, offset, 0.0), starts)[1]


@pytest.mark.parametrize(("codec", "suffix", "rate", "window", "words", "gain"), FINE)
def test_the_lattice_stands_out_where_frames_began_at_any_level(
    coded, tmp_path, codec, suffix, rate, window, words, gain
):
    sound = gain * load(coded(suffix, rate, *words), rate)[300 : 300 + 6 * rate]
    path, transform = save(tmp_path / "decoded.wav", sound, rate), Transform(codec, window, rate)
    hop = {"mp3": 576, "aac": 1024}[codec]
    true = (FIRST[codec] - 300) % hop
    assert deviations(path, transform, true) > 2 * LEAST_Z
    for move in (1, 50, hop // 2):
        assert deviations(path, transform, (true + move) % hop) < LEAST_Z


def test_an_offset_that_is_a_few_samples_off_is_put_right(coded, tmp_path):
    path = save(tmp_path / "decoded.wav", load(coded(".mp3", 16000, "-b:a", "64k"), 16000)[: 6 * 16000], 16000)
    with Take(path) as take:
        take.fill()
        transform, starts = Transform("mp3", "long", 16000), [0.0, 1.0, 2.0, 3.0]
        lattice = Lattice(take, transform, MONO, starts)
        grid, z = lattice.best_near(Grid(transform, MONO, 50, 3.4), starts, around=4)
    assert grid.offset == 47
    assert z > LEAST_Z


@pytest.mark.parametrize(("codec", "suffix", "rate", "window", "words", "gain"), FINE)
def test_of_all_offsets_the_one_where_frames_began_is_found(coded, tmp_path, codec, suffix, rate, window, words, gain):
    sound = gain * load(coded(suffix, rate, *words), rate)[300 : 300 + 6 * rate]
    path, transform = save(tmp_path / "decoded.wav", sound, rate), Transform(codec, window, rate)
    with Take(path) as take, ThreadPoolExecutor(2) as pool:
        take.fill()
        starts = [0.0, 1.0, 2.0, 3.0, 4.0]
        found = Lattice(take, transform, MONO, starts).search(starts, 8, pool)
    assert found[0][0] == (FIRST[codec] - 300) % {"mp3": 576, "aac": 1024}[codec]
    assert found[0][1] > LEAST_Z


def test_of_noise_that_was_never_coded_no_offset_is_found(tmp_path):
    rng = np.random.default_rng(3)
    path = save(tmp_path / "noise.wav", (0.1 * rng.standard_normal(6 * 16000)).astype(np.float32), 16000)
    with Take(path) as take, ThreadPoolExecutor(2) as pool:
        take.fill()
        starts = [0.0, 1.0, 2.0, 3.0, 4.0]
        for transform in (Transform("mp3", "long", 16000), Transform("aac", "kbd", 16000)):
            assert not Lattice(take, transform, MONO, starts).search(starts, 8, pool)


@pytest.mark.parametrize("offset", [0, 47, 300])
def test_sound_that_was_never_coded_lies_on_none(tmp_path, offset):
    rng = np.random.default_rng(1)
    path = save(tmp_path / "noise.wav", (0.1 * rng.standard_normal(6 * 48000)).astype(np.float32), 48000)
    for transform in (Transform("mp3", "long", 48000), Transform("aac", "kbd", 48000)):
        assert abs(deviations(path, transform, offset)) < LEAST_Z


@pytest.mark.parametrize("codec", ["mp3", "aac"])
def test_bands_of_all_rates_begin_at_nought_and_rise_to_the_last_coefficient(codec):
    for rate, edges in BANDS[codec].items():
        assert edges[0] == 0
        assert all(a < b for a, b in pairwise(edges))
        assert edges[-1] == {"mp3": 576, "aac": 1024}[codec], rate


@pytest.mark.parametrize("rate", [2000, 4000, 7350, 8000, 11025, 12000, 22254, 96000])
def test_sound_at_unusual_rates_is_examined(tmp_path, rate):
    rng = np.random.default_rng(2)
    path = save(tmp_path / "noise.wav", (0.1 * rng.standard_normal(4 * rate)).astype(np.float32), rate)
    assert not [trace for trace in examine(path).traces if trace.name == "codec-grid"]
    for transform in (Transform("mp3", "long", rate), Transform("aac", "kbd", rate)):
        assert not Lattice.knows(transform, rate) or abs(deviations(path, transform, 100)) < LEAST_Z


def test_a_cut_in_a_fine_encoding_breaks_its_lattice(coded, tmp_path):
    sound = load(coded(".mp3", 48000, "-b:a", "128k"), 48000)
    cut = np.concatenate((sound[: 4 * 48000], sound[5 * 48000 + 77 : 9 * 48000]))
    found = examine(save(tmp_path / "cut.wav", cut, 48000), jobs=1)
    (grid,) = [trace for trace in found.traces if trace.name == "codec-grid"]
    assert (grid.details["codec"], grid.details["rate"]) == ("mp3", 48000)
    (gone,) = [trace for trace in found.traces if trace.name == "grid-break"]
    assert abs(float(str(gone.details["place"])) - 4.0) < 0.6  # the meeting is silent there
