"""What is done without anybody asking: periods of retention, messages to moderators, heads handed outside."""

from __future__ import annotations

import threading
from collections.abc import Callable

from wholetape.web.context import Context

EVERY = 20.0
"""Seconds between two rounds."""


class Background:
    """A thread that goes round until it is stopped; what fails in one round is tried again in the next."""

    def __init__(self, context: Context, log: Callable[[dict[str, object]], None]) -> None:
        self._context, self._log = context, log
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="background", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the step under way."""
        self._ended.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._ended.wait(EVERY):
            self.round()

    def round(self) -> None:
        """One round; returns when all steps are done or have failed."""
