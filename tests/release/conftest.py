"""A site published from the examples, once for all tests that only look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release import made


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """A site with one release that has everything that an unsealed recording can have."""
    return made.site(tmp_path_factory.mktemp("site"))
