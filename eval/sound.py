"""Reading, levelling and writing the sound that the corpus is made of."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Mono samples from -1 to 1, shape ``(n,)``."""

SUFFIXES = {".flac", ".wav", ".mp3", ".m4a", ".ogg", ".opus", ".aiff", ".aif"}
FRAME_S = 0.01
QUIET_DBFS = -66.0
"""Below this a frame counts as digital silence: lossy codecs drop it."""
ACTIVE_BELOW_PEAK_DB = 30.0
"""A frame within this of the loudest frames (95th percentile) counts as speech rather than pause."""


def recordings(folder: Path) -> list[Path]:
    """The sound files below ``folder``, sorted by name."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def source_of(path: Path) -> str:
    """The source that a recording belongs to: what stands before ``--`` in its name, else before the first ``-``."""
    stem = path.stem
    return stem.split("--", 1)[0] if "--" in stem else stem.split("-", 1)[0]


def read(path: Path, rate: int) -> Sound:
    """All of ``path`` as mono samples at ``rate`` Hz."""
    blocks: list[Sound] = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        for frame in container.decode(audio=0):
            blocks += [out.to_ndarray()[0] for out in resampler.resample(frame)]
        blocks += [out.to_ndarray()[0] for out in resampler.resample(None)]
    if not blocks:
        return np.zeros(0, np.float32)
    return np.concatenate(blocks).astype(np.float32)


def seconds(path: Path) -> float:
    """How long the sound of ``path`` is by its header; 0 where that does not say."""
    with av.open(str(path)) as container:
        return (container.duration or 0) / av.time_base


def write(path: Path, sound: NDArray[np.floating], rate: int) -> None:
    """Write ``sound``, shape ``(n,)`` or ``(n, channels)``, as 16-bit WAV."""
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    pcm = np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm.tobytes())


def levels(sound: Sound, rate: int) -> NDArray[np.float64]:
    """RMS level in dBFS of each whole frame of ``FRAME_S``, shape ``(frames,)``."""
    count = int(len(sound) / (rate * FRAME_S))
    if not count:
        return np.zeros(0)
    edges = np.rint(np.arange(count + 1) * (rate * FRAME_S)).astype(np.int64)  # 220.5 samples at 22.05 kHz
    total = np.add.reduceat(sound[: edges[-1]].astype(np.float64) ** 2, edges[:-1])
    return np.asarray(10 * np.log10(total / np.diff(edges) + 1e-12))


def speech_level(level: NDArray[np.float64]) -> float:
    """The level in dBFS of the loud frames: their 95th percentile; -100 when there are none."""
    return float(np.percentile(level, 95)) if len(level) else -100.0


def rms(sound: Sound) -> float:
    """Root mean square of ``sound``; 0 for none."""
    return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2))) if len(sound) else 0.0


def speaks(clip: Sound, rate: int) -> bool:
    """Whether something is said in at least a fifth of ``clip``."""
    level = levels(clip, rate)
    return bool(len(level) and level.max() > -50 and (level > speech_level(level) - ACTIVE_BELOW_PEAK_DB).mean() >= 0.2)
