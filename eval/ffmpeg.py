"""The ffmpeg program as encoder, decoder and stretcher of the corpus."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

from eval.sound import Sound


def run(*arguments: str, stdin: bytes | None = None) -> bytes:
    """What ffmpeg writes to standard output; raises ``RuntimeError`` with its message when it fails."""
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin" if stdin is None else "-y", "-y", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"ffmpeg {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def encode(wav: Path, release: Path, arguments: tuple[str, ...], filters: str = "", rate: int = 0) -> None:
    """Encode ``wav`` into ``release`` with ffmpeg's output ``arguments``, after ``filters``."""
    form = f"aformat=sample_rates={rate}"
    chain = ["-af", f"{filters},{form}"] if filters else []
    run("-i", str(wav), *chain, *arguments, str(release))


def decode(path: Path, rate: int, seconds: float | None = None) -> Sound:
    """The first ``seconds`` of ``path`` as ffmpeg yields them, mono at ``rate`` Hz."""
    limit = ["-t", str(seconds)] if seconds else []
    raw = run(*limit, "-i", str(path), "-ac", "1", "-ar", str(rate), "-f", "f32le", "-")
    return np.frombuffer(raw, "<f4").astype(np.float32)


def tempo(sound: Sound, rate: int, ratio: float) -> Sound:
    """``sound`` at ``ratio`` times its tempo with its pitch kept."""
    raw = run(
        *("-f", "f32le", "-ar", str(rate), "-ac", "1", "-i", "-"),
        *("-af", f"atempo={ratio:.6f}", "-f", "f32le", "-"),
        stdin=sound.astype("<f4").tobytes(),
    )
    return np.frombuffer(raw, "<f4").astype(np.float32)


def resampled(sound: Sound, rate: int, ratio: float) -> Sound:
    """``sound`` at ``ratio`` times its speed, the pitch with it; ``rate * ratio`` must be whole."""
    raw = run(
        *("-f", "f32le", "-ar", str(round(rate * ratio)), "-ac", "1", "-i", "-"),
        *("-ar", str(rate), "-f", "f32le", "-"),
        stdin=sound.astype("<f4").tobytes(),
    )
    return np.frombuffer(raw, "<f4").astype(np.float32)


def shift_of(before: Sound, release: Path, rate: int) -> float:
    """Seconds by which the decoded ``release`` lags behind ``before``, the sound that was encoded; within 0.5 s."""
    clock = 8000
    part = before[: 40 * rate]
    size = len(part) * clock // rate
    positions = np.arange(size) * (rate / clock)
    one = np.interp(positions, np.arange(len(part)), part)
    two = decode(release, clock, 40.0)
    length = 1 << (size + len(two)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(two, length) * np.conj(np.fft.rfft(one, length)), length)
    reach = clock // 2
    lags = np.concatenate([cross[-reach:], cross[: reach + 1]])
    return float(np.argmax(np.abs(lags)) - reach) / clock
