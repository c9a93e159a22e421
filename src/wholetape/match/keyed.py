"""The keyed print: signs of secret patterns in the log spectrum, for whoever holds it to check what a print let pass.

A print is public and has no key, so other sound can be shaped until its print fits. What a key draws cannot be aimed
at by whoever has not got it. Source of the idea: J. Fridrich and M. Goljan, *Robust Hash Functions for Digital
Watermarking*, ITCC 2000 (signs of keyed random smooth projections); here over 160 ms of 33 bands. The definition is
``docs/spec/keyed.md``.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import MalformedFile, UnreadableInput
from wholetape.match.bands import band_matrix, energies, frame_count
from wholetape.match.params import KEYED, PRINT
from wholetape.match.printfile import MAX_SAMPLES, complete
from wholetape.match.speed import Sound

MAGIC = b"\x89WTK\r\n\x1a\n"
VERSION = 1
ALGORITHM = 1
KEY_BYTES = 32
_HEADER = struct.Struct("<8sHHQ32s32s")
_DIGEST = 32
MAX_BYTES = MAX_SAMPLES // 40 + (1 << 12)
"""Bytes of the largest keyed print: a month."""
_BANDS = band_matrix()
_FRESH = "get a fresh copy of it from whoever keeps it"


@dataclass(frozen=True, slots=True)
class KeyedPrint:
    """A keyed print of the mean of a recording's channels; as secret as its key, which is in it.

    samples: length of the recording at 8 kHz. recording: SHA-256 of the file it was made from. signs: (n,) uint32, one
    every 20 ms, position i centred on sample 160 i.
    """

    samples: int
    recording: bytes
    key: bytes
    signs: NDArray[np.uint32]

    def encode(self) -> bytes:
        """The bytes of a ``.keyed`` file; ``parse`` is the inverse."""
        if self.samples > MAX_SAMPLES:
            raise UnreadableInput("too long for a keyed print, which holds up to 31 days", "split the recording")
        head = _HEADER.pack(MAGIC, VERSION, ALGORITHM, self.samples, self.recording, self.key)
        body = head + self.signs.astype("<u4").tobytes()
        return body + hashlib.sha256(body).digest()


def parse(data: bytes) -> KeyedPrint:
    """The keyed print that ``data`` holds; raises ``MalformedFile`` for what ``encode`` would not have written."""
    if not data.startswith(MAGIC):
        raise MalformedFile("not a keyed print: its first bytes are not those of one", "see `wholetape print --keyed`")
    if len(data) < _HEADER.size + _DIGEST:
        raise MalformedFile("keyed print is truncated: its header is not complete", _FRESH)
    _, version, algorithm, samples, recording, key = _HEADER.unpack_from(data)
    if version != VERSION or algorithm != ALGORITHM:
        raise MalformedFile(
            f"keyed print has version {version} and algorithm {algorithm}, not {VERSION} and {ALGORITHM}",
            "a newer version of the program may read it",
        )
    if samples > MAX_SAMPLES:
        raise MalformedFile("keyed print says it covers more than 31 days", _FRESH)
    count = positions(samples)
    size = _HEADER.size + 4 * count + _DIGEST
    complete(data, size, "keyed print", _FRESH)
    return KeyedPrint(samples, recording, key, np.frombuffer(data, "<u4", count, _HEADER.size).astype(np.uint32))


def positions(samples: int) -> int:
    """Positions of a keyed print of ``samples`` samples at 8 kHz."""
    return -(-frame_count(samples) // KEYED.stride)


def patterns(key: bytes) -> NDArray[np.float32]:
    """(528, 32) weights of the 16 frames × 33 bands of log energy around a position, one column for each sign."""
    size = KEYED.patterns * KEYED.frames * PRINT.bands
    drawn = np.frombuffer(hashlib.shake_256(b"wholetape keyed print 1\n" + key).digest(size), np.int8)
    weights = drawn.astype(np.int64).reshape(KEYED.patterns, KEYED.frames, PRINT.bands)
    for axis in (1, 2):
        wide = np.pad(weights, [(1, 1) if k == axis else (0, 0) for k in range(3)])
        n = weights.shape[axis]
        before, here, behind = (np.take(wide, range(k, k + n), axis) for k in (0, 1, 2))
        weights = before + 2 * here + behind
    weights = PRINT.bands * weights - weights.sum(axis=2, keepdims=True)  # loudness says nothing
    return np.asarray(weights.reshape(KEYED.patterns, -1).T, np.float32)


def signs_at(sound: Sound, samples: int, first: int, count: int, weights: NDArray[np.float32]) -> NDArray[np.uint32]:
    """(count,) signs of ``sound``, ``samples`` long at 8 kHz, at positions centred on ``first`` + 160 k samples."""
    half = PRINT.window // 2
    lead = KEYED.frames // 2
    out = np.empty(count, np.uint32)
    for at in range(0, count, KEYED.block):
        n = min(KEYED.block, count - at)
        frames = (n - 1) * KEYED.stride + KEYED.frames
        start = first + at * KEYED.hop - lead * PRINT.hop - half
        stop = start + (frames - 1) * PRINT.hop + PRINT.window
        inside = sound(max(0, min(start, samples)), max(0, min(stop, samples)))
        padded = np.pad(inside, (max(0, min(-start, stop - start)), 0))[: stop - start]
        padded = np.pad(padded, (0, stop - start - len(padded))).astype(np.float32, copy=False)
        rows = energies(padded, np.arange(frames, dtype=np.int64) * PRINT.hop, _BANDS)
        logs = np.log(rows / np.float32(PRINT.floor) + np.float32(1.0))
        patches = np.lib.stride_tricks.sliding_window_view(logs, KEYED.frames, axis=0)[:: KEYED.stride]
        values = patches.transpose(0, 2, 1).reshape(n, -1) @ weights
        out[at : at + n] = np.packbits(values > 0, axis=1, bitorder="little").view("<u4")[:, 0]
    return out


def make(sound: Sound, samples: int, recording: bytes, key: bytes) -> KeyedPrint:
    """The keyed print of ``sound``, ``samples`` long at 8 kHz, by a key of 32 random bytes."""
    return KeyedPrint(samples, recording, key, signs_at(sound, samples, 0, positions(samples), patterns(key)))
