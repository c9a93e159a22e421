"""What the corpus builder says it did is what it did.

The original's samples are their own positions, and foreign sound is negative: every sample of a release tells where it
comes from.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval.edits import Editor
from eval.grids import CODEC
from eval.sound import Sound
from eval.truth import Truth
from wholetape.findings import Kind

RATE = 1000
SIZE = 400 * RATE
SCALE = 2.0**-20


def numbered() -> Sound:
    return ((np.arange(SIZE) + SIZE // 4) * SCALE).astype(np.float32)


def position(sound: Sound) -> np.ndarray:
    """Reference sample of each release sample; negative where it is none."""
    return np.asarray(np.rint(sound / SCALE - SIZE // 4), int)


def double_speed(sound: Sound, rate: int, ratio: float) -> Sound:
    at = np.arange(int(len(sound) / ratio)) * ratio
    return np.asarray(np.interp(at, np.arange(len(sound)), sound), np.float32)


def edited(seed: int, **grid: object) -> tuple[Sound, list[Truth]]:
    foreign = [np.full(20 * RATE, -0.2, np.float32)]
    plan = replace(CODEC, fade_share=0.0, **grid)  # type: ignore[arg-type]
    editor = Editor(numbered(), RATE, foreign, plan, np.random.default_rng(seed), double_speed)
    editor.edit()
    return editor.render(), editor.truth


def samples(pair: tuple[float, float]) -> tuple[int, int]:
    return round(pair[0] * RATE), round(pair[1] * RATE)


@pytest.mark.parametrize("seed", range(6))
def test_every_sample_outside_the_edits_follows_the_one_before(seed: int) -> None:
    release, truth = edited(seed)
    where = position(release)
    joints = {0}
    inside = np.zeros(len(release), bool)
    for one in truth:
        for reading in (one.readings[0], *one.also):
            start, end = samples(reading.release)
            joints |= {start, end}
            inside[start:end] = True
    for at in range(1, len(release)):
        if not inside[at] and at not in joints:
            assert where[at] == where[at - 1] + 1


@pytest.mark.parametrize("seed", range(6))
def test_a_cut_removes_its_reference_span_and_nothing_else(seed: int) -> None:
    release, truth = edited(seed)
    where = position(release)
    cuts = [t.readings[0] for t in truth if t.kind is Kind.CUT]
    assert cuts
    for cut in cuts:
        at, _ = samples(cut.release)
        assert cut.reference is not None
        start, end = samples(cut.reference)
        assert (where[at - 1], where[at]) == (start - 1, end)


@pytest.mark.parametrize("seed", range(6))
def test_own_material_comes_from_the_span_that_is_told(seed: int) -> None:
    release, truth = edited(seed, weights={"repeated": 0.4, "moved": 0.4, "replaced": 0.2})
    where = position(release)
    for one in truth:
        start, end = samples(one.readings[0].release)
        if one.kind in (Kind.REPEATED, Kind.MOVED) or one.how.startswith("own"):
            assert one.readings[0].reference is not None
            source, _ = samples(one.readings[0].reference)
            assert list(where[start:end]) == list(range(source, source + end - start))
        else:
            assert (release[start:end] < 0).all()


@pytest.mark.parametrize("seed", range(4))
def test_repeated_material_is_heard_twice_and_moved_material_once(seed: int) -> None:
    release, truth = edited(seed, weights={"repeated": 0.5, "moved": 0.3, "cut": 0.2})
    heard = np.bincount(position(release), minlength=SIZE)
    for one in truth:
        assert one.readings[0].reference is not None
        start, end = samples(one.readings[0].reference)
        times = {Kind.REPEATED: 2, Kind.MOVED: 1, Kind.CUT: 0}[one.kind]
        if one.kind is Kind.REPEATED:  # the same stretch may be chosen again
            assert (heard[start:end] >= times).all()
        else:
            assert (heard[start:end] == times).all()


def test_each_reading_of_a_loop_holds_the_same_sound() -> None:
    loops = []
    for seed in range(12):
        release, truth = edited(seed, weights={"repeated": 1.0})
        loops += [(release, t) for t in truth if t.how == "loop"]
    assert loops
    for release, loop in loops:
        one, two = (samples(r.release) for r in loop.readings)
        assert list(release[slice(*one)]) == list(release[slice(*two)])


def test_the_same_seed_gives_the_same_release() -> None:
    one, two = edited(7), edited(7)
    assert (one[0] == two[0]).all()
    assert one[1] == two[1]
    assert len(edited(8)[0]) != len(one[0])


def test_muting_a_pause_does_not_count() -> None:
    original = numbered() * np.repeat(np.resize([1.0, 1.0, 0.01], SIZE // RATE), RATE).astype(np.float32)
    original[100 * RATE :] = 1e-5
    editor = Editor(
        original,
        RATE,
        [np.full(9 * RATE, -0.2, np.float32)],
        replace(CODEC, weights={"muted": 1.0}),
        np.random.default_rng(1),
        double_speed,
    )
    editor.edit()

    def loud(second: float) -> bool:
        return second < 100 and int(second) % 3 < 2

    within = [
        (t, loud(start))
        for t in editor.truth
        for start, end in [t.readings[0].reference or (0.0, 0.0)]
        if t.how != "bleep" and loud(start) == loud(end) and int(start) == int(end)
    ]
    assert {True, False} == {spoken for _, spoken in within}
    assert all(truth.counts == spoken for truth, spoken in within)
    assert all(t.counts for t in editor.truth if t.how == "bleep")
