"""A stretch is given its neighbour's place where it fits there as well; what stands between the two stays apart."""

from __future__ import annotations

import numpy as np
import pytest

from tests.match.made import babble, scorer_of
from wholetape.match.segments import segments

TURN = babble(6, 1)


@pytest.fixture(scope="module")
def scorer():
    """A recording that says the same three times, against itself."""
    thrice = np.concatenate([TURN] * 3)
    return scorer_of(thrice, thrice)


def test_what_stands_between_two_stretches_that_fit_one_place_is_not_swallowed(scorer):
    held = segments(scorer, [(0, 400, 0), (400, 500, None), (500, 1800, -600)], 1)
    assert [(h.start, h.end) for h in held] == [(0, 400), (500, 1800)]
    assert held[0].last == held[1].first


def test_a_stretch_that_fits_both_of_its_neighbours_places_goes_to_one_of_them_once(scorer):
    runs = [(0, 550, 0), (550, 620, None), (620, 900, 600), (900, 980, None), (980, 1150, -600), (1150, 1200, None)]
    held = segments(scorer, [*runs, (1200, 1800, 0)], 1)
    assert [h.start for h in held] == [0, 620, 980, 1200]
