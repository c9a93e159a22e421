"""``docs/measured.md``: what was measured, by which command, on which machine, and when."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "measured.md"
HEAD = """# Measured

Each section is written by the command that it names. Figures hold for the machine and the sound that they name.
"""


def machine() -> str:
    """The machine and the programs in one line."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    cores = sum(line.startswith("processor") for line in _lines("/proc/cpuinfo")) or 1
    total = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    programs = [f"Python {platform.python_version()}", *(f"{name} {_version(name)}" for name in ("numpy", "av"))]
    words = [model, f"{cores} cores", f"{int(total) / 2**20:.0f} GiB", platform.system(), *programs, _ffmpeg()]
    return ", ".join(words)


def write(section: str, command: str, text: str, page: Path | None = None) -> None:
    """Put ``text`` in place of the page's ``section``, or at its end; the other sections stay."""
    page = page or PAGE
    old = page.read_text() if page.exists() else HEAD
    start, end = f"<!-- {section} -->", f"<!-- end of {section} -->"
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    block = f"{start}\n\n`{command}`, {day}, on: {machine()}.\n\n{text.strip()}\n\n{end}"
    if start in old and end in old:
        before, rest = old.split(start, 1)
        new = before + block + rest.split(end, 1)[1]
    else:
        new = old.rstrip() + "\n\n" + block + "\n"
    page.parent.mkdir(exist_ok=True)
    page.write_text(new)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _ffmpeg() -> str:
    try:
        done = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return "no ffmpeg"
    return " ".join(done.stdout.split()[:3]).replace(" version", "")
