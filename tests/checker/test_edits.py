"""The browser tells the same edits as the command line, of the same samples."""

from __future__ import annotations

import numpy as np
import pytest

from eval import ffmpeg
from eval.checker import differences
from eval.conditions import AAC64
from tests.checking import desk
from wholetape.checking import check, make_print
from wholetape.report import as_json


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """The first 40 s of the meeting, a stereo recording of 20 s, and the prints of both."""
    folder = tmp_path_factory.mktemp("originals")
    left = desk.meeting(0, 20)
    right = desk.loud_as(desk.spoken("speech/ami-dev00.flac")[: len(left)], left)
    found = {
        "meeting": desk.save(folder / "meeting.wav", desk.meeting()),
        "stereo": desk.save(folder / "stereo.wav", left, (0.6 * left + 0.4 * right).astype("float32")),
        "later": desk.save(folder / "later.wav", desk.meeting(50, 80)),
        "on hold": desk.save(folder / "hold.wav", on_hold()),
    }
    for name in list(found):
        found[f"{name} print"] = folder / f"{name}.print"
        found[f"{name} print"].write_bytes(make_print(found[name]).encode())
    return found


def on_hold():
    """A meeting with a tune of 5.6 s four times over in it."""
    return desk.splice(desk.meeting(0, 12), desk.tune(1, 0.349), desk.meeting(12, 24))


def releases(folder):
    """Copies, each with what it is checked against."""
    m = desk.meeting
    whole = m()
    left = desk.meeting(0, 20)
    right = desk.loud_as(desk.spoken("speech/ami-dev00.flac")[: len(left)], left)
    right = (0.6 * left + 0.4 * right).astype("float32")
    wav, coded = desk.save(folder / "held.wav", desk.splice(on_hold()[:64000], on_hold()[80082:])), folder / "held.m4a"
    ffmpeg.encode(wav, coded, AAC64)
    held = ffmpeg.decode(coded, 16000)
    quieter = right.copy()
    quieter[8 * 16000 : 9 * 16000] = 0
    many = desk.splice(
        m(0, 6),
        m(7.5, 12),
        desk.stranger(1.2),
        m(12, 18),
        desk.tone(0.8),
        m(18.8, 25),
        m(22, 24),
        m(25, 31),
        m(31.2, 40),
    )
    sounds = {
        "whole": ([whole], ["meeting"]),
        "excerpt": ([m(5, 30)], ["meeting print"]),
        "many": ([many], ["meeting print"]),
        "many, closely": ([many + desk.noise(len(many) / 16000, 0.002)[: len(many)]], ["meeting"]),
        "a moment of 50 ms, closely": (
            [desk.splice(m(0, 14.62), desk.stranger(0.05, 3.45), m(14.67, 40))],
            ["meeting"],
        ),
        "a word of 80 ms, closely": ([desk.splice(m(0, 14.62), desk.stranger(0.08, 3.45), m(14.7, 40))], ["meeting"]),
        "moved": ([desk.splice(m(0, 8), m(14, 30), m(8, 14), m(30, 40))], ["meeting print"]),
        "turned down": ([desk.splice(m(0, 20), 0.005 * m(20, 23), m(23, 40))], ["meeting print"]),
        "under noise": ([desk.splice(m(0, 20), m(20, 23) + desk.noise(3, 0.2), m(23, 40))], ["meeting print"]),
        "an excerpt that noise drowns": (
            [desk.splice(m(5, 20), m(20, 26) + desk.noise(6, 0.3))],
            ["meeting print"],
        ),
        "a long replacement": ([desk.splice(m(0, 12), desk.stranger(6.0, 0.0), m(18, 40))], ["meeting print"]),
        "a long insertion early": ([desk.splice(m(19.4, 20), desk.stranger(4.0), m(20, 26))], ["meeting print"]),
        "a long insertion late": ([desk.splice(m(14, 20), desk.stranger(4.0), m(20, 20.8))], ["meeting print"]),
        "an excerpt with a pause before it": ([desk.splice(desk.silence(3), m(8, 25))], ["meeting print"]),
        "faster": ([np.interp(np.arange(0, len(whole), 1.03), np.arange(len(whole)), whole)], ["meeting print"]),
        "faster in the middle": (
            [
                desk.splice(
                    m(0, 12), np.interp(np.arange(0, 10 * 16000, 1.06), np.arange(10 * 16000), m(12, 22)), m(22, 40)
                )
            ],
            ["meeting print"],
        ),
        "one channel": ([left, quieter], ["stereo"]),
        "antiphase": ([left, desk.splice(left[:160000], -left[160000:192000], left[192000:])], ["stereo print"]),
        "two sessions": ([desk.splice(whole, desk.meeting(50, 75))], ["meeting print", "later print"]),
        "on hold, between frames": ([held], ["on hold print"]),
        "another": ([desk.spoken("speech/librivox-sonnet-1.flac")[:400000]], ["meeting print"]),
        "silent": ([desk.silence(5)], ["meeting print"]),
        "short": ([m(3, 3.7)], ["meeting print"]),
    }
    return {
        name: (desk.save(folder / f"{number}.wav", *channels), against)
        for number, (name, (channels, against)) in enumerate(sounds.items())
    }


def test_the_same_edits_of_the_same_samples(node, originals, tmp_path):
    copies = releases(tmp_path)
    answers = node(
        *(
            {"do": "check", "release": path, "against": [originals[a] for a in against]}
            for path, against in copies.values()
        )
    )
    outcomes, wrong = set(), []
    for (name, (path, against)), answer in zip(copies.items(), answers, strict=True):
        theirs = as_json(check(path, [originals[a] for a in against], jobs=1))
        ours = answer.get("answer") or {"error": answer}
        wrong += [f"{name}: {line}" for line in differences(theirs, ours)]
        outcomes.add(theirs["outcome"])
        if "error" in ours:
            continue
        assert set(ours) == set(theirs)
        assert [set(span) for span in ours["spans"]] == [set(span) for span in theirs["spans"]], name
        assert ours["release"]["sha256"] == theirs["release"]["sha256"]
        assert ours["release"]["duration"] == theirs["release"]["duration"]
        assert ours["notes"] == theirs["notes"], name
    assert not wrong
    assert outcomes == {"whole", "excerpt", "edited", "undecided", "unrelated"}


def test_the_comparison_sees_what_differs():
    edit = {"kind": "cut", "release": [1.0, 1.0], "reference": [1.0, 2.0], "source": 0, "confidence": 0.99}
    one = {"outcome": "edited", "edits": [edit], "coverage": {"unverified": 0.0}}
    assert list(differences(one, one)) == []
    for change in ({"release": [1.02, 1.02]}, {"confidence": 0.89}, {"kind": "muted"}, {"speed": 1.01}):
        assert list(differences(one, {**one, "edits": [{**edit, **change}]}))
    assert list(differences(one, {**one, "outcome": "undecided"}))
    assert list(differences(one, {**one, "edits": []}))
    assert list(differences(one, {"error": "it failed"}))
