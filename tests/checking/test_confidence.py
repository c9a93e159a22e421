"""A confidence is the share of edits with such evidence that were real, and says what it was counted on."""

from __future__ import annotations

import pytest

from wholetape.checking.confidence import CALIBRATION, calibrated
from wholetape.match.params import EDITS

CLEAR, APART = EDITS.far_rate + 1, EDITS.far_rate - 1


def test_what_is_sure_in_a_clear_copy_is_told_as_sure_and_never_as_certain():
    assert 0.99 <= calibrated(1.0, CLEAR) < 1.0


def test_another_microphone_leaves_less():
    assert 0.9 <= calibrated(1.0, APART) < calibrated(1.0, CLEAR)


@pytest.mark.parametrize("clarity", [CLEAR, APART])
def test_it_rises_with_the_evidence(clarity):
    steps = [calibrated(k / 100, clarity) for k in range(101)]
    assert steps == sorted(steps)
    assert steps[0] < 0.5 < steps[-1]


def test_it_says_what_it_was_counted_on():
    assert CALIBRATION.label.startswith("calibrated on ")
