"""The best path through candidate diagonals and foreign sound, held against all paths of tiny cases."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.match.made import babble, cut, scorer_of
from wholetape.match.params import ALIGN
from wholetape.match.viterbi import best_path, solve, transitions


def value(path, scores, table):
    steps = sum(table[a, b] for a, b in pairwise(path))
    return float(steps + sum(scores[state, t] for t, state in enumerate(path)))


@given(
    arrays(np.float32, st.tuples(st.integers(1, 3), st.integers(1, 6)), elements=st.integers(-30, 30)),
    st.lists(st.integers(-50, 50), min_size=2, max_size=2, unique=True),
    st.booleans(),
)
def test_no_path_scores_more_than_the_best_one(scores, diagonals, held):
    table = transitions(diagonals[: len(scores) - 1])
    first = 0 if held else None
    found = best_path(scores, table, first).tolist()
    paths = [p for p in product(range(len(scores)), repeat=scores.shape[1]) if not held or p[0] == 0]
    assert not held or found[0] == 0
    assert value(found, scores, table) == pytest.approx(max(value(p, scores, table) for p in paths), abs=1e-3)


def test_a_step_of_one_frame_costs_less_than_a_jump_and_staying_costs_nothing():
    table = transitions([10, 11, 50])
    assert np.diag(table).tolist() == [0, 0, 0, 0]
    assert table[0, 1] == -ALIGN.drift
    assert table[0, 2] == -ALIGN.jump
    assert (table[:3, 3] == -ALIGN.leave).all()
    assert (table[3, :3] == -ALIGN.leave).all()


def test_runs_tile_the_region_and_name_the_diagonals():
    original, other = babble(12, 1), babble(2, 2)
    release = np.concatenate([cut(original, 0, 4), other, cut(original, 4, 6), cut(original, 8, 12)])
    scorer = scorer_of(release, original)
    runs = solve(scorer, 100, 1100, [-200, 0, 77], 0)
    assert [d for _, _, d in runs] == [0, None, -200, 0]
    assert runs[0][0] == 100
    assert runs[-1][1] == 1100
    assert [a[1] for a in runs[:-1]] == [b[0] for b in runs[1:]]
    assert [edge for _, edge, _ in runs[:-1]] == pytest.approx([400, 600, 800], abs=4)
