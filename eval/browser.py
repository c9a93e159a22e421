"""A real browser with the checker's page open: files are given to its engine, and what it answers is read."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholetape.release.checker import checker_page

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_CHECK = """async () => {
  window.engine ??= wholetape.engine();
  const against = [...document.getElementById("check1-against").files].map((file) => ({ name: file.name, file }));
  try {
    return (await window.engine.check({ release: document.getElementById("check1-copy").files[0], against }, {})).check;
  } catch (problem) { return { error: `${problem.name}: ${problem.message}` }; }
}"""
_WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.tasks.push(entry.duration); })
    .observe({ type: "longtask", buffered: false });
}"""


@dataclass
class Page:
    """The page, open in the browser."""

    page: Any
    profile: Path

    def check(self, release: Path, against: Sequence[Path]) -> tuple[dict[str, Any], float]:
        """The engine's report of a check, or ``{"error": …}``, and the seconds that it took."""
        self.page.set_input_files("#check1-copy", str(release))
        self.page.set_input_files("#check1-against", [str(path) for path in against])
        began = time.monotonic()
        answer: dict[str, Any] = self.page.evaluate(_CHECK)
        return answer, time.monotonic() - began

    def watch(self) -> None:
        """Note every task of the page that takes 50 ms or more from now on."""
        self.page.evaluate(_WATCH)

    def tasks(self) -> list[float]:
        """The milliseconds of those tasks."""
        found: list[float] = self.page.evaluate("() => window.tasks")
        return found

    def memory(self) -> int:
        """Bytes that the browser's page holds, its worker, files and decoders included: resident, of its process."""
        return max(memory_of(self.profile), default=0)


def _renderers(profile: Path) -> Iterator[Path]:
    """The folder in /proc of each renderer of the browser with that profile."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "--type=renderer" in words and str(profile) in words:
                yield folder


def memory_of(profile: Path) -> Iterator[int]:
    """Resident bytes, less what is shared with other programs, of each renderer of the browser with that profile."""
    for folder in _renderers(profile):
        try:
            sizes = (folder / "statm").read_text().split()
        except OSError:
            continue
        yield (int(sizes[1]) - int(sizes[2])) * os.sysconf("SC_PAGE_SIZE")


def processor_of(profile: Path) -> float:
    """Seconds of processor time that the renderers of the browser with that profile took so far."""
    total = 0
    for folder in _renderers(profile):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(words[11]) + int(words[12])
    return total / os.sysconf("SC_CLK_TCK")


def longest(tasks: Sequence[float]) -> float:
    """Milliseconds of the longest task, 0 when none took 50."""
    return max(tasks, default=0.0)


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """Chromium with ``checker.html`` open from ``folder``; raises ``FileNotFoundError`` where there is none."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise FileNotFoundError("no chromium in the path")
    target = folder / "checker.html"
    target.write_bytes(checker_page())
    profile = folder / "profile"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=program, args=list(_FLAGS), headless=True
        )
        page = opened.pages[0] if opened.pages else opened.new_page()
        page.set_default_timeout(1_800_000)
        page.goto(target.resolve().as_uri())
        yield Page(page, profile)
        opened.close()
