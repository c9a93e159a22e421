"""``follow.html`` as tests hold it: what a person does with it, and what its script answers."""

from __future__ import annotations

import zipfile
from pathlib import Path


class Opened:
    """The page, opened from a file: what a person does with it, and what its script answers."""

    def __init__(self, visit, file: Path) -> None:
        self.visit = visit
        self.page = visit.go(file)

    def run(self, script: str):
        return self.page.evaluate(script)

    def until(self, condition: str, seconds: float = 30.0) -> None:
        self.visit.until(f"Boolean({condition})", seconds)

    def choose(self, field: str, path: Path) -> None:
        self.page.set_input_files(field, path)

    def thrown(self, script: str) -> str:
        """The words with which a script fails; empty where it does not."""
        return str(self.run(f"(() => {{ try {{ {script}; return ''; }} catch (e) {{ return e.message; }} }})()"))

    def saved(self) -> dict[str, bytes]:
        """What the page hands over when its button Save is pressed: files by their names."""
        with self.page.expect_download() as waiting:
            self.page.click("#save")
        assert waiting.value.suggested_filename == "followed.zip"
        with zipfile.ZipFile(waiting.value.path()) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}
