"""Runs in the peers' own environment: what one of them reveals of a release, as JSON, stretches in seconds.

Most of them tell one offset for one clip. Used as a user would, they are asked for each window of the release; where
the offset changes, or none is found, something was done. Nothing but numpy is needed here beside the peer itself.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

WINDOW_S, HOP_S = 10.0, 5.0
JUMP_S = 0.15
LOUD_BITS = 0.35
"""Share of Chromaprint's bits that may differ where two windows are the same sound."""
LEAST_SCORE = 10.0
"""Standard score from which audio-offset-finder's own page calls an offset right."""

Window = tuple[float, float, float | None]
"""Start and end in seconds, and by how much the original is ahead, where it was found."""
Spans = list[list[float]]


def changes(windows: list[Window], length: float) -> Spans:
    """Stretches in which the offset changes, or is not found."""
    found = [(start, end, offset) for start, end, offset in windows if offset is not None]
    spans = [[max(one[0], two[0] - HOP_S), two[1]] for one, two in pairwise(found) if abs(two[2] - one[2]) > JUMP_S]
    spans += [[start, end] for start, end, offset in windows if offset is None]
    merged: Spans = []
    for span in sorted(spans):
        if merged and span[0] <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], span[1])
        else:
            merged.append(span)
    return [[max(0.0, a), min(length, b)] for a, b in merged]


def decoded(path: str, rate: int) -> Any:
    """(n,) int16 mono samples."""
    words = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-ac", "1", "-ar", str(rate), "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(words, check=True, capture_output=True).stdout, np.int16)


def fpcalc(original: str, release: str) -> Spans:
    """Chromaprint's words, and XOR: for each window the place of fewest differing bits."""
    prints = []
    for path in (original, release):  # it ends with 3 where the file ends, its answer being whole
        done = subprocess.run(["fpcalc", "-raw", "-json", "-length", "0", path], check=False, capture_output=True)
        answer = json.loads(done.stdout)
        prints.append((np.array(answer["fingerprint"], np.int64).astype(np.uint32), float(answer["duration"])))
    (one, _), (other, length) = prints
    bits = np.array([n.bit_count() for n in range(1 << 16)], np.uint8)
    step = length / max(1, len(other))
    size, hop = round(5.0 / step), round(2.5 / step)
    windows: list[Window] = []
    for at in range(0, len(other) - size, hop):
        differ = np.zeros(len(one) - size, np.int32)
        for k in range(size):
            mixed = one[k : k + len(differ)] ^ other[at + k]
            differ += bits[mixed & 0xFFFF]
            differ += bits[mixed >> 16]
        best = int(differ.argmin())
        good = differ[best] < LOUD_BITS * 32 * size
        windows.append((at * step, (at + size) * step, (best - at) * step if good else None))
    return changes(windows, length)


def audio_offset_finder(original: str, release: str) -> Spans:
    """Its offset of each window."""
    find: Callable[..., dict[str, Any]]
    find = import_module("audio_offset_finder.audio_offset_finder").find_offset_between_buffers
    rate = 8000
    one, other = (decoded(path, rate).astype(float) for path in (original, release))
    windows: list[Window] = []
    for start in np.arange(0, len(other) / rate - WINDOW_S, HOP_S).tolist():
        part = other[int(start * rate) : int((start + WINDOW_S) * rate)]
        found = find(one, part, rate)
        good = found["standard_score"] >= LEAST_SCORE
        windows.append((start, start + WINDOW_S, float(found["time_offset"]) - start if good else None))
    return changes(windows, len(other) / rate)


def audfprint2(original: str, release: str) -> Spans:
    """Its own list of alignments of the whole release: where one begins or ends."""
    program = str(Path(sys.executable).with_name("audfprint"))
    with tempfile.TemporaryDirectory() as folder:
        base = folder + "/base.pklz"
        common = [program, "-d", base, "-n", "70", "-t", str(1 << 20)]  # or times would wrap after six minutes
        subprocess.run([*common, "new", original], check=True, capture_output=True)
        words = [*common, "-x", "200", "-R", "-v", "match", release]
        said = subprocess.run(words, check=True, capture_output=True, text=True)
    ranges = re.findall(r"Matched\s+([\d.]+) s starting at\s+([\d.]+) s", said.stdout + said.stderr)
    ends = sorted(t for span, start in ranges for t in (float(start), float(start) + float(span)))
    length = len(decoded(release, 8000)) / 8000
    return [[max(0.0, t - 0.5), t + 0.5] for t in ends if 1.0 < t < length - 1.0]


def audalign(original: str, release: str) -> Spans:
    """Its offset of each window, by correlation."""
    peer: Any = import_module("audalign")
    recognizer = peer.CorrelationRecognizer()
    recognizer.config.sample_rate = 8000
    windows: list[Window] = []
    length = len(decoded(release, 8000)) / 8000
    with tempfile.TemporaryDirectory() as folder:
        clip = f"{folder}/clip.wav"
        for start in np.arange(0, length - WINDOW_S, HOP_S).tolist():
            cut = ["-ss", str(start), "-t", str(WINDOW_S), "-i", release, clip]
            subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *cut], check=True)
            found = peer.recognize(clip, original, recognizer=recognizer)
            match = next(iter(found["match_info"].values())) if found and found.get("match_info") else None
            ahead = float(match["offset_seconds"][0]) - start if match else None
            windows.append((start, start + WINDOW_S, ahead))
    return changes(windows, length)


def netease_audiodiff(original: str, release: str) -> Spans:
    """Its own list of differences: places in both, and how long, in milliseconds."""
    compare: Any = import_module("netease_audiodiff").compare_audio
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, path in (("one", original), ("two", release)):  # two channels: it fails on one
            paths.append(f"{folder}/{name}.wav")
            words = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-ac", "2", paths[-1]]
            subprocess.run(words, check=True)
        found = compare(*paths, op_type=2, out_path=f"{folder}/out.json")
    segments = [s for channel in found or () for said in channel["result"] for s in said.get("diff_segs", ())]
    return [[at / 1000, (at + long) / 1000] for _, at, long in segments]


PEERS = {
    "fpcalc": fpcalc,
    "audfprint2": audfprint2,
    "audalign": audalign,
    "audio-offset-finder": audio_offset_finder,
    "netease-audiodiff": netease_audiodiff,
}

if __name__ == "__main__":
    _, who, original_path, release_path, said_path = sys.argv
    Path(said_path).write_text(json.dumps(PEERS[who](original_path, release_path)))
