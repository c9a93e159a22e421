"""A recorder as a process that is fed by hand, and what it leaves."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import wave

import pytest

from tests.seal.live.made import RATE
from tests.seal.made import A, B, C
from wholetape.log.keys import encode_private, encode_public
from wholetape.log.kinds import Event
from wholetape.seal.sealfile import parse_seal

RAW = ["--input", "-", "--rate", str(RATE)]
START = ["record", "-o", "out", "--key", "side-a.key", "--party", "side-b.pub"]
BOTH = ["--trust", "side-a.pub", "--trust", "side-b.pub"]


@pytest.fixture
def desk(here):
    for key in (A, B, C):
        (here / f"{key.name}.key").write_bytes(encode_private(key))
        (here / f"{key.name}.pub").write_bytes(encode_public(key))
    return here


@pytest.fixture
def start(desk):
    """Starts a recorder that is fed by hand; all are killed at the end."""
    running = []

    def go(*words, **how):
        process = subprocess.Popen(
            [sys.executable, "-m", "wholetape", *(words or (*START, *RAW))],
            stdin=how.pop("stdin", subprocess.PIPE),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **how,
        )
        running.append(process)
        return process

    yield go
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(holds, what):
    due = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < due, f"never: {what}"
        time.sleep(0.02)


def feed(process, data):
    process.stdin.write(data)
    process.stdin.flush()


def leaves(kind):
    """How many leaves of a kind are in the journal."""
    try:
        with open("out/journal", "rb") as file:
            return file.read().count(b'"leaf":"%s"' % kind)
    except FileNotFoundError:
        return 0


def events(path="out/recording.seal"):
    with open(path, "rb") as file:
        return [leaf for leaf in parse_seal(file.read()).leaves if isinstance(leaf, Event)]


def end(process):
    process.stdin.close()
    process.stdin = None
    out, err = process.communicate(timeout=30)
    return process.returncode, out.decode(), err.decode()


def wav(data):
    """16-bit mono."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(data)
    return file.getvalue()
