"""The evaluation's tests make media with the ffmpeg program: without it they are skipped, and fail where CI is set."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def encoders() -> Callable[..., None]:
    """Skips (with CI set: fails) the test unless the ffmpeg program can encode what is named."""
    known = ""
    if shutil.which("ffmpeg"):
        known = subprocess.run(["ffmpeg", "-v", "error", "-encoders"], capture_output=True, text=True).stdout

    def need(*names: str) -> None:
        missing = [name for name in names if f" {name} " not in known]
        if missing or not known:
            word = f"needs the ffmpeg program with: {', '.join(missing) or 'any encoder'}"
            pytest.fail(word) if os.environ.get("CI") else pytest.skip(word)

    return need
