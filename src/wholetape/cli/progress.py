"""A progress bar on standard error: only on a terminal, redrawn at most ten times a second, gone at the end."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from wholetape.cli.terminal import say
from wholetape.report import printable

BETWEEN = 0.1
"""Seconds between two drawings."""
BAR = 30
"""Columns of the bar itself."""


class Progress:
    """Shows ``(stage, share)`` calls; a context manager that leaves a clean line behind."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._drawn_at = float("-inf")
        self._dirty = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._dirty:
            say("\r\x1b[K", sys.stderr)
            sys.stderr.flush()

    def __call__(self, stage: str, share: float) -> None:
        """Draws the bar for ``share`` (0 to 1) of the work, of which ``stage`` is going on."""
        now = time.monotonic()
        if not self._shown or now - self._drawn_at < BETWEEN:
            return
        self._drawn_at, self._dirty = now, True
        done = round(BAR * min(1.0, max(0.0, share)))
        say(f"\r\x1b[K[{'#' * done}{'.' * (BAR - done)}] {share:4.0%} {printable(stage)[:40]}", sys.stderr)
        sys.stderr.flush()
