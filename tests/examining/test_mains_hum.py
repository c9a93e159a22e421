"""A cut shows in the phase of the mains hum where there is hum enough, and is not looked for where there is not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examining.conftest import SPEECH, load, save
from wholetape.errors import UnreadableInput
from wholetape.examining import examine_all
from wholetape.examining.hum.track import hum_track
from wholetape.media.humlog import read_hum_log
from wholetape.media.spool import Spool
from wholetape.traces import Examination, Weight

RATE = 8000


def hum(seconds, amplitude, line=50.0):
    time = np.arange(int(seconds * RATE)) / RATE
    return amplitude * np.sin(2 * np.pi * (line * time + 0.02 * np.sin(time / 9)))


def found(path):
    (result,) = examine_all([path], only=["mains hum"])
    assert isinstance(result, Examination)
    return [trace for trace in result.traces if trace.name == "hum-break"], result.coverage[0]


def test_a_cut_is_told_by_the_phase_and_accuses_nobody_by_itself(tmp_path):
    sound = load(SPEECH, RATE) + hum(30.01, 0.02)[: len(load(SPEECH, RATE))]
    cut = np.concatenate((sound[: 14 * RATE], sound[round(15.507 * RATE) :]))  # three quarters of a period too many
    (trace,), reach = found(save(tmp_path / "cut.wav", cut, RATE))
    assert trace.at[0] <= 14.0 <= trace.at[1]
    assert trace.weight is Weight.NOTED
    assert reach.share == 1.0


def test_hum_that_runs_on_has_no_jump(tmp_path):
    sound = load(SPEECH, RATE) + hum(30.01, 0.02, 60.0)[: len(load(SPEECH, RATE))]
    traces, reach = found(save(tmp_path / "plain.wav", sound, RATE))
    assert not traces
    assert "60 Hz" in reach.note


def test_without_clear_hum_nothing_is_said(tmp_path):
    rng = np.random.default_rng(3)
    noise = (0.05 * rng.standard_normal(20 * RATE)).astype(np.float32)
    traces, reach = found(save(tmp_path / "noise.wav", noise, RATE))
    assert not traces
    assert reach.share == 0.0


def test_a_log_of_the_mains_is_read_and_a_wrong_one_named(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("time,hz\n" + "".join(f"{1700000000 + n},{50 + n % 7 / 1000}\n" for n in range(90)))
    times, values = read_hum_log(log)
    assert len(times) == len(values) == 90
    log.write_text("time,hz\n1,50\nnever,fifty\n")
    with pytest.raises(UnreadableInput, match="line 3"):
        read_hum_log(log)


def test_the_course_of_the_hum_is_told_for_a_drawing(tmp_path):
    (result,) = examine_all(
        [save(tmp_path / "hum.wav", load(SPEECH, RATE) + hum(30.01, 0.02)[: len(load(SPEECH, RATE))], RATE)],
        only=["mains hum"],
    )
    assert isinstance(result, Examination)
    (course,) = [trace.details for trace in result.traces if trace.name == "hum"]
    assert course["line"] == 50.0
    hz = course["hz"]
    assert isinstance(hz, list)
    assert all(49.9 < value < 50.1 for value in hz)


def strength(noise, amplitude):
    """dB that are told of a 50 Hz hum of ``amplitude`` in ``noise``."""
    time = np.arange(len(noise)) / RATE
    spool = Spool()
    spool.append(np.rint(32767 * (noise + amplitude * np.sin(2 * np.pi * 50 * time))).astype(np.int16))
    return max(track.snr for track in [hum_track(spool)] if track)


def test_the_hum_is_held_against_the_noise_beside_it():
    noise = np.random.default_rng(1).normal(0, 0.05, 40 * RATE)
    amplitude = np.sqrt(2 * 100 * 0.05**2 * 2 / (RATE / 2))  # 20 dB over what lies within 2 Hz
    assert abs(strength(noise, amplitude) - 20) < 1.5
    spectrum = np.fft.rfft(noise)
    frequency = np.fft.rfftfreq(len(noise), 1 / RATE)
    spectrum[(frequency > 53) & (frequency < 90)] *= 6  # a low voice
    assert abs(strength(np.fft.irfft(spectrum), amplitude) - 20) < 1.5
