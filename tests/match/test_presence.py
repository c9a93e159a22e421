"""What a copy lacks of the original where nothing can lie over it."""

from __future__ import annotations

import numpy as np
import pytest

from wholetape.match.presence import Laid, Usual, missed

BANDS = 4
USUAL = Usual(np.ones(BANDS), np.ones(BANDS), loud=100.0, median=0.95)


def copied(expected: float, found: float) -> Laid:
    """30 frames, of which ten in the middle have such powers, and the others are an exact copy."""
    powers = [np.full((30, BANDS), 25.0), np.full((30, BANDS), 25.0)]
    for power, value in zip(powers, (expected, found), strict=True):
        power[10:20] = value / BANDS
    return Laid(powers[1], powers[0], powers[1])


@pytest.mark.parametrize(
    ("expected", "found", "turned_down"),
    [
        (50.0, 0.5, True),
        (50.0, 4.0, False),  # 11 dB less: an encoder may have done that
        (50.0, 500.0, False),  # louder: something lies over it
        (0.2, 0.0, False),  # a pause, in which nobody misses anything
    ],
)
def test_it_is_missed_where_it_would_be_heard_and_the_copy_is_much_quieter(expected, found, turned_down):
    assert missed(copied(expected, found), 10, 20, USUAL) is turned_down
