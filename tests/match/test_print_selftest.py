"""The self-test of the installed copy: right answers here, and a broken copy is told as broken."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from vectors import make, plain
from wholetape.match import selftest
from wholetape.match.edl import listing
from wholetape.match.resample import resample


def answers():
    return dict(selftest.run())


def test_this_copy_gives_every_known_answer():
    assert [name for name, held in answers().items() if not held] == []


@pytest.mark.parametrize(("rate", "seed", "known"), selftest.KNOWN)
def test_the_known_prints_are_those_of_the_specification_and_rounding_decides_no_bit(rate, seed, known):
    sound = selftest.sound(round(rate * 0.4), seed) / 32768
    track = plain.track(plain.to_8k(sound, rate))
    words = b"".join(word.to_bytes(8, "little") for word in track.words)
    assert hashlib.sha256(words + track.levels).hexdigest() == known
    assert np.abs(track.margins - plain.THRESHOLD).min() > 2.0**-13
    assert not track.undecided_levels


def test_the_sounds_come_from_the_generator_that_made_the_vectors():
    for seed in (0, 1, 77):
        assert selftest._chance(300, seed).tolist() == list(islice(make.chance(seed), 300))


def test_a_copy_that_is_one_sample_late_fails_its_prints(monkeypatch):
    right = resample
    monkeypatch.setattr(selftest, "resample", lambda sound, rate: np.roll(right(sound, rate), 1))
    told = answers()
    assert not any(held for name, held in told.items() if name.startswith("print of"))
    assert told["a damaged print is refused"]


def test_a_copy_that_reads_anything_fails(monkeypatch):
    monkeypatch.setattr(selftest, "parse", lambda data: selftest._small_print())
    assert not answers()["a damaged print is refused"]


def test_a_copy_that_finds_no_edits_fails(monkeypatch):
    right = listing

    def blind(pieces, axis):
        return replace(right(pieces, axis), entries=())

    monkeypatch.setattr(selftest, "listing", blind)
    told = answers()
    assert not told["a cut is found where it is"]
    assert told["a copy without edits has none"]


def test_a_copy_that_breaks_down_is_answered_not_raised(monkeypatch):
    def broken(*given):
        raise OSError("half of it is missing")

    monkeypatch.setattr(selftest, "frames_of", broken)
    assert not any(held for name, held in selftest.run())
