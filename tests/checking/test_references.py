"""Several references are the sessions of one meeting, or the pieces into which a recorder split one."""

from __future__ import annotations

import pytest

from tests.checking.desk import check, meeting, near, one_edit, save, silence, splice, told
from wholetape.findings import Outcome


@pytest.fixture(scope="module")
def sessions(room):
    """Two sessions of 20 s."""
    return [
        save(room / "session1.wav", meeting(0, 20)),
        save(room / "session2.wav", meeting(40, 60)),
    ]


@pytest.fixture
def joined(tmp_path, sessions):
    return lambda *parts: check(save(tmp_path / "joined.wav", splice(*parts)), *sessions)


def test_a_release_that_joins_all_sessions_is_whole(joined):
    result = joined(meeting(0, 20), meeting(40, 60))
    assert result.outcome is Outcome.WHOLE, told(result)
    assert [(s.source, round(s.release.seconds[0], 1)) for s in result.spans] == [(0, 0.0), (1, 20.0)]
    assert result.coverage.references == pytest.approx((1.0, 1.0), abs=0.002)


@pytest.mark.parametrize(("kept", "other"), [((0, 20), 1), ((40, 60), 0)])
def test_one_session_of_two_is_an_excerpt(joined, kept, other):
    result = joined(meeting(*kept))
    assert result.outcome is Outcome.EXCERPT
    [missing] = result.missing
    assert missing.source == other
    assert near(missing.reference, 0.0, 20.0)
    assert result.coverage.references[other] == 0.0


def test_sessions_in_another_order_than_the_references_are_moved(joined):
    result = joined(meeting(40, 60), meeting(0, 20))
    assert [str(e.kind) for e in result.edits] == ["moved"], told(result)
    assert result.outcome is Outcome.EDITED


def test_an_edit_is_told_on_the_clock_of_its_session(joined):
    result = joined(meeting(0, 20), meeting(40, 45), meeting(46, 60))
    edit = one_edit(result, "cut", (25.0, 25.0), (5.0, 6.0))
    assert edit.source == 1


@pytest.mark.parametrize(
    ("parts", "source", "release", "reference"),
    [
        (((0, 18), (40, 60)), 0, 18.0, (18.0, 20.0)),
        (((0, 20), (42, 60)), 1, 20.0, (0.0, 2.0)),
    ],
)
def test_the_end_or_beginning_of_a_session_left_out_where_two_join_is_cut(joined, parts, source, release, reference):
    result = joined(*(meeting(a, b) for a, b in parts))
    edit = one_edit(result, "cut", (release, release), reference)
    assert edit.source == source
    assert result.missing == ()


def test_a_pause_put_between_two_sessions_is_inserted(joined):
    one_edit(joined(meeting(0, 20), silence(1.0), meeting(40, 60)), "inserted", (20.0, 21.0), None, within=0.06)


def test_words_of_a_later_session_in_an_earlier_one_are_repeated_moved_or_replaced(joined):
    repeated = joined(meeting(0, 10), meeting(45, 47), meeting(10, 20), meeting(40, 60))
    assert one_edit(repeated, "repeated", (10.0, 12.0), (5.0, 7.0)).source == 1
    moved = joined(meeting(0, 10), meeting(45, 47), meeting(10, 20), meeting(40, 45), meeting(47, 60))
    assert one_edit(moved, "moved", (10.0, 12.0), (5.0, 7.0)).source == 1
    replaced = joined(meeting(0, 10), meeting(45, 47), meeting(12, 20), meeting(40, 60))
    assert one_edit(replaced, "replaced", (10.0, 12.0), (5.0, 7.0)).source == 1


def test_pieces_into_which_a_recorder_split_a_recording_are_one(tmp_path):
    pieces = [
        save(tmp_path / f"piece{k}.wav", meeting(a, b)) for k, (a, b) in enumerate(((0, 7.4), (7.4, 15.1), (15.1, 24)))
    ]
    release = save(tmp_path / "release.wav", meeting(0, 24))
    result = check(release, *pieces)
    assert result.outcome is Outcome.WHOLE, told(result)
    cut = save(tmp_path / "cut.wav", splice(meeting(0, 15.8), meeting(16.8, 24)))
    edit = one_edit(check(cut, *pieces), "cut", (15.8, 15.8), (0.7, 1.7))
    assert edit.source == 2
    without = check(save(tmp_path / "without.wav", splice(meeting(0, 7.4), meeting(15.1, 24))), *pieces)
    assert without.outcome is Outcome.EXCERPT
    assert [m.source for m in without.missing] == [1]


def test_a_cut_across_two_pieces_is_told_in_both(tmp_path):
    pieces = [save(tmp_path / "a.wav", meeting(0, 15.4)), save(tmp_path / "b.wav", meeting(15.4, 30))]
    result = check(save(tmp_path / "release.wav", splice(meeting(0, 15), meeting(16, 30))), *pieces)
    assert [(str(e.kind), e.source) for e in result.edits] == [("cut", 0), ("cut", 1)], told(result)
    assert near(result.edits[0].reference, 15.0, 15.4)
    assert near(result.edits[1].reference, 0.0, 0.6)


def test_a_recording_and_the_print_of_another_serve_together(tmp_path, meeting_print):
    other = save(tmp_path / "other.wav", meeting(60, 75))
    result = check(save(tmp_path / "release.wav", splice(meeting(0, 40), meeting(60, 75))), meeting_print, other)
    assert result.outcome is Outcome.WHOLE, told(result)
    assert [r.kind for r in result.references] == ["print", "audio"]


def test_a_reference_given_twice_is_heard_once_and_told_for_both(tmp_path, sessions):
    release = save(tmp_path / "a.wav", splice(meeting(0, 8), meeting(10, 20), meeting(40, 60)))
    result = check(release, sessions[0], sessions[0], sessions[1])
    edit = one_edit(result, "cut", (8.0, 8.0), (8.0, 10.0))
    assert edit.source == 0
    assert [s.source for s in result.spans] == [0, 0, 2]
    assert result.coverage.references == pytest.approx((0.9, 0.9, 1.0), abs=0.01)
    assert len(result.references) == 3
    assert any("session1.wav is the same recording" in note for note in result.notes)
    whole = check(save(tmp_path / "b.wav", meeting(0, 20)), sessions[0], sessions[0])
    assert whole.outcome is Outcome.WHOLE


def test_a_release_of_moments_that_lie_between_the_print_s_frames_is_edited(tmp_path, sessions):
    parts = [meeting(0.2 + 2 * k, 0.75 + 2 * k) for k in range(3)]
    release = save(tmp_path / "moments.wav", splice(*(p[37:] for p in parts)))
    assert check(release, sessions[0]).outcome is not Outcome.UNRELATED
