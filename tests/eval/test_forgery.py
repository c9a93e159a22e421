"""The forger's model of the print is the print's own arithmetic, its gradient is right, and descent gets somewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eval.forgery import RATE, Forger, Place, apart, doubled, halved
from eval.printmodel import REACH, look, pull, signs
from wholetape.checking import make_print
from wholetape.match.bands import frames_of
from wholetape.match.params import PRINT

HALF = PRINT.window // 2


@pytest.fixture
def hiss():
    return np.random.default_rng(1).standard_normal(80 * 60) * np.hanning(80 * 60) * 0.1


def test_the_model_makes_the_signs_of_the_print(hiss):
    seen = look(np.concatenate((np.zeros(HALF), hiss, np.zeros(HALF))))
    printed = signs(frames_of(hiss.astype(np.float32)).words)[REACH : REACH + len(seen.margins)]
    clear = np.abs(seen.margins - PRINT.least_change) > 2.0**-10
    assert clear.mean() > 0.99
    assert ((seen.margins > PRINT.least_change) == (printed > 0))[clear].all()


@pytest.mark.parametrize("at", [130, 2000, 4000])
def test_the_gradient_is_what_a_small_change_of_a_sample_does(hiss, at):
    rng = np.random.default_rng(2)
    seen = look(hiss)
    by_margin, by_energy = rng.standard_normal(seen.margins.shape), rng.standard_normal(seen.energy.shape)

    def value(step):
        moved = hiss.copy()
        moved[at] += step
        there = look(moved)
        return float((there.margins * by_margin).sum() + (there.energy * by_energy).sum())

    gradient = pull(seen, by_margin, by_energy, len(hiss))
    assert gradient[at] == pytest.approx((value(1e-6) - value(-1e-6)) / 2e-6, rel=1e-4)


def test_twice_the_rate_is_the_same_sound_with_another_top():
    rng = np.random.default_rng(3)
    wide = rng.standard_normal(1600)
    assert halved(doubled(halved(wide), wide)) == pytest.approx(halved(wide), abs=1e-3)


def test_descent_brings_another_word_to_the_signs_of_the_print_and_stays_nearer_to_it(tmp_path: Path):
    from tests.checking.desk import meeting, save, stranger

    original = np.array(meeting(0, 20))
    start, end = 12 * RATE, 12 * RATE + RATE // 2
    printed = make_print(save(tmp_path / "original.wav", original), jobs=1)
    forger = Forger(Place(original, start, end, stranger(0.5), printed, tmp_path), 1)

    def wrong():
        low = forger.low.copy()
        low[forger.a : forger.b] = forger.now
        seen = look(low[forger.window]).margins > PRINT.least_change
        return float((seen != (forger.signs > 0)).mean()), forger.logs(low)

    before, _ = wrong()
    forger.descend(0.2, 1.0, 1500)
    after, logs = wrong()
    assert before > 0.25
    assert after < 0.1
    assert apart(logs, forger.word_logs) < apart(logs, forger.true_logs)
