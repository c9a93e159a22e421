"""Sound that is recorded, and folders that recorders leave."""

from __future__ import annotations

import pytest

from tests.seal.live import made


@pytest.fixture(scope="module")
def speech():
    return made.sound(6.3)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out"


@pytest.fixture(scope="module")
def unclosed(tmp_path_factory, speech):
    """A folder as a kill leaves it, and what had been cosigned."""
    path = tmp_path_factory.mktemp("unclosed") / "out"
    follower = made.record(path, speech, close=False, pause_at=[25])
    return path, follower.acks
