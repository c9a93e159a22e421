"""A visit to a far place is taken back where the place beside it explains it as well, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import HZ, babble, cut, scorer_of
from wholetape.match.settle import gathered, settled
from wholetape.match.trace import trace

TALK = babble(20, 1)
AGAIN = np.interp(np.arange(0, len(TALK) - 1, 1.013), np.arange(len(TALK)), TALK).astype(np.float32)
"""The same talk once more, 1.3% faster."""


@pytest.fixture(scope="module")
def scorer():
    """The talk as it was; its reference goes on with the talk played faster, from frame 2000 of the axis on."""
    return scorer_of(TALK, np.concatenate([TALK, AGAIN]))


def staircase(start, end):
    """Runs that follow the faster repeat of the release's frames [start, end)."""
    places = [(a, min(end, a + 40), 2000 + round(a / 1.013) - a) for a in range(start, end, 40)]
    return [(a, b, d) for a, b, d in places if b > a]


def test_a_visit_to_a_repeat_at_another_speed_is_taken_back(scorer):
    runs = [(0, 500, 0), *staircase(500, 1200), (1200, 2000, 0)]
    assert settled(scorer, runs) == [(0, 500, 0), (500, 1200, 0), (1200, 2000, 0)]


def test_so_is_one_at_the_end(scorer):
    assert settled(scorer, [(0, 500, 0), *staircase(500, 2000)]) == [(0, 500, 0), (500, 2000, 0)]


def test_a_cut_within_the_visit_is_placed():
    release = np.concatenate([cut(TALK, 0, 8), cut(TALK, 9, 20)])
    scorer = scorer_of(release, np.concatenate([TALK, AGAIN]))
    wrong = [(a, b, d + 100) for a, b, d in staircase(600, 1100)]
    runs = settled(scorer, [(0, 600, 0), *wrong, (1100, 1900, 100)])
    assert [d for _, _, d in runs] == [0, 0, 100, 100]
    assert runs[1][1] == pytest.approx(800, abs=4)


def test_so_is_one_that_scores_more_there_if_the_place_on_both_sides_explains_it_too():
    other = (TALK + 0.1 * TALK.std() * np.random.default_rng(7).standard_normal(len(TALK))).astype(np.float32)
    release = np.concatenate([cut(TALK, 0, 8), cut(other, 8, 10), cut(TALK, 10, 20)])
    scorer = scorer_of(release, np.concatenate([TALK, other]))
    there, here = (float(scorer.llr(800, 1000, d).sum()) for d in (2000, 0))
    assert there > here + 28
    assert {d for _, _, d in settled(scorer, [(0, 800, 0), (800, 1000, 2000), (1000, 2000, 0)])} == {0}


def test_a_passage_that_was_pasted_stays():
    release = np.concatenate([cut(TALK, 0, 8), cut(TALK, 14, 16), cut(TALK, 10, 20)])
    scorer = scorer_of(release, TALK)
    runs = [(0, 800, 0), (800, 1000, 600), (1000, 2000, 0)]
    assert settled(scorer, runs) == runs


def test_foreign_sound_stays_where_it_is():
    release = np.concatenate([cut(TALK, 0, 8), babble(2, 2), cut(TALK, 8, 20)])
    scorer = scorer_of(release, TALK)
    runs = [(0, 800, 0), (800, 1000, None), (1000, 2200, -200)]
    assert settled(scorer, runs) == runs


def test_wandering_between_repeats_is_gathered_where_it_set_out_from(scorer):
    wander = [*staircase(500, 800), (800, 820, 0), *staircase(820, 1000), (1000, 1010, None), *staircase(1010, 1200)]
    runs, laid = gathered(scorer, [(0, 500, 0), *wander, (1200, 2000, 0)])
    assert runs == [(0, 500, 0), (500, 1200, 0), (1200, 2000, 0)]
    assert laid == [(500, 1200)]


def test_what_the_place_does_not_hold_is_not_gathered():
    release = np.concatenate([cut(TALK, 0, 8), cut(TALK, 14, 16), cut(TALK, 10, 12), babble(2, 2), cut(TALK, 14, 20)])
    runs = [(0, 800, 0), (800, 1000, 600), (1000, 1200, 0), (1200, 1400, None), (1400, 2000, 0)]
    assert gathered(scorer_of(release, TALK), runs) == (runs, [])


def test_the_tracker_stays_at_its_place_though_the_talk_comes_twice(scorer):
    assert {d for _, _, d in trace(scorer)} == {0}
    assert len(scorer) == len(TALK) * 100 // HZ
