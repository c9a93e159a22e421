"""Likelihood ratios: positive where the release is the reference, negative elsewhere; the search finds the place."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import axis_of, babble, cut, frames_of, scorer_of
from wholetape.match.params import ALIGN
from wholetape.match.score import LEVELS, STEP, Axis, Scorer, loudness_class
from wholetape.match.search import agreement, agreement_at, choose_frames, search
from wholetape.match.trace import probe


@pytest.fixture(scope="module")
def original():
    return babble(20, 1)


@pytest.fixture(scope="module")
def scorer(original):
    rng = np.random.default_rng(3)
    noisy = original + 0.005 * rng.standard_normal(len(original)).astype(np.float32)
    return scorer_of(cut(noisy, 4, 16), original)


def test_the_axis_holds_the_references_one_after_another_with_unusable_frames_between():
    axis = axis_of(babble(1, 1), babble(2, 2))
    assert axis.lengths == (100, 200)
    assert axis.starts == (0, 100 + ALIGN.gap_frames)
    assert axis.usable.sum() == 300
    assert [axis.source_of(k) for k in (0, 99, 100, axis.starts[1] - 1, axis.starts[1], len(axis) - 1)] == [
        0, 0, 0, 0, 1, 1,
    ]  # fmt: skip


def test_the_right_place_scores_above_nothing_and_all_others_below(scorer):
    assert scorer.llr(0, 1100, 400).mean() > 0.5
    for diagonal in (0, 200, 395, 405, 600):
        assert scorer.llr(50, 1000, diagonal).mean() < -0.2


def test_frames_beside_no_reference_are_held_against_the_place(scorer):
    beyond = scorer.llr(0, 100, 100_000)
    assert (beyond < -1).all()
    assert (scorer.llr(0, 100, -50)[:50] < -1).all()


@pytest.mark.parametrize("step", [2, 3])
@pytest.mark.parametrize("diagonal", [400, -7, 1500])
def test_every_other_frame_scores_as_in_the_whole(scorer, diagonal, step):
    whole = scorer.llr(10, 310, diagonal)
    assert np.allclose(scorer.llr(10, 310, diagonal, step), whole[::step], atol=1e-5)


def test_error_rates_are_counted_on_the_release(original):
    clean = scorer_of(original, original)
    rng = np.random.default_rng(3)
    noisy = scorer_of(original + 0.05 * rng.standard_normal(len(original)).astype(np.float32), original)
    assert clean.model is not None
    assert noisy.model is not None
    loud = (LEVELS - 1, LEVELS - 1)
    assert (noisy.model.rate[loud] >= clean.model.rate[loud]).all()
    assert noisy.model.rate[loud].mean() > clean.model.rate[loud].mean() + 0.02
    assert clean.model.rate.min() > 0
    assert noisy.model.rate.max() < 0.5


def test_what_was_never_counted_is_no_evidence():
    model = Scorer._model(np.zeros((9, 9, 8)), np.zeros((9, 9, 8)), np.zeros((9, 33)))
    assert (model.rate[0, 0] > 0.4).all()
    assert not model.known.any()


def test_differing_signs_are_those_of_the_words(scorer):
    differ = scorer.differing(100, 150, 400)
    words = scorer.frames.words[100:150] ^ scorer.axis.words[500:550]
    assert differ.sum(axis=0).tolist() == np.bitwise_count(words).tolist()
    assert (differ <= scorer.counts[:, 100:150]).all()


def test_loudness_is_told_in_classes_of_6_db_below_the_loud_part():
    level = np.array([100] * 20 + [92, 84, 20, 0])
    classes = loudness_class(level)
    assert classes[:20].tolist() == [LEVELS - 1] * 20
    assert classes[20:].tolist() == [LEVELS - 1, LEVELS - 2, 0, 0]


def test_the_search_finds_the_place_and_says_how_far_it_stands_out(scorer):
    [place] = search(scorer, 300, 500, -300, len(scorer.axis) - 300, 40)
    assert place.diagonal == 400
    assert place.z > ALIGN.far_z


@pytest.mark.parametrize("low", [-310, -300, 1, 700, 1998])
def test_signs_are_counted_alike_one_by_one_and_at_every_third_diagonal(scorer, low):
    """Also where a diagonal leaves the axis at either end."""
    chosen, high = choose_frames(scorer, 300, 500, 40), low + 400
    words, (one, other) = scorer.axis.words, scorer.frames.planes
    expected = np.zeros(high - low, np.int64)
    for k in chosen.tolist():
        for diagonal in range(low, high):
            if 0 <= k + diagonal < len(words):
                mask = one[k] | other[k]
                differ = (scorer.frames.words[k] ^ words[k + diagonal]) & mask
                expected[diagonal - low] += int(mask).bit_count() - 2 * int(differ).bit_count()
    assert agreement(scorer, chosen, low, high).tolist() == expected.tolist()
    assert agreement(scorer, chosen, low, high, STEP).tolist() == expected[::STEP].tolist()
    assert agreement_at(scorer, chosen, np.arange(low, high)).tolist() == expected.tolist()


@pytest.mark.parametrize("before", [0, 40_000, 40_001, 40_002, 75_000])
def test_among_very_many_diagonals_the_place_is_found_and_scored_as_among_few(before):
    """Every third one is counted at first: the place may lie between two of those."""
    bar = babble(3, 5)
    near = Scorer(frames_of(bar), axis_of(np.concatenate([babble(20, 7), bar])))
    rng = np.random.default_rng(2)
    many = rng.integers(0, 2**63, before + 80_000, np.uint64)
    words = np.concatenate([many[:before], near.axis.words, many[before:]])
    wide = (before, len(many) - before)
    level, loudness = (np.pad(values, wide, mode="edge") for values in (near.axis.level, near.axis.loudness))
    ones = np.ones(len(words), np.bool_)
    axis = Axis(words, level, ~ones, ones, (0,), (len(words),), loudness)
    scorer = Scorer(near.frames, axis)
    [few] = search(near, 0, 300, 0, 2300, 60)
    [place] = search(scorer, 0, 300, 0, len(axis), 60)
    assert few.diagonal == 2000
    assert place.diagonal == before + 2000
    assert abs(place.z - few.z) < 0.3 * few.z


def test_the_search_keeps_to_the_diagonals_it_was_given(scorer):
    for low, high in ((-200, 390), (410, 900)):
        [place] = search(scorer, 300, 500, low, high, 40)
        assert low <= place.diagonal < high
        assert place.z < ALIGN.far_z
    assert search(scorer, 300, 500, 400, 404, 40) == []


def test_the_best_places_are_apart():
    bar = babble(3, 5)
    scorer = Scorer(frames_of(bar), axis_of(np.concatenate([bar, babble(2, 6), bar])))
    places = search(scorer, 0, 300, 0, 600, 60, best=2)
    assert sorted(p.diagonal for p in places) == [0, 500]


def test_probes_find_the_release_and_nothing_in_another_recording(original):
    stretches, tried = probe(Scorer(frames_of(cut(original, 4, 16)), axis_of(original)))
    assert len(stretches) == tried
    assert {diagonal for _, _, diagonal in stretches} == {400}
    stretches, _ = probe(Scorer(frames_of(babble(12, 9)), axis_of(original)))
    assert stretches == []
