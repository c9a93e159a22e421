"""Two other implementations, written from the specification alone, get the same print from the same samples."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
from math import ceil
from pathlib import Path

import numpy as np
import pytest

from tests.match.agreement import RATES, SPOKEN, VECTORS, decoded, differing, package_track, spoken
from vectors import plain
from vectors.make import noise, sine, wav
from wholetape.match.printfile import parse

SECONDS = 2.5
"""Of each recording at each rate: 38 s of speech in all, 240,000 bits."""
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def disagreement(samples, rate):
    """Checks the specification's section Precision, and returns differing and all bits."""
    sound = samples / 32768
    ours = package_track(sound, rate)
    theirs = plain.track(plain.to_8k(sound, rate))
    assert len(ours.words) == len(theirs.words) == ceil(ceil(len(sound) * 8000 / rate) / 80)
    wrong = differing(ours.words, theirs.words)
    assert set(wrong) <= set(theirs.undecided_bits)
    mine, other = ours.levels.astype(int), np.frombuffer(theirs.levels, np.uint8).astype(int)
    off = set(np.flatnonzero(mine != other).tolist())
    assert off <= theirs.undecided_levels
    assert np.abs((mine & 127) - (other & 127)).max() <= 1
    return len(wrong), 64 * len(ours.words)


@pytest.mark.parametrize("rate", RATES)
def test_of_the_bits_of_speech_at_most_one_in_100_000_differs(rate):
    wrong = bits = 0
    for name in SPOKEN:
        some, all_of_them = disagreement(spoken(name, rate, 3, SECONDS), rate)
        wrong, bits = wrong + some, bits + all_of_them
    assert bits > 40_000
    assert wrong <= -(-bits // 100_000)


def test_speech_at_its_own_rate():
    for name in SPOKEN:
        rate = decoded(name)[1]
        assert disagreement(spoken(name, rate, 0, SECONDS), rate)[0] <= 1


@pytest.mark.parametrize("rate", [8000, 11025, 44100])
@pytest.mark.parametrize(
    "make",
    [
        lambda rate: noise(rate, 5, 30000),
        lambda rate: noise(rate, 6, 40),
        lambda rate: sine(rate, rate, 1000, 20000),
        lambda rate: sine(rate, rate, 440, 32767),
        lambda rate: sine(rate, rate, 697, 15000) + sine(rate, rate, 1209, 15000),
        lambda rate: np.array([10000 * (n // 50 % 2) for n in range(rate)]),
        lambda rate: np.array([32767 * (n == rate // 3) for n in range(rate)]),
        lambda rate: np.full(rate, 12345),
        lambda rate: np.zeros(rate, np.int16),
    ],
    ids=["noise", "quiet", "tone", "full-scale", "two-tones", "square", "click", "constant", "silence"],
)
def test_synthetic_sound_differs_in_undecided_bits_only(make, rate):
    disagreement(make(rate), rate)


@needs_node
def test_a_program_in_another_language_gets_the_same_bits_from_two_minutes_of_speech(tmp_path):
    made: list[Path] = []
    for rate in RATES:
        for name in SPOKEN:
            path = tmp_path / f"{rate}-{len(made)}.wav"
            path.write_bytes(wav(rate, spoken(name, rate, 0, 8)))
            made.append(path)
    node(made)
    wrong = bits = 0
    for path in made:
        theirs = parse(path.with_suffix(".print").read_bytes())
        sound, rate = plain.read_wav(path.read_bytes())
        ours = package_track(sound[0], rate)
        wrong += len(differing(ours.words, theirs.tracks[0].words))
        bits += 64 * len(ours.words)
        off = np.abs((ours.levels & 127).astype(int) - (theirs.tracks[0].levels & 127))
        assert off.max() <= 1
        assert theirs.recording == hashlib.sha256(path.read_bytes()).digest()
    assert bits > 700_000
    assert wrong <= bits / 100_000


@needs_node
def test_a_program_in_another_language_gets_the_prints_of_the_vectors(tmp_path):
    sounds = sorted((VECTORS / "sound").glob("*.wav"))
    copies = [tmp_path / path.name for path in sounds]
    for path, copy in zip(sounds, copies, strict=True):
        shutil.copy(path, copy)
    node(copies)
    for copy in copies:
        expected, found = plain.print_of_wav(copy.read_bytes())
        theirs = parse(copy.with_suffix(".print").read_bytes())
        assert theirs.samples == struct.unpack_from("<Q", expected, 16)[0]
        for one, other in zip(found, theirs.tracks, strict=True):
            assert set(differing(one.words, other.words)) <= set(one.undecided_bits)


def node(sounds):
    words = [str(word) for path in sounds for word in (path, path.with_suffix(".print"))]
    script = VECTORS.parent / "tests" / "match" / "print.js"
    done = subprocess.run(["node", str(script), *words], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
