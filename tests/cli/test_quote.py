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
    assert sorted(path.name for path in here.iterdir()) == ["silence.wav"]


def test_a_strangers_captions_cannot_act_on_the_terminal_or_the_page(run, here):
    text = "1\n00:00:01,000 --> 00:00:03,000\n\x1b[31mWe will \u202e<script>not</script> sign\n\n"
    (here / "h.srt").write_text(text)
    ran = run("quote", "we will not sign", "--in", "h.srt", "--html", "h.html")
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + (here / "h.html").read_text()
    assert "<script" not in (here / "h.html").read_text()


def test_a_run_that_was_killed_goes_on_where_it_was(program, here):
    import signal
    import subprocess
    import sys
    import time

    words = [sys.executable, "-m", "wholetape", "transcribe", str(JFK), "-o", "a.json"]
    process = subprocess.Popen(words, cwd=here)
    part = here / "a.json.part"
    for _ in range(600):
        if process.poll() is not None or (part.exists() and part.read_bytes().count(b"\n") > 1):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    ran = program("transcribe", JFK, "-o", "a.json", cwd=here)
    assert ran.code == 0
    assert not part.exists()
    told = json.loads((here / "a.json").read_text())
    assert [segment["id"] for segment in told["segments"]] == [f"s{k}" for k in range(1, len(told["segments"]) + 1)]


def test_the_page_has_the_sound_of_the_place_and_asks_nobody_for_anything(run, here):
    ran = run(
        "quote",
        "my fellow Americans",
        "--in",
        JFK,
        "--html",
        "q.html",
        "--annotation",
        "a.json",
        "--url",
        "https://x.org/a.mp3",
    )
    assert ran.code == 0
    page = (here / "q.html").read_text()
    assert page.count("<audio") == 1
    assert "data:audio/mpeg;base64," in page
    assert "default-src &#x27;none&#x27;" in page
    assert "http" not in page.replace("http-equiv", "")
    note = json.loads((here / "a.json").read_text())
    fragment, text = note["target"][0]["selector"]
    assert note["target"][0]["source"] == "https://x.org/a.mp3"
    assert (fragment["type"], text["type"], text["exact"]) == (
        "FragmentSelector",
        "TextQuoteSelector",
        "my fellow americans",
    )
    assert fragment["value"].startswith("t=0.9")


def test_confirm_signs_and_both_listeners_are_shown(run, here, speech):
    assert run("transcribe", speech, "-o", "s.json", "--recording", JFK).code == 0
    for name in ("ann", "bob"):
        assert run("keygen", "-o", f"{name}.key", "--name", name).code == 0
    quote = "ask what you can do for your country"
    sign = ("quote", "confirm", quote, "--in", "s.json", "--at", "8.1", "10.5")
    assert (
        run(*sign, "--heard", "Ask what you can do for your country", "--key", "ann.key", "--speaker", "JFK").code == 0
    )
    assert run(*sign, "--heard", "Ask what you could do", "--key", "bob.key").code == 0
    show = ("quote", quote, "--in", "s.json", "--confirmations", "s.json.heard", "--json", "-")
    told = json.loads(run(*show, "--trust", "ann.pub", "--trust", "bob.pub").out)
    assert [(one["listener"], one["agrees"]) for one in told["confirmed"]] == [("ann", True), ("bob", False)]
    ran = run(*show)
    assert json.loads(ran.out)["confirmed"] == []
    assert "not counted" in ran.err
    (here / "s.json.heard").write_bytes((here / "s.json.heard").read_bytes().replace(b"could", b"can"))
    assert run(*show, "--trust", "ann.pub", "--trust", "bob.pub").code == 6


def test_an_article_and_the_words_of_edits(run, here, speech):
    (here / "a.html").write_text(
        "<p>“Ask what you can do for your country,” said Kennedy.</p><p>“I love lobsters,” he added.</p>"
    )
    ran = run("quote", "--article", "a.html", "--in", speech, "--json", "-")
    told = json.loads(ran.out)
    assert (ran.code, told["format"]) == (1, "wholetape.article/v1")
    assert [(q["outcome"], q["speaker"]) for q in told["quotes"]] == [("found", "Kennedy"), ("not-found", "Kennedy")]
    (here / "s.srt").write_text("1\n00:00:00,000 --> 00:00:10,000\nwe will not ever sign this treaty here today\n\n")
    edit = {"kind": "cut", "release": [3.0, 3.0], "source": 0, "reference": [1.5, 3.6], "confidence": 1.0}
    (here / "c.json").write_text(json.dumps({"format": "wholetape.check/v1", "references": [], "edits": [edit]}))
    ran = run("quote", "--check", "c.json", "--in", "s.srt", "--json", "-")
    (row,) = json.loads(ran.out)["edits"]
    assert (ran.code, row["sentence"], row["text"]) == (0, "these 2 words were cut", "not ever")
