"""The browser makes the prints that the package makes, and refuses the prints that the package refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.match.agreement import RATES, SPOKEN, VECTORS, differing, package_track, spoken
from vectors import plain
from vectors.make import wav
from wholetape.match.printfile import parse

INDEX = json.loads((VECTORS / "index.json").read_text())


def test_of_the_bits_of_speech_at_most_one_in_100_000_differs(node, tmp_path):
    made: list[Path] = []
    for rate in RATES:
        for name in SPOKEN:
            path = tmp_path / f"{len(made)}.wav"
            path.write_bytes(wav(rate, spoken(name, rate, 0, 8)))
            made.append(path)
    answers = node(*({"do": "print", "recording": path, "output": path.with_suffix(".print")} for path in made))
    assert all("error" not in answer for answer in answers)
    wrong = bits = 0
    for path in made:
        theirs = parse(path.with_suffix(".print").read_bytes())
        sound, rate = plain.read_wav(path.read_bytes())
        ours = package_track(sound[0], rate)
        wrong += len(differing(ours.words, theirs.tracks[0].words))
        bits += 64 * len(ours.words)
        off = np.abs((ours.levels & 127).astype(int) - (theirs.tracks[0].levels & 127))
        assert off.max() <= 1
    assert bits > 700_000
    assert wrong <= bits / 100_000


def test_the_prints_of_the_vectors(node, tmp_path):
    entries = [entry for entry in INDEX["prints"] if not entry["name"].startswith("empty")]
    tasks = []
    for entry in entries:
        shutil.copy(VECTORS / "sound" / f"{entry['name']}.wav", tmp_path)
        sound = tmp_path / f"{entry['name']}.wav"
        tasks.append({"do": "print", "recording": sound, "output": sound.with_suffix(".print")})
    for entry, answer in zip(entries, node(*tasks), strict=True):
        assert "error" not in answer, (entry["name"], answer)
        theirs = parse((tmp_path / f"{entry['name']}.print").read_bytes())
        expected = parse((VECTORS / "prints" / f"{entry['name']}.print").read_bytes())
        assert (theirs.samples, theirs.recording) == (expected.samples, expected.recording)
        assert [(t.stream, t.channel) for t in theirs.tracks] == [(t.stream, t.channel) for t in expected.tracks]
        for k, (one, other) in enumerate(zip(theirs.tracks, expected.tracks, strict=True)):
            bits = [[k, *place] for place in differing(one.words, other.words)]
            assert [place for place in bits if place not in entry["undecided_bits"]] == [], entry["name"]
            levels = [[k, int(g)] for g in np.flatnonzero(one.levels != other.levels)]
            assert [place for place in levels if place not in entry["undecided_levels"]] == [], entry["name"]


def test_prints_are_read_and_refused_as_the_package_does(node):
    good = [VECTORS / "prints" / f"{entry['name']}.print" for entry in INDEX["prints"]]
    bad = [VECTORS / "malformed" / f"{entry['name']}.print" for entry in INDEX["malformed"]]
    answers = node(*({"do": "parse", "print": path} for path in (*good, *bad)))
    assert [answer["answer"] for answer in answers[: len(good)]] == [len(parse(p.read_bytes()).tracks) for p in good]
    for entry, answer in zip(INDEX["malformed"], answers[len(good) :], strict=True):
        assert (answer["error"], answer["message"]) == ("MalformedFile", entry["message"])


@pytest.mark.parametrize("size", [0, 1, 55, 56, 64, 119, 1000])
def test_the_hash_is_sha256(node, tmp_path, size):
    import hashlib

    path = tmp_path / "some"
    path.write_bytes(bytes(range(256)) * 4 if size == 1000 else b"a" * size)
    (answer,) = node({"do": "hash", "file": path})
    assert answer["answer"] == hashlib.sha256(path.read_bytes()).hexdigest()
