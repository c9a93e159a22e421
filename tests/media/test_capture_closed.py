"""A file that is taken as if live may be closed while another thread reads it: that ends it, and harms nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from wholetape.media.capture import open_input

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["meeting.flac", "posted.m4a"])
@pytest.mark.parametrize("round_", range(6))
def test_closed_while_another_thread_reads(name, round_):
    capture = open_input(str(EXAMPLES / name))
    begun = threading.Event()
    blocks = 0

    def read():
        nonlocal blocks
        for _ in capture.blocks():
            blocks += 1
            if blocks > 3 * round_:
                begun.set()

    thread = threading.Thread(target=read)
    thread.start()
    begun.wait(10)
    capture.close()
    thread.join(10)
    assert not thread.is_alive()
    assert list(capture.blocks()) == []
