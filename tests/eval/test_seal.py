"""A sample of the flips of ``python -m eval.seal``, which takes every byte."""

from __future__ import annotations

import pytest

from eval.seal import Case, attacked, damaged, recordings, tell


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return Case.make(tmp_path_factory.mktemp("case"), seconds=3)


def test_the_unchanged_seal_verifies(case):
    assert case.judge(case.seal.encode()) == ""


def test_damage_anywhere_in_a_seal_is_found(case):
    assert damaged(case, 2, 200).missed == []


def test_a_change_of_any_member_is_found_also_when_the_sum_is_made_to_fit(case):
    tally = attacked(case, 2, 12)
    assert tally.missed == [], tell("flips", tally)
    assert len(tally.counts) >= 5, "the flips reached only some of the checks"


def test_a_flipped_bit_in_a_recording_is_found(case):
    assert recordings(case, 2, 60).missed == []
