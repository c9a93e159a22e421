"""The frame grid of an earlier encoding in Opus is found in the samples; it accuses nobody."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examining.conftest import SPEECH, load, save
from wholetape.examining import examine_all
from wholetape.traces import Examination, Verdict


def opus(path):
    (result,) = examine_all([path], only=["Opus history"])
    assert isinstance(result, Examination)
    return result, [trace.details for trace in result.traces if trace.name == "codec-grid"]


@pytest.fixture(scope="module")
def decoded(coded):
    """Twelve seconds that were Opus at 48 kbit/s."""
    return load(coded(".opus", 48000, "-c:a", "libopus", "-b:a", "48k", "-application", "lowdelay"), 48000)


def test_the_grid_moves_with_the_samples_that_are_cut_off_at_the_head(decoded, tmp_path):
    offsets = []
    for number, head in enumerate((0, 300)):
        result, (grid,) = opus(save(tmp_path / f"{number}.wav", decoded[head : head + 5 * 48000], 48000))
        assert result.outcome is Verdict.PROCESSED
        assert (grid["codec"], grid["own"]) == ("opus", False)
        offsets.append(grid["offset"])
    assert (offsets[0] - offsets[1]) % 960 == 300


def test_a_cut_shows_two_offsets_and_is_no_accusation(decoded, tmp_path):
    cut = np.concatenate((decoded[: 5 * 48000], decoded[6 * 48000 + 77 :]))
    result, (grid,) = opus(save(tmp_path / "cut.wav", cut, 48000))
    assert len({run["offset"] for run in grid["runs"]}) == 2
    assert result.outcome is Verdict.PROCESSED


def test_speech_that_was_never_opus_carries_no_such_grid(coded):
    for path in (SPEECH, coded(".mp3", 48000, "-b:a", "64k")):
        result, found = opus(path)
        assert not found
        assert result.outcome is Verdict.NONE_FOUND
