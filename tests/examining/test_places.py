"""Places to listen to are told, and conclude nothing."""

from __future__ import annotations

import numpy as np

from tests.examining.conftest import SPEECH, load, save
from wholetape.examining import examine_all
from wholetape.traces import Examination, Verdict, Weight

RATE = 16000


def listened(path, sound):
    (result,) = examine_all([save(path, sound, RATE)], only=["places to listen to"])
    assert isinstance(result, Examination)
    return result, [(str(trace.details["kind"]), trace.at) for trace in result.traces if trace.name == "listen"]


def test_silence_a_step_of_the_background_and_clipping_are_told_at_their_places(tmp_path):
    rng = np.random.default_rng(4)
    sound = (0.001 * rng.standard_normal(30 * RATE)).astype(np.float32)
    sound[20 * RATE :] *= 10
    sound[5 * RATE : 5 * RATE + 1600] = 0
    sound[8 * RATE : 8 * RATE + 6] = 1
    result, found = listened(tmp_path / "places.wav", sound)
    places = dict(found)
    assert len(found) == 3
    assert places["silence"] == (5.0, 5.1)
    assert abs(places["clipping"][0] - 8) < 0.01
    assert abs(places["step"][0] - 20) < 0.5
    assert all(trace.weight is Weight.NOTED for trace in result.traces)
    assert result.outcome is Verdict.NOT_EXAMINABLE  # nothing that judges was applied


def test_speech_as_it_was_recorded_shows_few_places_and_its_description(tmp_path):
    result, found = listened(tmp_path / "speech.wav", load(SPEECH, RATE))
    assert len(found) <= 3
    (facts,) = [trace.details for trace in result.traces if trace.name == "description"]
    assert facts["clipped_samples"] == 0
    assert 2000 < facts["bandwidth"] <= 8000
    assert facts["floor_dbfs"] < facts["speech_dbfs"] < facts["peak_dbfs"]


def test_a_blink_has_no_places(tmp_path):
    result, found = listened(tmp_path / "blink.wav", np.zeros(1600, np.float32))
    assert not found
    assert not result.traces
