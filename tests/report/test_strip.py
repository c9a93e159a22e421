"""The strip shows each edit at its place, legible without colour."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.report import results
from wholetape.findings import Edit, Kind
from wholetape.report.strip import KEPT, legend, ruler, strip


def test_each_letter_stands_at_its_share_of_the_release():
    line = strip(results.edited(), 150)
    assert line[61] == "C"
    assert line[80:83] == "III"
    assert (line[90], line[100], line[110], line[120]) == ("R", "A", "V", "M")
    assert line.count(KEPT) == 150 - 8


def test_two_kinds_in_one_place_are_several():
    assert "*" in strip(results.edited(), 10)


def test_unverified_stretches_show_where_no_edit_is():
    assert strip(results.undecided(), 60)[20:22] == "??"


def test_a_change_of_speed_lies_under_the_other_edits():
    slow = Edit(Kind.SPEED, results.span(0, 150), 0, results.span(0, 158), 0.99, speed=1.05)
    line = strip(replace(results.edited(), edits=(slow, *results.edited().edits)), 150)
    assert line[0] == "S"
    assert line[61] == "C"


def test_the_legend_explains_only_the_letters_that_occur():
    assert "cut" in legend("██C")
    assert "muted" not in legend("██C")


def test_a_cut_at_the_very_end_is_shown():
    at_end = Edit(Kind.CUT, results.span(60, 60), 0, results.span(60, 61), 0.99)
    assert strip(replace(results.whole(), edits=(at_end,)), 40)[-1] == "C"


@given(st.floats(0.01, 200_000), st.integers(36, 116))
def test_a_ruler_names_round_times_under_their_instants(seconds, columns):
    line = ruler(seconds, columns)
    assert len(line) <= columns
    assert line.startswith("|0:00")
    for at, mark in enumerate(line):
        if mark == "|":
            *hours, minutes, rest = (int(n) for n in line[at + 1 :].split("|")[0].split(":"))
            tick = (hours[0] if hours else 0) * 3600 + minutes * 60 + rest
            assert abs(tick * columns / seconds - at) <= 1


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(36, 116))
def test_a_strip_is_always_as_long_as_asked(seconds, at, columns):
    at = min(at, seconds)
    edit = Edit(Kind.INSERTED, results.span(at, seconds), None, None, 0.95)
    assert len(strip(replace(results.whole(seconds), edits=(edit,)), columns)) == columns
