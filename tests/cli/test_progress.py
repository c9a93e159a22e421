"""The progress bar: only on a terminal, and gone at the end."""

from __future__ import annotations

import io
import sys

import pytest

from wholetape.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_it_is_drawn_on_a_terminal_and_nowhere_else(monkeypatch, stream, shown):
    monkeypatch.setattr(sys, "stderr", stream)
    with Progress() as progress:
        progress("decode", 0.5)
    assert ("50%" in stream.getvalue()) is shown


def test_it_is_drawn_at_most_ten_times_a_second_and_leaves_a_clean_line(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("wholetape.cli.progress.time.monotonic", iter([0.0, 0.01, 0.05, 0.2, 0.21]).__next__)
    with Progress() as progress:
        for share in (0.1, 0.2, 0.3, 0.4, 0.5):
            progress("align", share)
    text = terminal.getvalue()
    assert ("10%" in text, "20%" in text, "30%" in text, "40%" in text) == (True, False, False, True)
    assert text.endswith("\r\x1b[K")


def test_a_share_beyond_its_bounds_breaks_nothing(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress() as progress:
        progress("\x1b[2J", 7.0)
    assert "#" * 30 in terminal.getvalue()
    assert "[2J" in terminal.getvalue().replace("\\x1b", "")
    assert "\x1b[2J" not in terminal.getvalue()
