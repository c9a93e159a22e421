"""The share of real edits by evidence: counted, leaning on the curve where little was counted, and never falling."""

from __future__ import annotations

import ast
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eval.calibrate import PRIOR, Told, classes, fitted, module, points, table
from eval.stats import share_bounds


def findings(evidenced: float, real: int, false: int, clarity: float = 8.0) -> list[Told]:
    return [Told("wav-1", "wav", "one", evidenced, clarity, k < real) for k in range(real + false)]


def test_many_findings_decide_the_share_and_few_leave_the_curve() -> None:
    top = fitted(findings(0.9995, 800, 200))[-1]
    assert (top.real, top.count) == (800, 1000)
    assert abs(top.share - 0.8) < 0.01
    middle = next(b for b in fitted(findings(0.95, 1, 0)) if b.count)
    assert 0.95 <= middle.share <= (1 + PRIOR * 0.95) / (1 + PRIOR)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60).map(
        lambda pairs: [Told("a", "wav", "one", e, 8.0, r) for e, r in pairs]
    )
)
def test_more_evidence_never_means_less_confidence(some: list[Told]) -> None:
    table = points(fitted(some))
    assert all(a[1] <= b[1] for a, b in pairwise(table))
    assert all(a[0] < b[0] for a, b in pairwise(table))
    assert all(0 <= share <= 1 for _, share in table)


def test_where_nothing_told_was_false_the_bound_is_all_that_is_known() -> None:
    assert fitted(findings(0.9995, 162, 0))[-1].share == share_bounds(162, 162)[0] < 0.98


def test_another_microphones_copies_are_counted_apart() -> None:
    groups = classes(findings(0.999, 3, 0) + findings(0.999, 1, 2, clarity=1.0))
    assert (len(groups["clear"]), len(groups["apart"])) == (3, 3)
    assert "| apart | 0.999–1 | 1 of 3 |" in table(groups)


def test_what_is_written_is_a_module_with_its_label() -> None:
    text = module(classes(findings(0.999, 3, 0)), "calibrated on 3 edits")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    space: dict[str, object] = {}
    exec(compile(tree, "calibration.py", "exec"), space)
    assert getattr(space["CALIBRATION"], "label", "") == "calibrated on 3 edits"
