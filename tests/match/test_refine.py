"""Edges of edits are placed between frames, to a few milliseconds, wherever on the frame clock they fall."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import babble, cut, scorer_of
from wholetape.match.refine import Bench, fit_between, fit_cut, fit_inserted, fit_replaced


@pytest.fixture(scope="module")
def original():
    return babble(16, 1)


@pytest.mark.parametrize("at", [5.0, 5.003, 5.005, 5.0075])
def test_the_instant_of_a_cut(original, at):
    scorer = scorer_of(np.concatenate([cut(original, 0, at), cut(original, at + 1, 16)]), original)
    fit = fit_cut(scorer, 0, 100, 480, 520)
    assert fit.left == fit.right == pytest.approx(at * 1000, abs=8)


@pytest.mark.parametrize("length", [0.15, 0.4, 1.0])
@pytest.mark.parametrize("at", [6.0, 6.004])
def test_the_edges_of_replaced_sound(original, at, length):
    other = babble(length, 7)
    scorer = scorer_of(np.concatenate([cut(original, 0, at), other, cut(original, at + length, 16)]), original)
    fit, plain = fit_replaced(scorer, 0, 580, round((at + length) * 100) + 20)
    assert fit.left == pytest.approx(at * 1000, abs=25)
    assert fit.right == pytest.approx((at + length) * 1000, abs=25)
    assert fit.score > plain + 10


def test_sound_that_was_not_replaced_scores_as_well_as_it_is(original):
    scorer = scorer_of(original, original)
    fit, plain = fit_replaced(scorer, 0, 580, 700)
    assert fit.score - plain < 5


@pytest.mark.parametrize("length", [0.2, 0.7])
def test_the_edges_of_inserted_sound_are_as_far_apart_as_the_diagonals(original, length):
    release = np.concatenate([cut(original, 0, 6), babble(length, 8), cut(original, 6, 16)])
    scorer = scorer_of(release, original)
    fit = fit_inserted(scorer, 0, -round(length * 100), 570, 630 + round(length * 100))
    assert fit.right - fit.left == pytest.approx(length * 1000, abs=0.001)
    assert fit.left == pytest.approx(6000, abs=10)


def test_edges_are_placed_one_by_one_where_lengths_differ(original):
    release = np.concatenate([cut(original, 0, 6), babble(0.8, 8), cut(original, 7.5, 16)])
    fit = fit_between(scorer_of(release, original), 0, 70, 570, 710)
    assert fit.left == pytest.approx(6000, abs=25)
    assert fit.right == pytest.approx(6800, abs=25)


def test_a_bench_beyond_the_references_scores_nothing(original):
    scorer = scorer_of(original, original)
    bench = Bench(scorer, 10, 60, 5_000)
    assert bench.plain() == 0.0
    assert bench.until(np.array([200.0, 300.0])).tolist() == [0.0, 0.0]
