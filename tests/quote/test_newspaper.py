"""Quotes as newspapers print them: the committed cases, one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wholetape.quote.find import find
from wholetape.quote.place import Index
from wholetape.transcript import formats

CASES = json.loads((Path(__file__).parents[2] / "eval" / "newspaper.json").read_text())["cases"]


def test_there_are_sixty_or_more():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["quote"][:50])
def test_a_careful_readers_verdict(case):
    result = find(Index(formats.read(case["transcript"].encode(), "the case")), case["quote"])
    steps = [[str(s.op), s.quote, s.transcript] for s in result.matches[0].diff] if result.matches else []
    kinds = {str(w.kind) for match in result.matches[:1] for w in match.warnings}
    assert str(result.outcome) == case["outcome"]
    assert all(step in steps for step in case["diff"])
    assert set(case["warnings"]) <= kinds
