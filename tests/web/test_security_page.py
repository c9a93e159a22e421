"""docs/security.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMED = sorted(set(re.findall(r"`([\w/]+)::(\w+)`", (ROOT.parent / "docs" / "security.md").read_text())))


@pytest.mark.parametrize(("module", "name"), NAMED)
def test_what_shows_an_answer_is_there(module, name):
    text = (ROOT / f"{module}.py").read_text()
    assert re.search(rf"^\s*(def|class) {name}\b", text, re.MULTILINE)


def test_it_names_many():
    assert len(NAMED) > 20
