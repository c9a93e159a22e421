"""The outcome follows from the traces and from how far the methods reached, by rules that stand in one place."""

from __future__ import annotations

import pytest

from wholetape.traces import Reach, Trace, Verdict, Weight, conclude

SEEN, BLIND = Reach("a", 0.4), Reach("b", 0.0)


def trace(weight):
    return Trace("name", None, "finding", weight, "innocent")


@pytest.mark.parametrize(
    ("weights", "reaches", "outcome"),
    [
        ([], [SEEN, BLIND], Verdict.NONE_FOUND),
        ([Weight.NOTED], [SEEN], Verdict.NONE_FOUND),
        ([Weight.PROCESSED, Weight.NOTED], [SEEN], Verdict.PROCESSED),
        ([Weight.PROCESSED], [BLIND], Verdict.NOT_EXAMINABLE),
        ([], [], Verdict.NOT_EXAMINABLE),
        ([Weight.PROCESSED, Weight.BREAKS], [SEEN], Verdict.INCONSISTENT),
    ],
)
def test_one_break_makes_it_inconsistent_and_without_a_method_nothing_is_said(weights, reaches, outcome):
    assert conclude([trace(weight) for weight in weights], reaches) is outcome
