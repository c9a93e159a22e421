"""Runs the ``console`` blocks of the documentation and writes what the commands print: ``python docs/refresh.py``.

A block is a session: lines that begin with ``$ `` are commands, the lines below each are its output, exactly. The
commands run in a scratch folder beside a copy of ``examples/``. The picture of the README is drawn here, too.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "summary.svg"
PICTURED = "wholetape check examples/posted.m4a --against examples/meeting.flac"
NOT_RUN = ("git clone", "make ", ".venv/bin/", "sudo ", "apt-get ")
"""Commands that a test must not run; ``make demo`` and ``make test`` have tests and runs of their own."""
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COLOURS = {"32": "#3fb950", "31": "#ff7b72", "33": "#d29922", "35": "#d2a8ff"}


def pages() -> list[Path]:
    """Every page of the documentation."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])


def blocks(page: str) -> list[str]:
    """The console sessions of a page, each as it stands there."""
    return _BLOCK.findall(page)


def commands(session: str) -> Iterator[tuple[str, str]]:
    """Each command of a session with the output that the page shows for it."""
    for entry in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, output = entry.partition("\n")
        yield command, output


def scratch(folder: Path) -> None:
    """Fills ``folder`` with what a reader of the documentation has at hand."""
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))


def run(session: str, folder: Path) -> str:
    """The session anew: its commands, each followed by what it prints now; those that are not run, as they stand."""
    told = ""
    status = "0"
    for command, shown in commands(session):
        if command.startswith(NOT_RUN):
            output = shown
        else:
            output, status = _shell(command, status, folder)
        told += f"$ {command}\n{output}"
    return told


def _shell(command: str, status: str, folder: Path) -> tuple[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if name in {"HOME", "TMPDIR", "LD_LIBRARY_PATH"}}
    script = f"(exit {status})\n{command}\nstatus=$?; echo; echo $status"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**kept, "PATH": path, "COLUMNS": "80", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    output, _, last = done.stdout.rstrip("\n").rpartition("\n")
    return output.removesuffix("\n") + ("\n" if output.strip("\n") else ""), last


def refreshed(page: str, folder: Path) -> str:
    """The page with the output of every command as it is now."""
    return _BLOCK.sub(lambda found: f"```console\n{run(found[1], folder)}```", page)


def picture(folder: Path) -> str:
    """The README's picture: the report of one check on a dark terminal, as SVG."""
    code = (
        "import sys; from wholetape import check; from wholetape.report import summary;"
        "result = check('examples/posted.m4a', against='examples/meeting.flac');"
        "sys.stdout.write(summary(result, width=92, colour=True))"
    )
    text = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True, timeout=300
    ).stdout
    lines = [f"\x1b[1m$ {PICTURED}\x1b[0m", "", *text.splitlines()]
    width, height = 92 * 8.4 + 40, len(lines) * 19 + 36
    rows = "\n".join(f'<text x="20" y="{number * 19 + 32}">{_row(line)}</text>' for number, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" '
        f'aria-label="The report of one check">\n<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n'
        f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14" '
        f'fill="#c9d1d9">\n{rows}\n</g>\n</svg>\n'
    )


def _row(line: str) -> str:
    """One line with its colours as spans, neighbouring letters of one colour together."""
    told = ""
    for codes, text in re.findall(r"(?:\x1b\[([0-9;]+)m)?([^\x1b]+)(?:\x1b\[0m)?", line):
        style = "".join(
            ' font-weight="bold"' if code == "1" else f' fill="{_COLOURS[code]}"'
            for code in codes.split(";")
            if code in {"1", *_COLOURS}
        )
        shown = html.escape(text).replace(" ", "\u00a0")  # viewers fold plain spaces
        told += f"<tspan{style}>{shown}</tspan>" if style else shown
    for _ in range(2):  # joins what stands side by side in one style
        told = re.sub(r"(<tspan[^>]*>)([^<]*)</tspan>(?:\1([^<]*)</tspan>)+", _join, told)
    return told


def _join(found: re.Match[str]) -> str:
    texts = re.findall(r">([^<]*)</tspan>", found[0])
    return f"{found[1]}{''.join(texts)}</tspan>"


def main() -> None:
    """Refreshes every page and the picture."""
    with tempfile.TemporaryDirectory() as name:
        scratch(Path(name))
        for page in pages():
            old = page.read_text()
            new = refreshed(old, Path(name))
            if new != old:
                page.write_text(new)
                print(f"refreshed {page.relative_to(ROOT)}")
        PICTURE.write_text(picture(Path(name)))


if __name__ == "__main__":
    main()
