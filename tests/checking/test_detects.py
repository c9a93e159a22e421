"""What a run says it could have seen: longer edits the noisier the copy, and nothing where nothing can be said."""

from __future__ import annotations

from wholetape.checking.detects import detects
from wholetape.match.params import EDITS


def test_a_clear_copy_shows_a_cut_of_30_ms():
    assert detects(11.0)["cut"] == 0.03


def test_the_noisier_the_copy_the_longer_the_shortest_edit():
    lengths = [detects(rate) for rate in (11.0, 7.0, 4.0, 2.0, 1.5)]
    for kind in ("cut", "inserted", "replaced", "muted"):
        assert [one[kind] for one in lengths] == sorted(one[kind] for one in lengths)


def test_between_two_microphones_nothing_below_half_a_second_is_claimed():
    assert min(detects(EDITS.far_rate - 0.01).values()) >= 0.5


def test_of_a_copy_that_can_hardly_be_read_nothing_is_claimed():
    assert detects(EDITS.faint_rate - 0.01) == {} == detects(0.0)


def test_of_a_telephone_copy_no_replacement_below_three_tenths_of_a_second_is_claimed():
    lengths = detects(EDITS.clear_rate - 0.01)
    assert min(lengths["replaced"], lengths["muted"]) >= 0.3 > lengths["inserted"]
