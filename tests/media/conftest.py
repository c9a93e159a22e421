"""Recordings in every form that people post, made at test time with the ffmpeg program from real speech."""

import os
import shutil
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def need(found: bool, what: str) -> None:
    """Skip the test where ``what`` is missing; where everything must be there, fail it."""
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what} is missing, and this machine must have it")
        pytest.skip(f"{what} is missing")


@cache
def encoders() -> frozenset[str]:
    listed = subprocess.run(["ffmpeg", "-hide_banner", "-encoders"], capture_output=True, text=True, check=True).stdout
    return frozenset(line.split()[1] for line in listed.splitlines() if len(line.split()) > 1)


def ffmpeg(*words: object) -> None:
    """Run the ffmpeg program; the words are its arguments."""
    need(shutil.which("ffmpeg") is not None, "ffmpeg")
    for flag, name in pairwise(words):
        if flag == "-c:a" and name != "copy":
            need(str(name) in encoders(), f"ffmpeg's encoder {name}")
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True, capture_output=True, timeout=120
    )


def ffmpeg_hears(path: Path, channels: int, stream: int = 0) -> np.ndarray:
    """The samples, shape (channels, n), that the ffmpeg program decodes; Opus with the decoder that browsers have."""
    probe = [
        "ffprobe",
        "-v",
        "quiet",
        "-select_streams",
        f"a:{stream}",
        "-show_entries",
        "stream=codec_name",
        "-of",
        "csv=p=0",
    ]
    codec = subprocess.run([*probe, f"file:{path}"], capture_output=True, text=True, timeout=120).stdout.split()
    decoder = ["-c:a", "libopus", "-request_sample_fmt", "flt"] if codec[:1] == ["opus"] else []
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "quiet",
        *decoder,
        "-i",
        f"file:{path}",
        "-map",
        f"0:a:{stream}",
        "-f",
        "f32le",
        "-",
    ]
    raw = subprocess.run(command, capture_output=True, timeout=120).stdout
    samples: np.ndarray = np.frombuffer(raw, np.float32).reshape(-1, channels).T
    return samples


def speech_like(seconds: float, rate: int, seed: int = 7) -> np.ndarray:
    """Stereo int16, shape (n, 2): syllables of a wandering voice over a soft noise, which never repeat."""
    rng = np.random.default_rng(seed)
    count = int(seconds * rate)
    knots = np.arange(0, count + rate, rate // 8)
    slow = np.interp(np.arange(count), knots, rng.uniform(90, 220, len(knots)))
    phase = 2 * np.pi * np.cumsum(slow) / rate
    voice = sum(np.sin(k * phase + k) / k for k in range(1, 25))
    steps = np.arange(0, count + rate, rate // 10)
    loud = np.interp(np.arange(count), steps, rng.choice([0.0, 0.1, 0.6, 1.0], len(steps)))
    left = 0.15 * voice * loud + 0.003 * rng.standard_normal(count)
    right = 0.12 * voice * loud + 0.003 * rng.standard_normal(count)
    return np.asarray(np.clip(np.stack((left, right), axis=1), -1, 1) * 32767, dtype="<i2")


@pytest.fixture(scope="session")
def studio(tmp_path_factory):
    """A folder with ``speech.wav``: 100 s of stereo at 44.1 kHz, spoken where examples are shipped."""
    folder = tmp_path_factory.mktemp("studio")
    spoken = sorted(EXAMPLES.glob("*.flac"))
    if spoken:
        inputs = [word for path in spoken[:4] for word in ("-i", path)]
        mixed = "".join(f"[{i}:a]aresample=44100,aformat=channel_layouts=stereo[a{i}];" for i in range(len(spoken[:4])))
        joined = "".join(f"[a{i}]" for i in range(len(spoken[:4])))
        chain = f"{mixed}{joined}concat=n={len(spoken[:4])}:v=0:a=1,apad,atrim=0:100[out]"
        ffmpeg(*inputs, "-filter_complex", chain, "-map", "[out]", "-c:a", "pcm_s16le", folder / "speech.wav")
    else:
        (folder / "raw").write_bytes(speech_like(100, 44100).tobytes())
        ffmpeg("-f", "s16le", "-ar", 44100, "-ac", 2, "-i", folder / "raw", "-c:a", "pcm_s16le", folder / "speech.wav")
    return folder


@pytest.fixture(scope="session")
def make(studio):
    """``make(name, *ffmpeg_arguments, seconds=…)``: the speech in another form, made once a session."""

    def make_one(name: str, *words: object, seconds: float = 6, before: tuple = ()) -> Path:
        path: Path = studio / name
        if not path.exists():
            ffmpeg(*before, "-t", seconds, "-i", studio / "speech.wav", *words, path)
        return path

    return make_one
