"""What the tests of seals share."""

from __future__ import annotations

import pytest

from tests.seal.excerpts import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("excerpt"))
