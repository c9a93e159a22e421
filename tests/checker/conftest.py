"""The browser's engine, put together as pages have it and run in Node: what needs no browser is tested without one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from wholetape.release.checker import engine

RUN = Path(__file__).parent / "run.js"


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """Runs tasks of ``run.js`` in one process: a list of objects in, ``{"answer": …}`` or ``{"error": …}`` each out."""
    if shutil.which("node") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("node is missing, and this machine must have it")
        pytest.skip("node is missing")
    text = tmp_path_factory.mktemp("engine") / "engine.js"
    text.write_text(engine())

    def run(*tasks):
        words = json.dumps(tasks, default=str)
        done = subprocess.run(
            ["node", str(RUN), str(text)], input=words, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        assert not done.stderr, done.stderr
        return json.loads(done.stdout)

    return run
