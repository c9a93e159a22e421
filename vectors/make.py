"""Makes every file of this folder: ``python -m vectors.make`` writes them, ``--to FOLDER`` elsewhere.

Sounds come from integer formulas, but for the two of speech, cut from ``examples/``. Expected prints come from
``plain.py``, malformed ones from a good print with one fault each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectors import plain

HERE = Path(__file__).parent
SPEECH = HERE.parent / "examples" / "speech" / "ljspeech-LJ001-0005.flac"
Samples = NDArray[np.int16]

RESULTS = {
    "not-a-print": "the first 8 bytes are not the magic",
    "header": "the header is not complete",
    "version": "the version or the algorithm is unknown",
    "tracks": "the number of tracks is not between 1 and 256",
    "length": "the recording is longer than 31 days",
    "truncated": "there are fewer bytes than the header asks for",
    "trailing": "there are more bytes than the header asks for",
    "checksum": "the last 32 bytes are not the SHA-256 of those before",
    "reserved": "a reserved field is not zero",
    "twice": "a track occurs twice",
    "order": "the tracks are not in order, or the first is not the mean of the first stream",
}
"""The closed list of results, in the order in which a reader checks."""


def chance(seed: int) -> Iterator[int]:
    """Integers of 15 bits from a linear congruential generator."""
    while True:
        seed = (1103515245 * seed + 12345) % 2**31
        yield seed >> 16


def noise(count: int, seed: int, peak: int) -> Samples:
    """Noise between ±peak whose loudness and colour change every 700 samples."""
    draw = chance(seed)
    out, before = [], 0
    for n, value in enumerate(islice(chance(seed + 1), count)):
        if n % 700 == 0:
            loud, colour = next(draw) % 4, next(draw) % 7 - 3
        fresh = value - 16384
        out.append((fresh * 4 + colour * before) * peak // (16384 * 7 * (1 + loud)))
        before = fresh
    return np.array(out, np.int16)


def sine(count: int, rate: int, hertz: float, peak: int) -> Samples:
    """A steady tone."""
    return np.array([round(peak * math.sin(2 * math.pi * hertz * n / rate)) for n in range(count)], np.int16)


def speech(seconds: float) -> tuple[Samples, int]:
    """The beginning of a sentence that is in the public domain, and its rate."""
    import av

    with av.open(str(SPEECH)) as file:
        rate = file.streams.audio[0].rate
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    return sound[: round(seconds * rate)].astype(np.int16), rate


def wav(rate: int, *channels: Samples) -> bytes:
    """16-bit PCM."""
    return _riff(1, 16, rate, len(channels), np.stack(channels, axis=1).astype("<i2").tobytes())


def wav_of_bytes(rate: int, sound: Samples) -> bytes:
    """8-bit PCM, unsigned, of the upper halves of the samples."""
    return _riff(1, 8, rate, 1, ((sound >> 8) + 128).astype(np.uint8).tobytes())


def wav_of_floats(rate: int, sound: NDArray[np.float32]) -> bytes:
    """32-bit floating point."""
    return _riff(3, 32, rate, 1, sound.astype("<f4").tobytes())


def _riff(form: int, bits: int, rate: int, channels: int, data: bytes) -> bytes:
    step = channels * bits // 8
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data) + len(data) % 2, b"WAVE", b"fmt ", 16, form,
                       channels, rate, rate * step, step, bits, b"data", len(data))  # fmt: skip
    return head + data + b"\0" * (len(data) % 2)


def sounds() -> dict[str, tuple[str, bytes]]:
    """Name, what it is there for, and the WAV file."""
    spoken, rate = speech(1.5)
    low = np.round(32768 * plain.to_8k(spoken / 32768, rate)).astype(np.int16)
    click = np.zeros(320, np.int16)
    click[130] = 32767
    square = np.where(np.arange(2400) // 37 % 2 == 0, 32767, -32768).astype(np.int16)
    tone = sine(17640, 44100, 1000, 20000)
    left, right = noise(17640, 11, 20000), noise(17640, 22, 9000)
    anti = noise(12000, 33, 16000)
    broken = (noise(1600, 44, 16000) / 32768).astype(np.float32)
    broken[[300, 301, 700, 701]] = np.nan, -np.inf, 1e30, -1e30
    return {
        "one-sample": ("one sample makes one frame", wav(8000, np.array([20000], np.int16))),
        "short": ("79 samples, fewer than one hop", wav(8000, noise(79, 1, 20000))),
        "hop": ("81 samples, one more than a hop", wav(8000, noise(81, 2, 20000))),
        "click": ("an impulse", wav(8000, click)),
        "silence": ("digital silence", wav(8000, np.zeros(1650, np.int16))),
        "sine": ("a steady tone: words of zero, tone flags", wav(8000, sine(4000, 8000, 1000, 20000))),
        "sine-edge": ("a tone on the edge of two bands", wav(8000, sine(1600, 8000, 3000, 20000))),
        "sine-stereo": ("two equal channels, one track; 44.1 kHz", wav(44100, tone, tone)),
        "square": ("full scale", wav(8000, square)),
        "noise-4k": ("a rate below 8 kHz", wav(4000, noise(2000, 3, 20000))),
        "noise-11k": ("11.025 kHz", wav(11025, noise(5512, 4, 20000))),
        "noise-16k": ("16 kHz", wav(16000, noise(8000, 5, 20000))),
        "noise-44101": ("a rate that shares no factor with 8000", wav(44101, noise(13230, 6, 20000))),
        "noise-48k": ("48 kHz", wav(48000, noise(19200, 7, 20000))),
        "noise-96k": ("96 kHz", wav(96000, noise(19200, 8, 20000))),
        "quiet": ("a few steps up and down: near the floor", wav(16000, noise(8000, 9, 40))),
        "bytes": ("8-bit samples, unsigned", wav_of_bytes(11025, noise(4000, 10, 30000))),
        "floats": ("samples that are no numbers, and far too large ones", wav_of_floats(8000, broken)),
        "stereo": ("two channels that differ, three tracks; 44.1 kHz", wav(44100, left, right)),
        "antiphase": ("channels that cancel each other; 48 kHz", wav(48000, anti, (-anti).astype(np.int16))),
        "speech": ("speech at 22.05 kHz", wav(rate, spoken)),
        "speech-8k": ("the same speech at 8 kHz", wav(8000, low)),
    }


def sealed(body: bytes) -> bytes:
    """``body`` with its checksum."""
    return body + hashlib.sha256(body).digest()


def malformed(good: bytes, three: bytes) -> dict[str, tuple[str, bytes, str]]:
    """Name, result, bytes and message; ``good`` has one track of two frames, ``three`` has three tracks."""
    body, other = good[:-32], three[:-32]
    size = (len(other) - 56) // 3
    first, second, third = (other[56 + k * size : 56 + (k + 1) * size] for k in range(3))

    def at(place: int, new: bytes, old: bytes = body) -> bytes:
        return sealed(old[:place] + new + old[place + len(new) :])

    def flipped(place: int) -> bytes:
        return good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]

    what = "not a print: its first bytes are not those of one"
    due = f"bytes where {len(good)} are due"
    versions = "print has version {} and algorithm {}, this program reads 1 and 1"
    count = "print says it has {} tracks, between 1 and 256 are allowed"
    damaged = "print is damaged: its checksum does not fit its content"
    order = "print has its tracks in the wrong order"
    return {
        "empty": ("not-a-print", b"", what),
        "magic": ("not-a-print", at(0, b"\x88"), what),
        "magic-text-mode": ("not-a-print", sealed(body.replace(b"\r\n", b"\n", 1)), what),
        "header-cut": ("header", good[:87], "print is truncated: its header is not complete"),
        "version-0": ("version", at(8, b"\0\0"), versions.format(0, 1)),
        "version-2": ("version", at(8, b"\2\0"), versions.format(2, 1)),
        "algorithm-2": ("version", at(10, b"\2\0"), versions.format(1, 2)),
        "version-big-endian": ("version", at(8, b"\0\1"), versions.format(256, 1)),
        "tracks-0": ("tracks", at(12, struct.pack("<I", 0)), count.format(0)),
        "tracks-257": ("tracks", at(12, struct.pack("<I", 257)), count.format(257)),
        "tracks-all-ones": ("tracks", at(12, b"\xff" * 4), count.format(2**32 - 1)),
        "length-32-days": (
            "length",
            at(16, struct.pack("<Q", 21_427_200_001)),
            "print says it covers more than 31 days",
        ),
        "length-all-ones": ("length", at(16, b"\xff" * 8), "print says it covers more than 31 days"),
        "cut-by-one": ("truncated", good[:-1], f"print is truncated: {len(good) - 1} {due}"),
        "cut-frame": ("truncated", sealed(body[:-9] + body[-1:]), f"print is truncated: {len(good) - 8} {due}"),
        "samples-too-many": (
            "truncated",
            at(16, struct.pack("<Q", 560)),
            f"print is truncated: {len(good)} bytes where {88 + 4 + 8 * 7 + 2} are due",
        ),
        "tracks-too-many": (
            "truncated",
            at(12, struct.pack("<I", 2)),
            f"print is truncated: {len(good)} bytes where {2 * len(good) - 88} are due",
        ),
        "one-byte-more": ("trailing", good + b"\0", f"print is followed by other bytes: {len(good) + 1} {due}"),
        "sealed-byte-more": (
            "trailing",
            sealed(body + b"\0"),
            f"print is followed by other bytes: {len(good) + 1} {due}",
        ),
        "twice-the-file": ("trailing", good + good, f"print is followed by other bytes: {2 * len(good)} {due}"),
        "samples-too-few": (
            "trailing",
            at(16, struct.pack("<Q", 80)),
            f"print is followed by other bytes: {len(good)} bytes where {len(good) - 8} are due",
        ),
        "flip-recording": ("checksum", flipped(30), damaged),
        "flip-word": ("checksum", flipped(64), damaged),
        "flip-level": ("checksum", flipped(len(body) - 1), damaged),
        "flip-checksum": ("checksum", flipped(len(good) - 1), damaged),
        "reserved": ("reserved", at(58, b"\0\1"), "print has a reserved field that is not zero"),
        "reserved-later": (
            "reserved",
            at(56 + 2 * size + 2, b"\1", other),
            "print has a reserved field that is not zero",
        ),
        "track-twice": ("twice", sealed(other[:56] + first + second + second), "print names one track twice"),
        "order-channels": ("order", sealed(other[:56] + first + third + second), order),
        "order-mean-last": ("order", sealed(other[:56] + second + third + first), order),
        "first-is-a-channel": ("order", at(57, b"\0"), order),
        "first-is-stream-1": ("order", at(56, b"\1"), order),
    }


def write(folder: Path, tell: Callable[[str], None] = lambda line: None) -> None:
    """All sounds, prints and malformed prints, and ``index.json`` about them."""
    for name in ("sound", "prints", "malformed"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    prints, made = [], {}
    for name, (what, data) in sounds().items():
        (folder / "sound" / f"{name}.wav").write_bytes(data)
        made[name], found = plain.print_of_wav(data)
        (folder / "prints" / f"{name}.print").write_bytes(made[name])
        bits = [[k, *place] for k, one in enumerate(found) for place in one.undecided_bits]
        levels = [[k, group] for k, one in enumerate(found) for group in sorted(one.undecided_levels)]
        prints.append({"name": name, "what": what, "undecided_bits": bits, "undecided_levels": levels})
        tell(f"{name}: {len(found)} tracks, {len(bits)} bits and {len(levels)} levels undecided")
    bad = []
    for name, (result, data, message) in malformed(made["hop"], made["stereo"]).items():
        (folder / "malformed" / f"{name}.print").write_bytes(data)
        bad.append({"name": name, "result": result, "message": message})
    index = {"format": "wholetape.print-vectors/v1", "results": RESULTS, "prints": prints, "malformed": bad}
    (folder / "index.json").write_text(_lines(index))


def _lines(index: dict[str, Any]) -> str:
    """JSON with one entry a line."""
    parts = []
    for value in index.values():
        if isinstance(value, str):
            parts.append(json.dumps(value))
        elif isinstance(value, dict):
            rows = [f"  {json.dumps(key)}: {json.dumps(one)}" for key, one in value.items()]
            parts.append("{\n" + ",\n".join(rows) + "\n }")
        else:
            parts.append("[\n" + ",\n".join(f"  {json.dumps(one)}" for one in value) + "\n ]")
    return "{\n" + ",\n".join(f" {json.dumps(k)}: {part}" for k, part in zip(index, parts, strict=True)) + "\n}\n"


if __name__ == "__main__":
    words = argparse.ArgumentParser(description="make the vectors")
    words.add_argument("--to", type=Path, default=HERE, metavar="FOLDER")
    write(words.parse_args().to, lambda line: print(line))  # noqa: T201  what it made is told to who runs it
