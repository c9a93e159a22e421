"""Known-answer tests for the installed copy: no files, no random numbers, about a second.

A wrong BLAS, a broken FFT or a half-installed package computes prints that match nothing, without an error. The
expected digests are those of an implementation in float64 that shares no code with this package; sounds were chosen
so that rounding decides no bit of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import MalformedFile
from wholetape.findings import Kind
from wholetape.match.bands import frames_of
from wholetape.match.edl import Entry, listing
from wholetape.match.printfile import ALL_CHANNELS, Print, Track, parse
from wholetape.match.resample import resample
from wholetape.match.score import Axis, Scorer
from wholetape.match.timeline import timeline
from wholetape.match.trace import probe, trace
from wholetape.times import CLOCK_HZ

KNOWN = (
    (8000, 1, "6d10fadb7496e2bac992cb5f5403c90022cf2d9116b64f478e334fd39c3b2ac5"),
    (11025, 2, "921bf804e4b7aab329faea53394899924ae5cc70ef308bbc563c868f07d276d7"),
    (16000, 3, "0def0a16a1f4238cd9bc5efa74386600d820a19c9c1544e534e7a396d7015b75"),
    (44100, 2, "4dd03ad021a330a87f1ea8c69291ef1ffe44ee1889dc4dd049d68edc2d6fd858"),
    (48000, 1, "003e4e70bf31e9748b62e19191a68dca30a0562ef185c7f017282a4bf32a8f9d"),
)
"""Rate in Hz, seed of the sound, and SHA-256 of the words and levels of its print."""
_SECONDS = 0.4
_CUT = (80_400, 84_800)
"""Samples taken out: 0.55 s from 10.05 s on."""


def sound(count: int, seed: int) -> NDArray[np.int16]:
    """(count,) samples of noise whose loudness and colour change every 700; integers only, so the same everywhere.

    Source of the generator: the example of ``rand`` in ISO/IEC 9899, 7.22.2, as a linear congruence.
    """
    fresh = _chance(count, seed)
    turns = _chance(-(-count // 700), seed + 1)
    loud = np.repeat(turns % 4 + 1, 700)[:count]
    colour = np.repeat(turns // 4 % 7 - 3, 700)[:count]
    fresh = fresh - 16384
    before = np.concatenate(([0], fresh[:-1]))
    return ((4 * fresh + colour * before) * 20000 // (16384 * 7 * loud)).astype(np.int16)


def _chance(count: int, seed: int) -> NDArray[np.int64]:
    """(count,) integers of 15 bits: each is made from the one before, here by doubling the stretch that is known."""
    multiplier, increment, modulus = 1103515245, 12345, 2**31
    states = np.array([(seed * multiplier + increment) % modulus], np.int64)
    while len(states) < count:
        states = np.concatenate((states, (states * multiplier + increment) % modulus))
        multiplier, increment = multiplier * multiplier % modulus, (multiplier * increment + increment) % modulus
    return states[:count] >> 16


def _full_scale(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32768)


def _track(samples: NDArray[np.float32], rate: int = CLOCK_HZ) -> Track:
    return Track.of(frames_of(resample(samples, rate)), 0, ALL_CHANNELS)


def digest(rate: int, seed: int) -> str:
    """SHA-256, in hex, of the words and levels that this copy computes for the sound of ``seed`` at ``rate``."""
    track = _track(_full_scale(sound(round(rate * _SECONDS), seed)), rate)
    return hashlib.sha256(track.words.astype("<u8").tobytes() + track.levels.tobytes()).hexdigest()


def _small_print() -> Print:
    samples = _full_scale(sound(2000, 5))
    return Print(len(samples), hashlib.sha256(b"").digest(), (_track(samples),))


def _round_trip() -> bool:
    made = _small_print()
    data = made.encode()
    back = parse(data)
    same = np.array_equal(back.tracks[0].words, made.tracks[0].words)
    return same and back.encode() == data and (back.samples, back.recording) == (made.samples, made.recording)


def _damage_is_refused() -> bool:
    data = _small_print().encode()
    damaged = [
        data[:-1],
        data + b"\0",
        b"",
        *(data[:k] + bytes([data[k] ^ 4]) + data[k + 1 :] for k in range(len(data))),
    ]
    for one in damaged:
        try:
            parse(one)
        except MalformedFile:
            continue
        return False
    return True


def _edits(cut: bool) -> tuple[Entry, ...] | None:
    """What is found when a quieter and noisier copy of 25 s is compared with its print."""
    original = _full_scale(sound(200_000, 1))
    start, end = _CUT
    copy = np.concatenate((original[:start], original[end:])) if cut else original
    copy = copy * np.float32(0.4) + _full_scale(sound(len(copy), 9)) * np.float32(0.02)
    axis = Axis.of([_track(original)])
    scorer = Scorer(frames_of(copy), axis)
    stretches, _ = probe(scorer)
    scorer.adopt(scorer.estimate(stretches))
    pieces = timeline(scorer, trace(scorer), None)
    return listing(pieces, axis).entries if pieces else None


def _cut_is_found() -> bool:
    entries = _edits(cut=True)
    if entries is None or len(entries) != 1 or entries[0].kind is not Kind.CUT or entries[0].reference is None:
        return False
    start, end = (1000 * at / CLOCK_HZ for at in _CUT)
    found = entries[0].reference
    return abs(found[0] - start) < 20 and abs(found[1] - end) < 20 and abs(entries[0].release[0] - start) < 20


def run() -> list[tuple[str, bool]]:
    """Each test by name, and whether this copy gave the known answer."""
    tests: list[tuple[str, Callable[[], bool]]] = [
        (f"print of {rate} Hz sound", lambda rate=rate, seed=seed, known=known: digest(rate, seed) == known)  # type: ignore[misc]
        for rate, seed, known in KNOWN
    ]
    tests += [
        ("a print is written and read again", _round_trip),
        ("a damaged print is refused", _damage_is_refused),
        ("a cut is found where it is", _cut_is_found),
        ("a copy without edits has none", lambda: _edits(cut=False) == ()),
    ]
    return [(name, _holds(test)) for name, test in tests]


def _holds(test: Callable[[], bool]) -> bool:
    try:
        return test()
    except Exception:  # a broken copy may fail in any way, and each of them is an answer
        return False
