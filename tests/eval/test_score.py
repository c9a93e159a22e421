"""The scorer: what is found, what is missed, what was never made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.records import Found, Record, encode, parse
from eval.score import Score, score
from eval.stats import rate_upper, share_bounds
from eval.truth import Part, Reading, Truth
from wholetape.findings import Kind

CUT = Truth(Kind.CUT, (Reading((10.0, 10.0), (10.0, 10.5)),), 0.5, "cut 500 ms")
SPOKEN = Truth(Kind.REPLACED, (Reading((20.0, 21.0), (20.5, 21.2)),), 1.0, "foreign speech, 1.4 x as long")
MOVED = Truth(
    Kind.MOVED,
    (Reading((40.0, 41.0), (31.0, 32.0)), Reading((30.0, 40.0), (32.0, 42.0))),
    1.0,
    "moved",
    also=(Reading((30.0, 30.0), (31.0, 32.0)),),
)


def found(kind: Kind, release: tuple[float, float], reference: tuple[float, float] | None, sure: float = 0.95) -> Found:
    return Found(kind, release, reference, sure)


def scored(truth: tuple[Truth, ...], *finds: Found, unverified: tuple[tuple[float, float], ...] = ()) -> Score:
    parts = (Part(0.0, 60.0, "one", "one.flac"),)
    record = Record("wav-1", 1, "wav", 1.0, "dev", "print", "edited", "edited", 60.0, parts, truth, finds, unverified)
    return score(record)


def test_an_edit_told_at_its_place_is_found_with_the_errors_of_its_boundaries() -> None:
    result = scored((CUT,), found(Kind.CUT, (10.02, 10.02), (10.02, 10.51)))
    (hit,) = result.hits
    assert hit.right_kind
    assert (round(hit.start_error, 3), round(hit.end_error, 3)) == (0.02, 0.01)
    assert not result.misses
    assert not result.false


def test_a_find_where_nothing_was_done_is_false() -> None:
    result = scored((CUT,), found(Kind.CUT, (50.0, 50.0), (50.5, 51.0)))
    assert len(result.false) == len(result.misses) == 1


def test_a_cut_at_the_right_release_place_but_of_other_material_is_false() -> None:
    result = scored((CUT,), found(Kind.CUT, (10.0, 10.0), (30.0, 30.5)))
    assert len(result.false) == len(result.misses) == 1


def test_a_cut_that_slid_within_a_pause_is_found_when_its_length_is_right() -> None:
    slid = scored((CUT,), found(Kind.CUT, (10.8, 10.8), (10.8, 11.31)))
    assert round(slid.hits[0].start_error, 3) == 0.8
    assert not slid.false
    other = scored((CUT,), found(Kind.CUT, (10.8, 10.8), (10.8, 11.6)))
    assert len(other.false) == len(other.misses) == 1


def test_bits_of_a_long_edit_are_not_the_edit_nor_are_they_false() -> None:
    slow = Truth(Kind.SPEED, (Reading((20.0, 26.0), (20.0, 26.2)),), 6.0, "x 1.03", speed=1.03)
    result = scored((slow,), found(Kind.CUT, (21.0, 21.0), (21.0, 21.04)), found(Kind.CUT, (22.0, 22.0), (22.0, 22.05)))
    assert len(result.misses) == 1
    assert not result.false


def test_one_find_cannot_stand_for_two_edits() -> None:
    result = scored((CUT, SPOKEN), found(Kind.REPLACED, (9.0, 22.0), (9.0, 22.0)))
    assert not result.hits
    assert len(result.misses) == 2
    assert len(result.false) == 1


def test_an_insertion_and_a_cut_at_one_place_are_a_replacement_of_the_wrong_kind() -> None:
    result = scored((SPOKEN,), found(Kind.INSERTED, (20.0, 21.0), None), found(Kind.CUT, (20.0, 20.0), (20.5, 21.2)))
    (hit,) = result.hits
    assert not hit.right_kind
    assert len(hit.found) == 2
    assert not result.false


def test_moving_a_block_behind_another_is_moving_the_other_before_it() -> None:
    behind = scored((MOVED,), found(Kind.MOVED, (40.0, 41.0), (31.0, 32.0)))
    before = scored((MOVED,), found(Kind.MOVED, (30.0, 40.0), (32.0, 42.0)))
    assert behind.hits[0].right_kind
    assert before.hits[0].right_kind


def test_the_hole_of_moved_material_told_beside_it_is_not_false() -> None:
    result = scored(
        (MOVED,), found(Kind.REPEATED, (40.0, 41.0), (31.0, 32.0)), found(Kind.CUT, (30.0, 30.0), (31.0, 32.0))
    )
    assert not result.false
    assert not result.hits[0].right_kind


def test_silence_at_a_boundary_leaves_it_open() -> None:
    cut = Truth(Kind.CUT, CUT.readings, 0.5, "cut", start_slack=(0.1, 0.2), end_slack=(0.1, 0.2))
    result = scored((cut,), found(Kind.CUT, (10.15, 10.15), (10.15, 10.65)))
    assert result.hits[0].start_error == 0
    assert result.hits[0].end_error == 0


def test_a_pause_for_a_pause_is_neither_missed_nor_false() -> None:
    pause = Truth(Kind.MUTED, SPOKEN.readings, 1.0, "digital silence", counts=False)
    silent = scored((pause,))
    told = scored((pause,), found(Kind.MUTED, (20.0, 21.0), (20.5, 21.2)))
    assert not silent.misses
    assert not told.false
    assert len(told.passed) == 1


def test_a_missed_edit_under_an_unverified_stretch_is_told_apart() -> None:
    assert scored((SPOKEN,), unverified=((19.9, 21.0),)).misses[0].doubted
    assert not scored((SPOKEN,)).misses[0].doubted


def test_cuts_are_not_swallowed_by_the_speed_of_the_whole_file() -> None:
    speed = Truth(Kind.SPEED, (Reading((0.0, 60.0), (0.0, 63.0)),), 60.0, "whole file", speed=1.05)
    result = scored(
        (speed, CUT),
        Found(Kind.SPEED, (0.0, 60.0), (0.0, 63.0), 0.99, 1.05),
        found(Kind.CUT, (10.0, 10.0), (10.0, 10.5)),
        found(Kind.CUT, (44.0, 44.0), (46.0, 46.2)),
    )
    assert len(result.hits) == 2
    assert len(result.false) == 1


def test_a_record_reads_back_as_it_was_written() -> None:
    record = scored((CUT, MOVED), found(Kind.CUT, (1.0, 1.0), (1.0, 1.3)), unverified=((3.0, 4.0),)).record
    assert parse(encode(record)) == record


@given(st.integers(1, 400), st.data())
def test_the_bounds_of_a_share_enclose_it(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    low, high = share_bounds(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    assert high - low > 0


def test_bounds_known_from_tables() -> None:
    assert round(share_bounds(99, 100)[0], 4) == 0.9455
    assert round(share_bounds(10, 10)[0], 4) == 0.6915
    assert round(rate_upper(0, 10), 3) == 0.3
    assert round(rate_upper(2, 1), 2) == 6.3
