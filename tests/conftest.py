"""Settings of every test: machines differ in speed, and no test asserts a time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.load_profile("calm")
