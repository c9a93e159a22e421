"""Pieces built by hand become the entries that the contract names, each once, and tiles without gap or overlap."""

from __future__ import annotations

import numpy as np
import pytest

from wholetape.match.edl import confidence, listing
from wholetape.match.gaps import Content
from wholetape.match.params import ALIGN
from wholetape.match.printfile import Track
from wholetape.match.score import Axis
from wholetape.match.segments import Held
from wholetape.match.timeline import Foreign


def axis(*seconds):
    return Axis.of([Track(0, 255, np.zeros(n * 100, np.uint64), np.zeros(n * 25, np.uint8)) for n in seconds])


def held(start, end, ref, speed=1.0):
    """Seconds [start, end) of the release at ``ref`` seconds of the axis."""
    first = round(start * 100)
    return Held(((first, round(end * 100), round(ref * 100) - first),), start * 1000, end * 1000, speed=speed)


def foreign(start, end, content=Content.OTHER, evidence=100.0):
    return Foreign(start * 1000, end * 1000, content, evidence)


def entries(*pieces, on=None):
    """(kind, release, reference) of the entries, in seconds; the tiles are looked at in passing."""
    found = listing(list(pieces), on or axis(60))
    at = pieces[0].start_ms
    for tile in found.tiles:
        assert tile.release[0] == pytest.approx(at)
        at = tile.release[1]
    assert at == pytest.approx(pieces[-1].end_ms)
    return [
        (str(e.kind), seconds(e.release), seconds(e.reference) if e.reference is not None else None)
        for e in found.entries
    ]


def seconds(interval):
    return pytest.approx((interval[0] / 1000, interval[1] / 1000), abs=1e-6)


def test_one_stretch_is_no_edit():
    assert entries(held(0, 60, 0)) == []


def test_a_jump_forward_is_a_cut():
    assert entries(held(0, 10, 0), held(10, 40, 12)) == [("cut", (10, 10), (10, 12))]


def test_a_jump_back_is_repeated():
    assert entries(held(0, 10, 0), held(10, 40, 9)) == [("repeated", (10, 11), (9, 10))]


def test_foreign_sound_over_nothing_is_inserted():
    assert entries(held(0, 10, 0), foreign(10, 11), held(11, 40, 10)) == [("inserted", (10, 11), None)]


@pytest.mark.parametrize("gone", [0.5, 1.0, 2.0])
def test_foreign_sound_over_something_is_replaced(gone):
    assert entries(held(0, 10, 0), foreign(10, 11), held(11, 40, 10 + gone)) == [
        ("replaced", (10, 11), (10, 10 + gone))
    ]


@pytest.mark.parametrize("content", [Content.SILENT, Content.TONE])
def test_silence_or_a_tone_of_the_same_length_is_muted(content):
    assert entries(held(0, 10, 0), foreign(10, 11, content), held(11, 40, 11)) == [("muted", (10, 11), (10, 11))]


def test_noise_with_no_evidence_of_other_content_is_unverified_and_no_edit():
    found = listing([held(0, 10, 0), foreign(10, 11, Content.MASKED), held(11, 40, 11)], axis(60))
    assert found.entries == ()
    assert [str(t.kind) for t in found.tiles] == ["kept", "unverified", "kept"]


@pytest.mark.parametrize("seconds", [0.013, 0.024, 0.026, 0.06])
def test_a_moment_of_such_noise_is_no_edit_however_short(seconds):
    found = listing(
        [held(0, 10, 0), foreign(10, 10 + seconds, Content.MASKED), held(10 + seconds, 40, 10 + seconds)], axis(60)
    )
    assert found.entries == ()
    assert [str(t.kind) for t in found.tiles] == ["kept", "unverified", "kept"]


def test_a_moment_of_such_noise_that_stands_over_nothing_is_inserted():
    assert entries(held(0, 10, 0), foreign(10, 10.024, Content.MASKED), held(10.024, 40, 10)) == [
        ("inserted", (10, 10.024), None)
    ]


def test_a_passage_heard_earlier_than_at_its_place_and_missing_there_is_moved_without_a_cut():
    pieces = (held(0, 10, 0), held(10, 12, 25), held(12, 27, 10), held(27, 40, 27))
    assert entries(*pieces) == [("moved", (10, 12), (25, 27))]


def test_a_passage_that_is_kept_at_its_place_too_is_repeated():
    assert entries(held(0, 10, 0), held(10, 12, 25), held(12, 40, 10)) == [("repeated", (10, 12), (25, 27))]


def test_a_passage_over_other_material_is_replaced():
    assert entries(held(0, 10, 0), held(10, 12, 25), held(12, 40, 12)) == [("replaced", (10, 12), (25, 27))]


def test_foreign_head_and_tail_are_inserted_or_replaced_by_what_is_missing_there():
    assert entries(foreign(0, 2), held(2, 30, 0)) == [("inserted", (0, 2), None)]
    assert entries(foreign(0, 2), held(2, 30, 2)) == [("replaced", (0, 2), (0, 2))]
    assert entries(held(0, 30, 0), foreign(30, 32)) == [("inserted", (30, 32), None)]
    assert entries(held(0, 58, 0), foreign(58, 60)) == [("replaced", (58, 60), (58, 60))]


def test_encoder_delay_is_no_edit():
    assert entries(foreign(0, 0.1, Content.NONE), held(0.1, 30, 0)) == []


def test_a_stretch_at_another_speed_is_one_edit():
    pieces = (held(0, 10, 0), held(10, 20, 10, 1.1), held(20, 40, 21))
    assert entries(*pieces) == [("speed", (10, 20), (10, 21))]


def test_a_sliver_of_reference_behind_foreign_sound_belongs_to_it():
    assert entries(held(0, 10, 0), foreign(10, 10.76), held(10.76, 40, 9.96)) == [("inserted", (10, 10.8), None)]


def second(seconds):
    """That place of the second of two references of 20 s, on the axis."""
    return 20 + ALIGN.gap_frames / 100 + seconds


def test_where_two_references_join_nothing_is_told():
    assert entries(held(0, 20, 0), held(20, 40, second(0)), on=axis(20, 20)) == []
    assert entries(held(0, 19.99, 0), held(19.99, 40, second(-0.01)), on=axis(20, 20)) == []
    assert entries(held(0, 20.01, 0), held(20.01, 40, second(0.01)), on=axis(20, 20)) == []


def test_ends_of_references_left_out_where_they_join_are_cut():
    pieces = (held(0, 18, 0), held(18, 37, second(1)))
    end = second(0)
    assert entries(*pieces, on=axis(20, 20)) == [("cut", (18, 18), (18, 20)), ("cut", (18, 18), (end, end + 1))]


def test_what_stands_between_two_references_and_is_of_neither_is_inserted():
    pieces = (held(0, 20.5, 0), held(20.5, 41, second(-0.5)))
    assert entries(*pieces, on=axis(20, 20)) == [("inserted", (20, 21), None)]


def test_confidence_grows_with_the_evidence():
    steps = [confidence(nats) for nats in (0, 10, 20, 40, 1e9)]
    assert steps == sorted(steps)
    assert steps[0] < 0.5 < 0.9 < steps[3]
    assert steps[-1] <= 1.0
