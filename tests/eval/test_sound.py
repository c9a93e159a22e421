"""Levels of sound keep time with it."""

from __future__ import annotations

import numpy as np
import pytest

from eval.sound import levels


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100])
def test_levels_keep_time_at_any_rate(rate: int) -> None:
    sound = np.zeros(60 * rate, np.float32)
    sound[50 * rate : 51 * rate] = 0.1
    loud = np.flatnonzero(levels(sound, rate) > -60)
    assert (loud[0], loud[-1]) == (5000, 5099)
