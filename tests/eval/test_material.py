"""The bench's long recordings: never the same sound twice, however little speech there is."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from bench.material import RATE, passes, take
from eval.corpus import Speech
from eval.sound import write


def test_each_pass_over_the_speech_has_a_speed_of_its_own(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    sounds = [0.1 * rng.standard_normal(16000) for _ in range(2)]
    for number, sound in enumerate(sounds):
        write(tmp_path / f"a--{number}.wav", sound, 16000)
    speech = Speech(tuple(sorted(tmp_path.glob("*.wav"))), ())
    lengths = [len(s) for s in islice(passes(speech, np.random.default_rng(2)), 2 * 150)]
    assert lengths[0] == RATE
    assert len(set(lengths)) == 150
    assert 0.79 * RATE < min(lengths) < max(lengths) < 1.31 * RATE


def test_as_many_samples_are_taken_as_are_asked_for() -> None:
    blocks = iter([np.ones(3, np.float32), np.zeros(4, np.float32), np.ones(9, np.float32)])
    assert take(blocks, 5).tolist() == [1, 1, 1, 0, 0]
