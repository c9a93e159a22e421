"""How a running recorder is asked to pause, go on or end: by keys, by signals, by another process."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wholetape.cli.terminal import say
from wholetape.errors import UsageError
from wholetape.report import printable

if TYPE_CHECKING:
    from wholetape.seal.live.run import Asked

_PATIENCE = 10.0
"""Seconds for a recorder to do what another process asks."""


def ask_recorder(folder: str, what: str) -> int:
    """Asks the recorder of a folder to ``pause``, ``resume`` or ``stop``, waits until it is done, and returns 0."""
    from wholetape.store.folder import ask, is_held, still_asked, take_back

    ask(folder, what)
    due = time.monotonic() + _PATIENCE
    while still_asked(folder, what):
        if time.monotonic() > due:
            take_back(folder, what)
            raise UsageError(f"the recorder of {folder!r} does not answer", "look at its terminal")
        time.sleep(0.05)
    while what == "stop" and is_held(folder):
        time.sleep(0.05)
    say(f"{printable(folder)}: {'paused' if what == 'pause' else 'recording again' if what == 'resume' else 'ended'}\n")
    return 0


@contextmanager
def keys_and_signals(asked: Asked) -> Iterator[None]:
    """Ctrl-C, a polite kill and the keys p and q ask, and interrupt nothing."""

    def stop(number: int, frame: object) -> None:
        asked.stop.set()

    known = [s for s in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, s)]
    try:
        old = {getattr(signal, name): signal.signal(getattr(signal, name), stop) for name in known}
    except ValueError:  # not the main thread, as in tests
        old = {}
    restore = _raw_terminal(asked)
    try:
        yield
    finally:
        restore()
        for number, handler in old.items():
            signal.signal(number, handler)


def _raw_terminal(asked: Asked) -> Callable[[], None]:
    """Reads keys where standard input is a terminal; returns what puts the terminal back."""
    if sys.stdin is None or not sys.stdin.isatty():
        return lambda: None
    import termios
    import threading
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    tty.setcbreak(fd)

    def listen() -> None:
        paused = False
        while key := os.read(fd, 1):
            if key in b"pP":
                paused = not paused
                asked.words.put("pause" if paused else "resume")
            elif key in b"qQ":
                asked.stop.set()

    threading.Thread(target=listen, name="keys", daemon=True).start()
    say("keys: p pauses and goes on, q ends\n", sys.stderr)
    return lambda: termios.tcsetattr(fd, termios.TCSADRAIN, before)
