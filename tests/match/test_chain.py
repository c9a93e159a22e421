"""The chain: stretches that follow the references in order, together the longest."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholetape.match.chain import main_chain, split_overlap
from wholetape.match.segments import Held


def held(start, end, ref):
    """Milliseconds [start, end) of the release at ``ref`` of the references; all in whole frames."""
    return Held(((start // 10, end // 10, (ref - start) // 10),), float(start), float(end))


def row(pieces):
    """Stretches of these (length, place) in ms, one after another."""
    out, at = [], 0
    for length, ref in pieces:
        out.append(held(at, at + length, ref))
        at += length
    return out


rows = st.lists(
    st.tuples(st.integers(10, 400).map(lambda n: n * 10), st.integers(0, 1000).map(lambda n: n * 10)),
    min_size=1,
    max_size=7,
).map(row)


def weight(chosen):
    """What a chain is worth: its length, less what two members share and a little for each jump; None if no chain."""
    total = 0.0
    for k, now in enumerate(chosen):
        total += now.end_ms - now.start_ms
        if k:
            before = chosen[k - 1]
            if now.ref_start_ms < before.ref_start_ms or now.ref_end_ms < before.ref_end_ms + 25:
                return None
            total -= max(0.0, before.ref_end_ms - now.ref_start_ms)
            total -= min(30.0, abs(now.ref_start_ms - before.ref_end_ms))
    return total


@given(rows)
def test_a_chain_goes_forward_in_release_and_reference(pieces):
    chain = main_chain(pieces)
    assert chain == sorted(set(chain))
    for a, b in pairwise(chain):
        assert pieces[a].ref_start_ms <= pieces[b].ref_start_ms
        assert pieces[a].ref_end_ms < pieces[b].ref_end_ms


@given(rows)
def test_no_chain_is_heavier(pieces):
    best = max(
        w
        for n in range(1, len(pieces) + 1)
        for some in combinations(pieces, n)
        if (w := weight(list(some))) is not None
    )
    assert weight([pieces[k] for k in main_chain(pieces)]) == pytest.approx(best)


def test_nothing_held_is_no_chain():
    assert main_chain([]) == []


def test_a_moved_passage_is_left_out_of_the_chain():
    assert main_chain(row([(5000, 0), (1000, 9000), (4000, 5000)])) == [0, 2]


def test_what_a_member_takes_up_again_stands_apart_before_it():
    pieces = row([(5000, 0), (5000, 4300)])
    out, members = split_overlap(pieces, main_chain(pieces))
    assert [(h.start_ms, h.end_ms, h.ref_start_ms) for h in out] == [
        (0, 5000, 0),
        (5000, 5700, 4300),
        (5700, 10000, 5000),
    ]
    assert members == {0, 2}


@given(rows)
def test_splitting_changes_neither_length_nor_place(pieces):
    out, members = split_overlap(pieces, main_chain(pieces))
    assert sum(h.end_ms - h.start_ms for h in out) == pytest.approx(sum(h.end_ms - h.start_ms for h in pieces))
    for a, b in pairwise(sorted(members)):
        assert out[b].ref_start_ms >= out[a].ref_end_ms - 25.001
