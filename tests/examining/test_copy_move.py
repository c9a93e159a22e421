"""A passage that was pasted from elsewhere in the same file is found at both places; nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from tests.examining.conftest import SPEECH, load, save
from tests.media.conftest import ffmpeg
from wholetape.examining import examine
from wholetape.traces import Verdict

RATE = 16000
FORMS = [
    (".wav", ()),
    (".m4a", ("-ar", "44100", "-b:a", "48k")),
    (".opus", ("-c:a", "libopus", "-b:a", "16k")),
]


def copies(path):
    return [trace for trace in examine(path).traces if trace.name == "copy-move"]


def pasted(start: float, length: float, there: float) -> np.ndarray:
    sound = load(SPEECH, RATE).copy()
    a, n, b = (round(at * RATE) for at in (start, length, there))
    sound[b : b + n] = sound[a : a + n]
    return sound


@pytest.mark.parametrize(("suffix", "words"), FORMS)
def test_both_places_of_a_copy_are_told(tmp_path, suffix, words):
    plain = save(tmp_path / "plain.wav", pasted(9.3, 2.1, 21.127), RATE)
    path = tmp_path / f"pasted{suffix}"
    if words:
        ffmpeg("-i", plain, *words, path)
    else:
        path = plain
    first, second = copies(path)
    assert np.allclose(first.at, (9.3, 11.4), atol=0.05)
    assert np.allclose(first.pair, (21.127, 23.227), atol=0.05)
    assert (second.at, second.pair) == (first.pair, first.at)


def test_near_silence_that_opus_repeats_is_no_copy(tmp_path):
    sound = load(SPEECH, RATE).copy()
    sound[4 * RATE : 9 * RATE] *= 0.0005
    sound[15 * RATE : 22 * RATE] *= 0.0005
    ffmpeg("-i", save(tmp_path / "quiet.wav", sound, RATE), "-c:a", "libopus", "-b:a", "16k", tmp_path / "note.ogg")
    result = examine(tmp_path / "note.ogg")
    assert not [trace for trace in result.traces if trace.name == "copy-move"]
    assert result.outcome is not Verdict.INCONSISTENT


def test_a_tone_that_sounds_twice_is_no_copy(tmp_path):
    sound = load(SPEECH, RATE).copy()
    ring = 0.2 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE).astype(np.float32)
    sound[5 * RATE : 7 * RATE] = sound[17 * RATE : 19 * RATE] = ring
    assert not copies(save(tmp_path / "ring.wav", sound, RATE))
