"""Writing to the two standard streams: their width, colours and encoding."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import TextIO

from wholetape.report import ascii_only, printable

WIDEST = 120
"""Columns of a report at most: longer lines are hard to read."""


def say(text: str, stream: TextIO | None = None) -> None:
    """Writes ``text`` as it is; in ASCII where the stream's encoding lacks a character."""
    stream = stream or sys.stdout
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except UnicodeError:
        text = ascii_only(text)
    stream.write(text)


def complain(message: str, hint: str = "") -> None:
    """One line on standard error, and one for the hint, each with the program's name first; silent if closed."""
    with contextlib.suppress(OSError):
        for line in (message, f"hint: {hint}" if hint else ""):
            if line:
                say(f"wholetape: {printable(line)}\n", sys.stderr)


def width(stream: TextIO) -> int:
    """Columns for a report on ``stream``: the terminal's, up to a bound; 80 where there is none."""
    if not stream.isatty():
        return int(os.environ.get("COLUMNS", "")) if os.environ.get("COLUMNS", "").isdecimal() else 80
    return min(WIDEST, shutil.get_terminal_size((80, 24)).columns)


def colours(stream: TextIO) -> bool:
    """True on a terminal that understands colours, unless ``NO_COLOR`` is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
