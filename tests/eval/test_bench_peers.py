"""How the peers are judged: a stretch tells an edit where it lies on it, and is no wider than a listener bears."""

from __future__ import annotations

from bench.peers import Row, line, places, score, table
from bench.peers_child import Window, changes

CUT, WORD = (30.0, 30.0), (60.0, 61.0)


def test_a_stretch_on_an_edit_finds_it_and_its_nearer_boundary_counts():
    found, errors, ghosts = score([(29.9, 30.1), (60.2, 61.5)], [CUT, WORD])
    assert (found, ghosts) == (2, 0)
    assert [round(e, 3) for e in errors] == [0.1, 0.2]


def test_a_stretch_that_holds_no_edit_is_a_ghost():
    assert score([(10.0, 12.0)], [CUT])[::2] == (0, 1)


def test_a_stretch_of_half_a_minute_finds_nothing_that_is_far_from_its_ends():
    assert score([(15.0, 45.0)], [CUT])[0] == 0


def test_the_offset_of_windows_changes_where_something_was_done():
    windows: list[Window] = [(t, t + 10.0, 0.0 if t < 30 else 2.0) for t in range(0, 60, 5)]
    assert changes(windows, 70.0) == [[25.0, 40.0]]


def test_windows_that_are_not_found_are_told():
    assert changes([(0.0, 10.0, 1.0), (5.0, 15.0, None), (10.0, 20.0, 1.0)], 20.0) == [[5.0, 15.0]]


def test_the_checks_own_answer_and_the_peers_are_read_alike():
    assert places("wholetape", {"edits": [{"release": [1.0, 2.0]}]}) == places("fpcalc", [[1.0, 2.0]]) == [(1.0, 2.0)]


def test_a_program_that_gives_no_answer_has_a_row_that_says_so():
    assert "no answer" in line(Row("audalign", 60.0, 1800.0, 1700.0, 0, 0, 10, (), 0, "no answer in half an hour"))


def test_every_row_has_the_columns_of_the_head():
    rows = [
        Row("ffmpeg's decode", 10.0, 1.0, 1.0, 0, 0, 0, (), 0),
        Row("wholetape", 10.0, 1.0, 1.0, 0, 2, 2, (0.001, 0.003), 0),
        Row("audalign", 10.0, 300.0, 300.0, 0, 0, 2, (), 0, "no answer in 5 min"),
    ]
    lines = table(rows).splitlines()
    assert {row.count("|") for row in lines} == {lines[0].count("|")}
    assert "2 of 2 | 2 ms | 0 |" in lines[3]
