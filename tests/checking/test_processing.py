"""Loudness, equalising, denoising, re-encoding and drifting clocks are processing: the release stays whole."""

from __future__ import annotations

import numpy as np
import pytest

from tests.checking.desk import check, ffmpeg, meeting, noise, told
from wholetape.findings import Outcome

FILTERS = {
    "louder": "volume=6dB",
    "quieter": "volume=-20dB",
    "normalised": "loudnorm",
    "equalised": "equalizer=f=1000:t=q:w=1:g=8,highpass=f=200",
    "denoised": "afftdn=nr=20",
    "compressed": "acompressor=threshold=0.05:ratio=6:attack=5:release=100",
    "levelled": "dynaudnorm",
    "telephone band": "highpass=f=300,lowpass=f=3000",
    "turned over": "volume=-1",
    "gated": "agate=threshold=0.005:ratio=9:range=0.001:release=200",
    "limited": "volume=15dB,alimiter=limit=0.7",
}
CODECS = {
    "mp3": ("r.mp3", "-c:a", "libmp3lame", "-b:a", "32k"),
    "aac": ("r.m4a", "-c:a", "aac", "-b:a", "48k"),
    "opus": ("r.opus", "-c:a", "libopus", "-b:a", "16k"),
    "amr": ("r.amr", "-ar", 8000, "-c:a", "libopencore_amrnb", "-b:a", "12.2k"),
    "amr that leaves pauses out": ("r.amr", "-ar", 8000, "-c:a", "libopencore_amrnb", "-b:a", "12.2k", "-dtx", 1),
    "gsm": ("r.gsm", "-ar", 8000, "-c:a", "libgsm", "-f", "gsm"),
}


def is_whole(result):
    assert result.outcome is Outcome.WHOLE, (told(result), result.missing, result.coverage)
    assert result.edits == ()


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_processing(room, tmp_path, meeting_print, name):
    is_whole(check(ffmpeg(room / "meeting.wav", tmp_path / "r.wav", "-af", FILTERS[name]), meeting_print))


@pytest.mark.parametrize("name", CODECS)
def test_a_codec_is_processing(room, tmp_path, meeting_print, name):
    target, *words = CODECS[name]
    is_whole(check(ffmpeg(room / "meeting.wav", tmp_path / target, *words), meeting_print))


def test_a_chain_of_uploads_is_processing(room, tmp_path, meeting_print):
    first = ffmpeg(room / "meeting.wav", tmp_path / "1.mp3", "-b:a", "48k", "-ar", 44100)
    second = ffmpeg(first, tmp_path / "2.opus", "-b:a", "24k")
    is_whole(check(ffmpeg(second, tmp_path / "3.m4a", "-b:a", "64k", "-af", "acompressor,volume=4dB"), meeting_print))


def test_noise_under_all_of_it_is_processing(checked):
    is_whole(checked(meeting() + noise(40, 0.006)))


@pytest.mark.parametrize("parts_per_million", [-100, 100])
def test_a_clock_that_drifts_is_processing(checked, parts_per_million):
    sound = meeting()
    time = np.arange(0, len(sound) - 1, 1 + parts_per_million / 1e6)
    is_whole(checked(np.interp(time, np.arange(len(sound)), sound).astype(np.float32)))
