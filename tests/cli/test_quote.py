"""``wholetape quote`` and ``wholetape transcribe``: answers, exit codes, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

JFK = Path(__file__).parents[2] / "examples" / "speech" / "jfk-inaugural-1961.flac"
TEXT = "And so, my fellow Americans, ask not what your country can do for you. Ask what you can do for your country.\n"


@pytest.fixture
def speech(here):
    (here / "speech.txt").write_text(TEXT)
    return "speech.txt"


@pytest.mark.parametrize(
    ("quote", "outcome", "code"),
    [
        ("ask what you can do for your country", "found", 0),
        ("ask not what you could do for your country", "uncertain", 3),
        ("lobsters cannot vote on Tuesdays", "not-found", 1),
    ],
)
def test_the_exit_code_and_the_json_tell_the_outcome(run, speech, quote, outcome, code):
    ran = run("quote", quote, "--in", speech, "--json", "-")
    told = json.loads(ran.out)
    assert (ran.code, told["outcome"], told["format"]) == (code, outcome, "wholetape.quote/v1")
    assert told["confirmed"] == []
    assert ran.err.startswith(outcome.replace("not-found", "not found"))
    for match in told["matches"]:
        assert set(match) >= {"at", "text", "score", "diff", "before", "after", "warnings"}


def test_a_recording_is_transcribed_on_the_way(run, here):
    ran = run("quote", "my fellow Americans", "--in", JFK, "--json", "out.json")
    told = json.loads((here / "out.json").read_text())
    assert ran.code == 0
    assert told["matches"][0]["at"] == pytest.approx([0.97, 2.16], abs=0.3)
    assert told["transcript"]["engine"] == "pocketsphinx"
    assert len(told["transcript"]["model_sha256"]) == 64
    assert told["recording"]["duration"] == pytest.approx(11.0)


def test_transcribe_writes_what_the_suffix_says_and_converts(run, here):
    assert run("transcribe", JFK, "-o", "a.json").code == 0
    assert not list(here.glob("*.part"))
    for suffix in ("vtt", "srt", "ttml", "txt"):
        assert run("transcribe", "a.json", "-o", f"b.{suffix}").code == 0
        assert run("transcribe", f"b.{suffix}", "-o", "c.json", "--format", "whispercpp").code == 0
        assert run("quote", "my fellow Americans", "--in", "c.json").code == 0


def test_supplied_words_are_laid_along_the_sound_and_keep_whether_they_were_heard(run, speech, here):
    assert run("transcribe", JFK, "--text", speech, "-o", "a.json").code == 0
    told = json.loads((here / "a.json").read_text())
    words = {w["text"]: w for w in told["segments"][0]["words"]}
    assert told["made"]["origin"] == "aligned"
    assert words["Americans,"]["start"] == pytest.approx(1.6, abs=0.2)
    assert words["country."]["end"] == pytest.approx(10.4, abs=0.3)
    assert {word["confidence"] for word in words.values()} == {0.0, 1.0}


def test_a_text_of_another_recording_does_not_fit(run, here):
    (here / "other.txt").write_text("The committee decided nothing about lobsters on Tuesday morning.\n")
    ran = run("transcribe", JFK, "--text", "other.txt", "-o", "a.json")
    assert ran.code == 4
    assert "does not fit" in ran.err
    assert not (here / "a.json").exists()


def bad(here):
    (here / "empty.json").write_bytes(b"")
    (here / "cut.json").write_text('{"segments": [{"start": 1')
    (here / "noise.bin").write_bytes(bytes(range(256)) * 9)
    (here / "folder").mkdir()


@pytest.mark.parametrize("name", ["empty.json", "cut.json", "noise.bin", "folder", "missing.json", "a\nb"])
@pytest.mark.parametrize("command", ["quote", "transcribe"])
def test_what_cannot_be_read_is_told_with_exit_code_4(run, here, name, command):
    bad(here)
    words = ("quote", "some words", "--in", name) if command == "quote" else ("transcribe", name, "-o", "out.json")
    ran = run(*words)
    assert ran.code == 4
    assert ran.err.startswith("wholetape: ")
    assert "Traceback" not in ran.err
    assert not (here / "out.json").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("quote", "--in", "speech.txt"),
        ("quote", "two", "quotes", "--in", "speech.txt"),
        ("quote", "…", "--in", "speech.txt"),
        ("quote", "a b c"),
        ("quote", "a b c", "--in", "speech.txt", "--context", "nan"),
        ("quote", "a b c", "--in", "speech.txt", "--json", "speech.txt"),
        ("transcribe", "speech.txt", "-o", "out.doc"),
        ("transcribe", "speech.txt", "-o", "speech.txt"),
        ("transcribe", JFK, "-o", "a.json", "--engine", "whispercpp"),
        ("transcribe", JFK, "-o", "a.json", "--engine", "faster-whisper"),
        ("transcribe", JFK, "-o", "a.json", "--language", "km"),
    ],
)
def test_wrong_words_are_told_with_exit_code_2(run, speech, words):
    ran = run(*words)
    assert ran.code == 2
    assert "hint:" in ran.err


def test_silence_has_no_words_and_the_engine_is_not_asked_to_invent_any(run, here):
    import wave

    with wave.open("silence.wav", "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(bytes(64000))
    ran = run("transcribe", "silence.wav", "-o", "a.json")
    assert ran.code == 4
    assert "no speech was recognised" in ran.err
