"""Grids are parted by encoding, so that shadows and older encodings do not hide where one breaks."""

from __future__ import annotations

import numpy as np
import pytest

from wholetape.examining.codec.breaks import breaks, encodings, restless
from wholetape.examining.codec.grid import MONO, Grid, Transform
from wholetape.examining.codec.track import Run, Series, Track

COEFFICIENTS = 100.0
MP3 = Transform("mp3", "long", 44100)
AAC = Transform("aac", "kbd", 44100)


def there(offset, start, end, strength, transform=MP3):
    """A run of a grid that is there from ``start`` to ``end`` of 20 s, each coefficient ``strength`` below chance."""
    times = np.arange(0.005, 20, 0.01)
    sums = np.where((times >= start) & (times < end), strength * COEFFICIENTS, 0.0)
    track = Track(
        Grid(transform, MONO, offset, 10.0),
        times,
        Series(sums, np.full(len(times), COEFFICIENTS)),
        Series(np.zeros(len(times)), np.zeros(len(times))),
    )
    return Run(track, start, end, track.z(start, end))


def offsets(one):
    return sorted(run.track.grid.offset for run in one)


def test_a_clear_grid_and_its_shadow_are_two():
    clear, shadow = there(41, 0, 20, 0.5), there(41 + 288, 0, 20, 0.03)
    assert [offsets(one) for one in encodings([shadow, clear])] == [[41], [329]]


def test_a_splice_breaks_both_encodings_before_it_each_beside_its_own():
    found = [there(10, 0, 9, 0.5), there(300, 0, 9, 0.3), there(20, 9, 20, 0.5), there(310, 9, 20, 0.3)]
    parted = encodings(found)
    assert [offsets(one) for one in parted] == [[10, 20], [300, 310]]
    for one in parted:
        (told,) = breaks(sorted(one, key=lambda run: run.start))
        assert abs(told.at - 9) < 0.1


def test_shadows_of_both_sides_do_not_hide_a_break_nor_make_grids_restless():
    found = [there(41, 0, 9, 0.5), there(329, 0, 8, 0.03), there(197, 9, 16, 0.4), there(485, 9, 16, 0.03)]
    first = sorted(encodings(found)[0], key=lambda run: run.start)
    assert offsets(first) == [41, 197]
    assert not restless(first)
    (told,) = breaks(first)
    assert abs(told.at - 9) < 0.1


def test_grids_that_take_turns_fast_break_nothing():
    found = [there(10 * k, 1.5 * k, 1.5 * k + 1.5, 0.5) for k in range(8)]
    assert all(restless(one) for one in encodings(found))
    assert not breaks(found)


def test_long_blocks_that_short_ones_moved_break_nothing():
    """Vorbis alone does this to its grid; only of the AAC's hop are its blocks seen at all."""
    for apart in (128, 256, 641, 1024 - 128):
        assert not breaks([there(64, 0, 9, 0.5, AAC), there((64 + apart) % 1024, 9, 20, 0.5, AAC)])
    assert breaks([there(64, 0, 9, 0.5, AAC), there(64 + 131, 9, 20, 0.5, AAC)])
    assert breaks([there(64, 0, 9, 0.5), there(64 + 128, 9, 20, 0.5)])


def test_a_grid_is_gone_only_where_it_would_have_been_seen():
    before, after = there(10, 0, 9, 0.5), there(300, 9, 20, 0.5)
    assert breaks([before, after])
    faint = there(300, 9, 20, 0.003)  # 9 s of it, too, would stand out by less than seven deviations
    assert not breaks([before, faint])


def test_what_carries_neither_grid_has_two_ends():
    assert [round(one.at, 1) for one in breaks([there(10, 0, 8, 0.5), there(300, 11, 20, 0.5)])] == [8.0, 11.0]


@pytest.mark.parametrize("heard", [0.0, 0.08, 0.5])
def test_a_pause_between_grids_is_one_place_however_little_is_heard_in_it(heard):
    found = [there(10, 0, 8, 0.5), there(300, 11, 20, 0.5)]
    for run in found:
        run.track.zeros.counts[800:1100] *= heard
    (told,) = breaks(found)
    assert told.start <= 8.1
    assert told.end >= 10.9
