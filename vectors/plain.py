"""A second implementation of the print, written from ``docs/spec/print.md`` alone: slow, float64, no code shared.

It makes the expected prints of this folder, and the tests hold the package's implementation against it. Numbers of
steps are those of the specification's section *Computing a print*.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]
MEAN = 255
THRESHOLD = 2.0**-9
LEEWAY = 2.0**-10
"""How near to the threshold a margin must lie for its bit to be undecided (section *Precision*)."""


@dataclass(frozen=True, slots=True)
class PlainTrack:
    """One track. margins: (frames, 64); words: an integer a frame; levels: a byte for each four frames.

    ``undecided_levels`` are the groups whose level or tone flag may come out otherwise in float32.
    """

    stream: int
    channel: int
    margins: NDArray[np.float64]
    words: tuple[int, ...]
    levels: bytes
    undecided_levels: frozenset[int]

    @property
    def undecided_bits(self) -> list[tuple[int, int]]:
        """(frame, bit) of each bit that may come out otherwise in float32."""
        return [(int(i), int(b)) for i, b in np.argwhere(np.abs(self.margins - THRESHOLD) <= LEEWAY)]


def to_8k(x: Sound, rate: int) -> Sound:
    """Step 2: each output is a sum of its own over the inputs near it."""
    if rate == 8000:
        return x
    slower = min(rate, 8000)
    reach = 24 * rate / slower
    y = np.zeros(-(-len(x) * 8000 // rate))
    for m in range(len(y)):
        first = max(0, math.ceil(m * rate / 8000 - reach))
        last = min(len(x) - 1, math.floor(m * rate / 8000 + reach))
        n = np.arange(first, last + 1)
        t = (n * 8000 - m * rate) * (slower / (8000 * rate))
        arc = math.pi * t
        h = 0.42 + 0.5 * np.cos(arc / 24) + 0.08 * np.cos(arc / 12)
        away = t != 0
        h[away] *= np.sin(arc[away]) / arc[away]
        h[np.abs(t) >= 24] = 0
        y[m] = slower / rate * float(np.dot(x[first : last + 1], h))
    return y


def band_energies(y: Sound) -> NDArray[np.float64]:
    """Steps 3 to 5: (frames, 33)."""
    edges = [250 * 14 ** (b / 33) for b in range(34)]
    share = np.zeros((129, 33))
    for k in range(129):
        for b in range(33):
            low, high = 31.25 * (k - 0.5), 31.25 * (k + 0.5)
            share[k, b] = max(0.0, min(high, edges[b + 1]) - max(low, edges[b])) / 31.25
    j = np.arange(256)
    window = 0.5 - 0.5 * np.cos(2 * math.pi * j / 256)
    angle = 2 * math.pi * (np.outer(np.arange(129), j) % 256) / 256
    cosines, sines = np.cos(angle), np.sin(angle)
    rows = np.zeros((-(-len(y) // 80), 33))
    for i in range(len(rows)):
        f = np.zeros(256)
        first, last = max(0, 80 * i - 128), min(len(y), 80 * i + 128)
        f[first - (80 * i - 128) : last - (80 * i - 128)] = y[first:last]
        f *= window
        rows[i] = ((cosines @ f) ** 2 + (sines @ f) ** 2) @ share
    return rows


def margins(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Steps 6 to 8: (frames, 64)."""
    count = len(rows)
    weights = [(k, math.sin(math.pi * (k + 5) / 10) ** 2 / 5) for k in range(-4, 5)]

    def energy(i: int) -> NDArray[np.float64]:
        return np.asarray(rows[min(max(i, 0), count - 1)])

    plain = {i: np.log(energy(i) + 2.0**-15) for i in range(-1, count + 1)}
    smooth = {
        i: np.log(np.sum([w * energy(i + k) for k, w in weights], axis=0) + 2.0**-15) for i in range(-5, count + 5)
    }
    out = np.zeros((count, 64))
    for i in range(count):
        out[i, :32] = np.diff(plain[i + 1] - plain[i - 1])
        out[i, 32:] = np.diff(smooth[i + 5] - smooth[i - 5])
    return out


def level(row: NDArray[np.float64]) -> tuple[int, bool, bool]:
    """Step 10 for one frame: level, whether it is a tone, and whether float32 may say otherwise."""
    total = float(row.sum())
    if total <= 0:
        return 0, False, False
    exact = 4 * math.log2(total) + 79
    centres = [250 * 14 ** ((b + 0.5) / 33) for b in range(33)]
    near = [[b for b in range(33) if abs(centres[b] - centres[c]) <= 90 or b == c + 1] for c in range(33)]
    share = max(sum(float(row[b]) for b in bands) for bands in near) / total
    undecided = 0.5 < exact < 127.5 and abs(exact - round(exact)) < 0.01
    if abs(share - 0.9) < 0.001 or abs(total / 2**-9 - 1) < 0.001:
        undecided = True
    return max(0, min(127, math.floor(exact))), total > 2.0**-9 and share >= 0.9, undecided


def track(y: Sound, stream: int = 0, channel: int = MEAN) -> PlainTrack:
    """Steps 3 to 11 for sound (n,) at 8 kHz."""
    rows = band_energies(y)
    found = margins(rows)
    words = tuple(sum(1 << b for b in range(64) if line[b] > THRESHOLD) for line in found)
    told = [level(row) for row in rows]
    groups = [told[g : g + 4] for g in range(0, len(told), 4)]
    levels = bytes(max(code for code, _, _ in g) + 128 * all(tone for _, tone, _ in g) for g in groups)
    undecided = frozenset(k for k, g in enumerate(groups) if any(u for _, _, u in g))
    return PlainTrack(stream, channel, found, words, levels, undecided)


def tracks(channels: Sound, rate: int) -> list[PlainTrack]:
    """The tracks of one stream (channels, n), whose channels differ from the beginning on or not at all."""
    sound = np.clip(np.where(np.isfinite(channels), channels, 0), -1024, 1024)
    found = [track(to_8k(sound.sum(axis=0) / len(sound), rate))]
    if not (sound == sound[0]).all():
        found += [track(to_8k(one, rate), 0, k) for k, one in enumerate(sound)]
    return found


def encode(samples: int, recording: bytes, found: Sequence[PlainTrack]) -> bytes:
    """The bytes of the file."""
    out = b"\x89WTP\r\n\x1a\n" + struct.pack("<HHIQ", 1, 1, len(found), samples) + recording
    for one in found:
        out += bytes([one.stream, one.channel, 0, 0])
        out += b"".join(word.to_bytes(8, "little") for word in one.words) + one.levels
    return out + hashlib.sha256(out).digest()


def read_wav(data: bytes) -> tuple[Sound, int]:
    """Samples (channels, n), full scale ±1, and the rate, of a WAV file as ``make.py`` writes them."""
    form, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, 20)
    size = struct.unpack_from("<I", data, 40)[0]
    kind = {(1, 8): "u1", (1, 16): "<i2", (3, 32): "<f4"}[form, bits]
    raw = np.frombuffer(data, kind, size * 8 // bits, 44).astype(np.float64)
    if form == 1:
        raw = (raw - 128) / 128 if bits == 8 else raw / 32768
    return raw.reshape(-1, channels).T, rate


def print_of_wav(data: bytes) -> tuple[bytes, list[PlainTrack]]:
    """The print of a WAV file, and the tracks that it is made of."""
    sound, rate = read_wav(data)
    found = tracks(sound, rate)
    samples = -(-sound.shape[1] * 8000 // rate)
    return encode(samples, hashlib.sha256(data).digest(), found), found
