"""What the page of an examination draws and plays of a file: outline, spectrogram, hum, and clips of its traces."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.media.clips import Clip, Wanted, survey
from wholetape.media.decode import Decoder
from wholetape.traces import Examination

COLUMNS, ROWS = 800, 128
_SIZE = 1024
_AROUND_S = 1.5
_LONGEST_S = 6.0
MOST_CLIPS = 60
"""Clips of a page at most: some megabytes."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """``outline``: peaks 0 to 1; ``spectrogram``: a PNG up to ``top`` Hz, low ones below; ``clips`` by trace."""

    outline: tuple[float, ...]
    spectrogram: bytes
    top: int
    clips: dict[int, Clip]


def drawn(result: Examination, *, jobs: int = 1) -> Drawn:
    """Decodes the file twice more: for the picture, and for the clips. Raises ``UnreadableInput``."""
    placed = [(n, trace.at) for n, trace in enumerate(result.traces) if trace.at is not None][:MOST_CLIPS]
    wanted = [_piece(at, result.file.duration) for _, at in placed]
    heard = survey(result.file.path, 0, wanted, jobs=jobs)
    clips = {n: clip for (n, _), clip in zip(placed, heard.clips, strict=True)}
    picture = _spectrogram(result.file.path, result.file.duration, jobs)
    return Drawn(heard.outline, png(picture), result.file.rate // 2, clips)


def _piece(at: tuple[float, float], duration: float) -> Wanted:
    start = max(0.0, at[0] - _AROUND_S)
    return Wanted(start, min(duration, max(at[1] + _AROUND_S, start + 1.0), start + _LONGEST_S))


def _spectrogram(path: str, duration: float, jobs: int) -> NDArray[np.uint8]:
    """(ROWS, COLUMNS) levels, 255 the loudest, 90 dB below it 0; each column the mean of what falls into it."""
    power = np.zeros((COLUMNS, _SIZE // 2 + 1))
    count = np.zeros(COLUMNS)
    window = np.hanning(_SIZE).astype(np.float32)
    with Decoder(path, 0, jobs=jobs) as decoder:
        total = max(1.0, duration * decoder.rate)
        step = max(_SIZE // 2, int(total / (COLUMNS * 3)))
        for block in decoder.blocks():
            sound = np.nan_to_num(block.samples.mean(axis=0, dtype=np.float32))
            if len(sound) < _SIZE:
                continue
            frames = np.lib.stride_tricks.sliding_window_view(sound, _SIZE)[::step]
            spectra = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
            columns = ((block.start + np.arange(len(frames)) * step) * COLUMNS / total).astype(np.int64)
            columns = np.minimum(columns, COLUMNS - 1)
            np.add.at(power, columns, spectra)
            np.add.at(count, columns, 1)
    power /= np.maximum(count, 1)[:, None]
    edges = np.linspace(0, _SIZE // 2, ROWS + 1).astype(int)
    rows = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1) / np.diff(edges)
    level = 10 * np.log10(rows + 1e-12)
    scaled = np.clip((level - level.max() + 90) / 90, 0, 1) * 255
    return np.asarray(scaled.T[::-1], np.uint8)


def png(grey: NDArray[np.uint8]) -> bytes:
    """``grey`` (rows, columns) as a PNG (ISO/IEC 15948)."""
    rows, columns = grey.shape
    raw = np.concatenate((np.zeros((rows, 1), np.uint8), grey), axis=1).tobytes()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def outline_path(outline: Sequence[float], height: float) -> str:
    """The outline as the commands of an SVG path, 1000 units wide, mirrored about its middle."""
    if not outline:
        return f"M0 {height / 2}H1000"
    top, middle, step = max(max(outline), 1e-6), height / 2, 1000 / len(outline)
    upper = [f"{(k + 0.5) * step:.1f} {middle - middle * value / top:.1f}" for k, value in enumerate(outline)]
    lower = [f"{(k + 0.5) * step:.1f} {middle + middle * value / top:.1f}" for k, value in enumerate(outline)]
    return f"M{'L'.join([*upper, *lower[::-1]])}Z"
