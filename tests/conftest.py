"""Settings of every test: machines differ in speed, and no test asserts a time. One PostgreSQL server for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.load_profile("calm")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory) -> Iterator[object]:
    """A PostgreSQL server on the loopback interface."""
    from bench.postgres import Postgres, missing

    if why := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{why}, and this machine must have it")
        pytest.skip(why)
    with ExitStack() as stack:
        yield stack.enter_context(Postgres(tmp_path_factory.mktemp("postgres"), "fsync=off"))
