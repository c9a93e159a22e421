"""Moments at another place between two stretches of one place: a repeat that happened to fit, and no edit."""

from __future__ import annotations

import numpy as np
import pytest

from wholetape.match.edl import listing
from wholetape.match.gaps import Content
from wholetape.match.score import Axis
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign, _without_visits


def row(length, place=900, back=0):
    """5 s of the reference, a moment of ``length`` ms from ``place`` frames further on, and 5 s from frame ``back``."""
    end = 5000 + length
    frames = round(end / 10)
    return [
        Held(((0, 500, 0),), 0.0, 5000.0),
        Held(((500, max(501, frames), place),), 5000.0, end, evidence=34.0),
        Held(((frames, frames + 500, back),), end, end + 5000.0, shift=0.6, evidence=16.0),
    ]


@pytest.fixture
def axis():
    n = 2000
    words, codes = np.zeros(n, np.uint64), np.full(n, 80, np.uint8)
    ones = np.ones(n, np.bool_)
    return Axis(words, codes, ~ones, ones, (0,), (n,), codes)


@pytest.mark.parametrize("length", [0.0, 12.0, 24.0])
def test_a_moment_of_two_frames_is_part_of_what_stands_around_it(length, axis):
    pieces = _without_visits(row(length))
    assert [type(p) for p in pieces] == [Held, Held]
    assert pieces[0].end_ms == pieces[1].start_ms == 5000 + length
    assert listing(pieces, axis).entries == ()


@pytest.mark.parametrize("length", [26.0, 49.0, 59.0])
def test_a_moment_of_a_few_frames_is_unverified_and_no_edit(length, axis):
    pieces = _without_visits(row(length))
    assert isinstance(pieces[1], Foreign)
    assert pieces[1].content is Content.MASKED
    made = listing(pieces, axis)
    assert made.entries == ()
    assert [(tile.kind.value, tile.release) for tile in made.tiles if tile.kind.value != "kept"] == [
        ("unverified", (5000.0, 5000 + length))
    ]


def test_a_stretch_that_laps_over_the_moment_begins_behind_it():
    """Its edge was refined against the moment's place, not against the one that it goes on from."""
    before, visit, after = row(0.0)
    after = Held(after.runs, 4888.0, after.end_ms, after.shift)
    first, second = _without_visits([before, visit, after])
    assert (first.end_ms, second.start_ms) == (5000.0, 5000.0)


@pytest.mark.parametrize(
    ("length", "place", "back"),
    [(61.0, 900, 0), (100.0, 900, 0), (40.0, 900, 2), (40.0, 900, -4), (40.0, 3, 40)],
    ids=["61 ms", "100 ms", "goes on 20 ms later", "goes on 40 ms earlier", "goes on elsewhere"],
)
def test_a_passage_is_a_passage_when_it_lasts_or_when_the_release_goes_on_elsewhere(length, place, back):
    pieces = row(length, place, back)
    assert _without_visits(pieces) == pieces


def test_the_lasting_passage_is_told(axis):
    assert [entry.kind.value for entry in listing(row(100.0), axis).entries] == ["replaced"]
