"""A stretch at another speed is one stretch with its ratio; edits that only look like a slope are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import HZ, babble, cut, scorer_of
from wholetape.match.paces import paces, without
from wholetape.match.trace import trace

TALK = babble(30, 1)


def played_at(sound, ratio):
    """``sound`` as a tape at another speed gives it."""
    return np.interp(np.arange(0, len(sound) - 1, ratio), np.arange(len(sound)), sound).astype(np.float32)


def found_in(release):
    scorer = scorer_of(release, TALK)
    return paces(scorer, trace(scorer), lambda start, end: release[max(0, start) : max(0, end)])


@pytest.mark.parametrize(
    ("ratio", "seconds"), [(0.95, 3), (0.98, 3), (1.05, 3), (0.95, 10), (0.98, 10), (1.01, 10), (1.05, 10), (1.12, 10)]
)
def test_the_stretch_and_its_ratio_are_found(ratio, seconds):
    release = np.concatenate([cut(TALK, 0, 8), played_at(cut(TALK, 8, 8 + seconds), ratio), cut(TALK, 8 + seconds, 30)])
    [pace] = found_in(release)
    assert pace.speed.resampled
    assert pace.speed.ratio == pytest.approx(ratio, rel=0.001 if seconds > 5 else 0.004)
    slack = 60 + 15 / abs(ratio - 1)  # the flatter the line, the longer it stays near the one beside it
    assert pace.start_ms == pytest.approx(8000, abs=slack)
    assert pace.end_ms == pytest.approx(8000 + 1000 * seconds / ratio, abs=slack)
    assert pace.ref_start_ms == pytest.approx(pace.start_ms, abs=25)


@pytest.mark.parametrize(("start", "end"), [(0, 6), (24, 30)])
def test_at_the_release_s_very_head_or_tail_too(start, end):
    release = np.concatenate([cut(TALK, 0, start), played_at(cut(TALK, start, end), 1.04), cut(TALK, end, 30)])
    [pace] = found_in(release)
    assert pace.speed.ratio == pytest.approx(1.04, rel=0.001)


@pytest.mark.parametrize(
    "release",
    [
        TALK,
        np.concatenate([cut(TALK, 0, 8), cut(TALK, 8.1, 30)]),
        np.concatenate([cut(TALK, 0, 8), cut(TALK, 8.05, 9), cut(TALK, 9.05, 10), cut(TALK, 10.05, 30)]),
        np.concatenate([cut(TALK, 0, 8), babble(1.9, 2), cut(TALK, 10, 30)]),
        np.concatenate([cut(TALK, 0, 8), cut(TALK, 20, 22), cut(TALK, 8, 30)]),
    ],
    ids=["untouched", "a cut", "three cuts a second apart", "replaced by less", "a passage pasted in"],
)
def test_nothing_else_is_taken_for_a_change_of_speed(release):
    assert found_in(release) == []


def test_what_was_played_at_another_speed_is_left_open_in_the_runs():
    release = np.concatenate([cut(TALK, 0, 8), played_at(cut(TALK, 8, 14), 1.05), cut(TALK, 14, 30)])
    scorer = scorer_of(release, TALK)
    runs = trace(scorer)
    sped = paces(scorer, runs, lambda start, end: release[max(0, start) : max(0, end)])
    opened = without(runs, sped)
    assert [a[1] for a in opened[:-1]] == [b[0] for b in opened[1:]]
    assert (opened[0][0], opened[-1][1]) == (0, len(scorer))
    [(start, end)] = [(a, b) for a, b, d in opened if d is None]
    assert start <= round(sped[0].start_ms / 10)
    assert end >= round(sped[0].end_ms / 10)
    assert len(scorer) == -(-len(release) * 100 // HZ)
