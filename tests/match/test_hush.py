"""Sound turned down beyond hearing stands apart, though its signs still follow the reference."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import HZ, babble, scorer_of
from wholetape.match.gaps import Content
from wholetape.match.hush import hushed
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign


@pytest.fixture(scope="module")
def original():
    return babble(12, 1)


def turned_down(sound, start, end, decibels):
    gain = np.ones(len(sound), np.float32)
    gain[round(start * HZ) : round(end * HZ)] = 10 ** (-decibels / 20)
    return sound * gain


def pieces_of(release, original):
    held = Held(((0, 500, 0), (500, 1200, 0)), 0.0, 12_000.0)
    return hushed(scorer_of(release, original), [held])


def test_a_stretch_at_its_level_is_left_as_it_is(original):
    for release in (original, 0.1 * original, turned_down(original, 4.0, 4.8, 15)):
        assert pieces_of(release, original) == [Held(((0, 500, 0), (500, 1200, 0)), 0.0, 12_000.0)]


@pytest.mark.parametrize("decibels", [40, 90])
@pytest.mark.parametrize(("start", "end"), [(4.0, 4.8), (4.7, 5.3)])
def test_what_is_turned_down_stands_apart_and_the_pieces_still_meet(original, decibels, start, end):
    before, hush, after = pieces_of(turned_down(original, start, end, decibels), original)
    assert isinstance(hush, Foreign)
    assert hush.content is Content.SILENT
    assert (before.start_ms, after.end_ms) == (0.0, 12_000.0)
    assert (before.end_ms, after.start_ms) == (hush.start_ms, hush.end_ms)
    assert hush.start_ms == pytest.approx(start * 1000, abs=60)
    assert hush.end_ms == pytest.approx(end * 1000, abs=60)
    assert isinstance(before, Held)
    assert isinstance(after, Held)
    assert before.ref_end_ms == before.end_ms
    assert after.ref_start_ms == after.start_ms


def test_the_beginning_may_be_turned_down(original):
    first, second = pieces_of(turned_down(original, 0.0, 0.6, 50), original)
    assert isinstance(first, Foreign)
    assert first.start_ms == 0.0
    assert second.start_ms == first.end_ms


def test_a_moment_is_no_hush(original):
    assert len(pieces_of(turned_down(original, 4.0, 4.04, 60), original)) == 1
