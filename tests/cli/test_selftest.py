"""The command ``selftest``: a copy that computes wrong answers says so and fails."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest


@pytest.fixture
def answers(monkeypatch):
    def give(*pairs):
        fake = ModuleType("wholetape.match.selftest")
        vars(fake)["run"] = lambda: list(pairs)
        monkeypatch.setitem(sys.modules, "wholetape.match.selftest", fake)

    return give


def test_right_answers_are_told_one_by_one(run, answers):
    answers(("print of a chirp", True), ("alignment", True))
    ran = run("selftest")
    assert (ran.code, ran.out) == (0, "ok     print of a chirp\nok     alignment\n")


@pytest.mark.parametrize("pairs", [[("a", True), ("b", False)], []])
def test_one_wrong_answer_or_none_at_all_fails(run, answers, pairs):
    answers(*pairs)
    ran = run("selftest")
    assert ran.code == 70
    assert "the self-test failed" in ran.err


def test_the_installed_copy_computes_its_known_answers(program):
    ran = program("selftest")
    assert ran.code == 0, ran.err
    assert ran.out.count("ok ") >= 3
