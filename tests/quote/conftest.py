"""The program, run in this process."""

from __future__ import annotations

from tests.cli.conftest import here, run

__all__ = ["here", "run"]
