"""The mains of the evaluation run as the recordings in a folder did."""

from __future__ import annotations

import numpy as np
import pytest

from eval.mains import mains_folder, wander, wandering
from eval.sound import write


@pytest.fixture
def folder(tmp_path):
    """Beside ``tmp_path / "dev"``, one recording of a minute that runs at 50.02 Hz."""
    place = mains_folder(tmp_path / "dev")
    place.mkdir()
    write(place / "mains--1.wav", 0.5 * np.sin(2 * np.pi * 50.02 * np.arange(60 * 400) / 400), 400)
    return place


def test_the_phase_leads_by_what_the_frequency_is_above_50_hz(folder):
    phase = wander(folder, np.random.default_rng(1), 20 * 16000, 16000)
    assert phase.shape == (20 * 16000,)
    assert np.ptp(phase) == pytest.approx(2 * np.pi * 0.02 * 20, rel=0.01)


def test_steady_mains_do_not_wander(folder):
    assert wandering(folder).startswith("1 recordings: 0.0 mHz from one second to the next, 0.0 in ten")


def test_without_recordings_of_the_mains_it_is_said_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"mains\.json"):
        wander(mains_folder(tmp_path / "heldout"), np.random.default_rng(1), 16000, 16000)
