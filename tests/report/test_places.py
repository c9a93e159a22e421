"""Which sound a page holds: the places that were found, on the right clock, and never a copy of a recording."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report import results
from wholetape.findings import Edit, Kind
from wholetape.report.places import PAGE, chosen, pieces_of


def seconds(piece):
    return piece.span.seconds


def pieces(kind=Kind.REPLACED, release=(50.0, 51.0), reference: tuple[float, float] | None = (60.0, 62.0), **more):
    edit = Edit(kind, results.span(*release), 0, results.span(*reference) if reference else None, 0.99, **more)
    return pieces_of(edit, results.edited())


def test_a_cut_is_heard_at_the_join_and_what_was_cut_in_the_reference():
    join, cut = pieces(Kind.CUT, (50, 50), (50, 62.5))
    assert (join.source, seconds(join), join.role) == (None, (48, 52), "the join")
    assert (cut.source, seconds(cut), cut.role) == (0, (48, 64.5), "what was cut")
    assert cut.mark == results.span(50, 62.5)
    assert cut.path == "meeting.flac"


def test_an_insertion_has_its_place_in_the_release_alone():
    [here] = pieces(Kind.INSERTED, reference=None)
    assert here.source is None


def test_of_a_print_there_is_no_sound():
    result = replace(results.edited(), references=(results.reference(160, kind="print"),))
    assert all(piece.source is None for edit in result.edits for piece in pieces_of(edit, result))


def test_of_a_long_place_its_beginning_and_its_end_are_heard():
    _, begin, end = pieces(Kind.CUT, (50, 50), (50, 150))
    assert (seconds(begin), begin.role) == ((48, 58), "what was cut, its beginning")
    assert (seconds(end), end.role) == ((142, 152), "what was cut, its end")


def test_a_piece_ends_where_the_file_does():
    here, _ = pieces(release=(0.5, 1), reference=(60, 61))
    assert seconds(here) == (0, 3)
    here, _ = pieces(release=(149.5, 150), reference=(60, 61))
    assert seconds(here) == (147.5, 150)


@pytest.mark.parametrize(
    ("where", "stream", "channels"),
    [
        ("", 0, ()),
        ("channel 2", 0, (1,)),
        ("stream 2 channel 1", 1, (0,)),
        ("channel 1, channel 3", 0, (0, 2)),
        ("the sum of the channels", 0, ()),
        ("stream 0 channel 0", 0, ()),
        ("channel 99999999999999999999", 0, ()),
    ],
)
def test_an_edit_in_one_channel_is_heard_in_that_channel(where, stream, channels):
    assert {(p.stream, p.channels) for p in pieces(where=where)} == {(stream, channels)}


def many(count: int, length: float):
    edits = tuple(Edit(Kind.INSERTED, results.span(10 * k, 10 * k + 5), None, None, 0.99) for k in range(1, count + 1))
    return replace(results.whole(length), edits=edits)


def test_a_page_never_holds_more_than_half_of_a_file_and_of_a_short_one_half_a_minute():
    held = chosen([many(30, 320)])
    assert 150 <= sum(p.seconds for p in held) <= 160
    assert sum(p.seconds for p in chosen([many(5, 60)])) <= PAGE.least_share


def test_a_page_holds_a_bounded_time_of_sound_however_many_releases():
    releases = [replace(many(60, 4000), release=results.release(4000, path=f"{n}.m4a")) for n in range(4)]
    held = chosen(releases)
    assert PAGE.most_seconds - 10 < sum(p.seconds for p in held) <= PAGE.most_seconds


def test_the_same_place_is_held_once():
    assert len(chosen([results.edited(), results.edited()])) == len(chosen([results.edited()]))


def test_of_an_unrelated_release_nothing_is_held():
    assert chosen([results.unrelated()]) == ()
