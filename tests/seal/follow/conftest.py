"""A recording that is followed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.seal.follow.desk_and_room import Room


@pytest.fixture
def room() -> Iterator[Room]:
    with Room() as room:
        yield room
