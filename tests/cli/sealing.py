"""A recording that both parties sealed, and the words that verify it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.media.conftest import ffmpeg
from tests.seal.made import TIME, A, B
from wholetape.checking import make_print
from wholetape.log.checkpoint import cosign
from wholetape.log.keys import encode_public
from wholetape.seal.make import Sealing, seal_recording

SPEECH = Path(__file__).parents[2] / "vectors" / "sound" / "speech.wav"
PINS = ("--trust", "side-a.pub", "--trust", "side-b.pub")


@pytest.fixture
def sealed(here):
    """Seals a file of the working folder by both parties; returns the words that verify it."""
    (here / "side-a.pub").write_bytes(encode_public(A))
    (here / "side-b.pub").write_bytes(encode_public(B))

    def go(name="speech.wav"):
        if name == "speech.wav":
            shutil.copy(SPEECH, here / name)
        else:
            ffmpeg("-i", SPEECH, here / name)
        made = make_print(here / name)
        seal = seal_recording(here / name, made, A, Sealing((encode_public(B),)))
        seal = seal.with_({"head": cosign(seal.head.note, B, TIME).encode()})
        (here / "speech.seal").write_bytes(seal.encode())
        (here / "speech.print").write_bytes(made.encode())
        return ["verify", name, "--seal", "speech.seal", *PINS]

    return go
