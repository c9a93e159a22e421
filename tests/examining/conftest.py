"""Real speech that was never coded, and the forms in which it reaches an examiner, made with the ffmpeg program."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.media.conftest import EXAMPLES, ffmpeg

SPEECH = EXAMPLES / "speech" / "ami-dev00.flac"
"""30 s of a meeting, 16 kHz, never coded."""


def load(path: Path, rate: int) -> np.ndarray:
    """The mean of its channels as ffmpeg decodes it, (n,) float32."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(rate), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32)


def save(path: Path, sound: np.ndarray, rate: int) -> Path:
    """``sound`` (n,) as 16-bit WAV."""
    raw = np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2").tobytes()
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "-"]
    subprocess.run([*command, str(path)], input=raw, check=True)
    return path


@pytest.fixture(scope="session")
def coded(tmp_path_factory):
    """``coded(suffix, rate, *words)``: 12 s of the speech, encoded; made once a session."""
    folder = tmp_path_factory.mktemp("coded")

    def make(suffix, rate, *words):
        path = folder / ("-".join(["speech", str(rate), *words]).replace(":", "") + suffix)
        if not path.exists():
            ffmpeg("-ss", "12", "-t", "12", "-i", SPEECH, "-ar", rate, "-ac", "1", *words, path)
        return path

    return make
