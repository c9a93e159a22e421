"""``wholetape record`` as a process: sound in by pipe, asked from another terminal, killed, hosted."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time
import wave
from pathlib import Path

import pytest

from tests.cli.recorder import BOTH, RAW, START, desk, end, events, feed, leaves, start, until, wav
from tests.seal.live.made import RATE, sound
from tests.seal.made import B
from wholetape.log.kinds import What
from wholetape.seal.sealfile import parse_seal

__all__ = ["desk", "start"]


def test_recorded_from_a_pipe_cosigned_and_verified(start, program, desk):
    data = sound(3.3)
    recorder = start()
    feed(recorder, data)
    code, out, err = end(recorder)
    assert (code, err) == (0, "recording standard input into out\n")
    assert "3.3 s of sound, sealed" in out
    assert "still to cosign: side-b" in out
    early = program("verify", "out/recording.wav", "--seal", "out/recording.seal", *BOTH)
    assert (early.code, "side-b has not signed" in early.err) == (6, True)
    assert program("cosign", "out/recording.seal", "--key", "side-b.key", "--recording", "out/recording.wav").code == 0
    told = program("verify", "out/recording.wav", "--seal", "out/recording.seal", *BOTH, "--json", "-")
    assert told.code == 0, told.err
    held = {own["name"] for own in json.loads(told.out)["properties"] if own["established"]}
    assert {"live", "continuous", "file", "samples", "print", "all-parties"} <= held
    with wave.open("out/recording.wav") as file:
        assert file.readframes(1 << 20) == data
    against = ["check", "out/recording.wav", "--against", "out/recording.seal", *BOTH, "--json", "-"]
    checked = json.loads(program(*against).out)
    assert checked["outcome"] == "whole"
    assert checked["references"][0]["capture"] == "live"


def test_paused_resumed_and_stopped_from_another_terminal(start, run, desk):
    recorder = start()
    feed(recorder, sound(1.5))
    until(lambda: leaves(b"segment") == 1, "a second on disk")
    paused = run("record", "--pause", "out")
    assert (paused.code, paused.out) == (0, "out: paused\n")
    assert leaves(b"event") == 1, "on disk before the asker is told"
    feed(recorder, sound(1.0))
    assert run("record", "--resume", "out").code == 0
    time.sleep(0.3)
    feed(recorder, sound(0.5, seed=8))
    time.sleep(0.5)
    ended = run("record", "--stop", "out")
    assert (ended.code, ended.out) == (0, "out: ended\n")
    assert recorder.wait(10) == 0
    assert [own.event for own in events()] == [What.PAUSE, What.RESUME]
    with wave.open("out/recording.wav") as file:
        assert file.getnframes() == 2 * RATE, "what was said in the pause is not in the recording"


@pytest.mark.parametrize("ask", ["--pause", "--resume", "--stop"])
def test_nobody_to_ask(run, desk, ask):
    os.mkdir("empty")
    for folder in ("empty", "missing"):
        asked = run("record", ask, folder)
        assert asked.code == 2
        assert "nobody records" in asked.err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_polite_kills_close_it(start, run, desk, how):
    recorder = start()
    feed(recorder, sound(1.4))
    until(lambda: leaves(b"segment") == 1, "a second on disk")
    recorder.send_signal(how)
    assert recorder.wait(10) == 0
    assert run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub").code == 0


def test_a_second_recorder_is_refused_also_after_the_first_was_killed_and_goes_on_then(start, run, desk):
    first = start()
    feed(first, sound(2.2))
    until(lambda: leaves(b"segment") == 2, "two seconds on disk")
    second = run(*START, "--input", "out/recording.wav")
    assert second.code == 2
    assert "another recorder is writing into 'out'" in second.err
    first.kill()
    first.wait()
    (desk / "more.wav").write_bytes(wav(sound(1.0)))
    third = run(*START, "--input", "more.wav")
    assert third.code == 0, third.err
    assert "going on after" in third.err
    (gap,) = events()
    assert gap.event is What.GAP
    verified = run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub")
    assert verified.code == 0
    assert "1 interruptions: gap" in verified.out


def test_what_a_kill_left_is_closed_by_recover_with_the_recorders_key(start, run, desk):
    recorder = start()
    feed(recorder, sound(2.2))
    until(lambda: leaves(b"segment") == 2, "two seconds on disk")
    recorder.kill()
    recorder.wait()
    early = run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub")
    assert (early.code, "is not closed" in early.err, "record --recover out" in early.err) == (4, True, True)
    sealed = run("seal", "out/recording.wav", "--key", "side-a.key", "-o", "late.seal")
    assert (sealed.code, "sealed live, and not closed" in sealed.err) == (0, True)
    assert run("record", "--recover", "out").code == 2
    assert run("record", "--recover", "out", "--key", "side-b.key").code == 2
    assert run("record", "--recover", "out", "--key", "side-a.key").code == 0
    assert run("record", "--recover", "nowhere", "--key", "side-a.key").code == 2
    assert run("cosign", "out/recording.seal", "--key", "side-b.key", "--recording", "out/recording.wav").code == 0
    assert run("verify", "out/recording.wav", "--seal", "out/recording.seal", *BOTH).code == 0
    assert run(*START, "--input", "out/recording.wav").code == 2, "closed recordings do not go on"


def test_a_wav_that_is_piped_ends_where_it_says(start, desk):
    recorder = start(*START, "--input", "-")
    data = sound(1.2)
    feed(recorder, wav(data) + b"LIST\0\0\0\0")
    assert end(recorder)[0] == 0
    with wave.open("out/recording.wav") as file:
        assert file.readframes(1 << 20) == data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"RIFF", "no WAV"),
        (b"no sound at all, sorry", "no WAV"),
        (b"RIFF\xff\xff\xff\xffWAVE", "ends"),
    ],
)
def test_what_is_no_sound_is_told(start, desk, data, words):
    recorder = start(*START, "--input", "-")
    feed(recorder, data)
    code, _, err = end(recorder)
    assert code == 4
    assert words in err


def test_an_empty_pipe_of_raw_samples_is_told_and_the_folder_can_be_used_again(start, desk):
    recorder = start()
    code, _, err = end(recorder)
    assert (code, "nothing was recorded" in err) == (4, True)
    again = start()
    feed(again, sound(1.1))
    assert end(again)[0] == 0


def test_a_pipe_that_stalls_is_a_gap(start, desk):
    recorder = start()
    feed(recorder, sound(1.2))
    until(lambda: leaves(b"segment") == 1, "a second on disk")
    time.sleep(2.6)
    feed(recorder, sound(1.1))
    assert end(recorder)[0] == 0
    (gap,) = events()
    assert (gap.event, gap.first) == (What.GAP, 9600)
    assert "no sound came for" in gap.detail


def test_after_so_many_seconds_it_ends_to_the_sample(run, desk):
    (desk / "long.wav").write_bytes(wav(sound(3.0)))
    assert run(*START, "--input", "long.wav", "--for", "1.25").code == 0
    with wave.open("out/recording.wav") as file:
        assert file.getnframes() == 10000


def test_a_file_that_is_paced_takes_as_long_as_it_sounds(run, desk):
    (desk / "long.wav").write_bytes(wav(sound(1.5)))
    begun = time.monotonic()
    assert run(*START, "--input", "long.wav", "--paced").code == 0
    assert time.monotonic() - begun > 1.3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-o", "out"], 2, "no key"),
        (["-o", "out", "--key", "side-a.key", "--device", "x", "--input", "y"], 2, "two sources"),
        (["-o", "out", "--key", "side-a.key", "--input", "-", "--paced"], 2, "--paced"),
        (["-o", "out", "--key", "side-a.key", "--input", "-", "--rate", "1"], 2, "no sound has"),
        (["-o", "out", "--key", "side-a.key", "--input", "gone.wav"], 4, "does not exist"),
        (["-o", "out", "--key", "side-a.pub", "--input", "in.wav"], 2, "public key"),
        (["-o", "out", "--key", "side-a.key", "--party", "side-a.pub", "--input", "in.wav"], 2, "one name or one key"),
        (["-o", "side-a.key", "--key", "side-a.key", "--input", "in.wav"], 8, "side-a.key"),
        (["-o", "side-a.key/out", "--key", "side-a.key", "--input", "in.wav"], 8, "side-a.key/out"),
        (["-o", "full", "--key", "side-a.key", "--input", "in.wav"], 2, "other files"),
        (["-o", "out", "--key", "side-a.key", "--input", "in.wav", "--encrypt-to", "age1x"], 2, "recipient of age"),
        (["-o", "out", "--key", "side-a.key", "--input", "in.wav", "--host", "nonsense"], 2, "address"),
        ([], 2, "required"),
        (["--pause", "a", "--stop", "b"], 2, "not allowed"),
    ],
)
def test_bad_words(run, desk, words, code, said):
    (desk / "in.wav").write_bytes(wav(sound(1.0)))
    (desk / "full").mkdir()
    (desk / "full" / "letter.txt").write_text("mine")
    ran = run("record", *words)
    assert ran.code == code, ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert (desk / "full" / "letter.txt").read_text() == "mine"


def test_encrypted_to_a_partys_key_it_is_opened_with_that_key(run, desk):
    (desk / "in.wav").write_bytes(wav(sound(2.5)))
    assert run(*START, "--input", "in.wav", "--encrypt-to", "side-b.pub").code == 0
    assert sorted(os.listdir("out")) == ["journal", "recording.print.age", "recording.seal", "sound.age"]
    denied = run("record", "--open", "out", "--identity", "side-a.key", "--into", "opened")
    assert (denied.code, "cannot be opened" in denied.err) == (6, True)
    assert run("record", "--open", "out", "--identity", "side-b.key", "--into", "opened").code == 0
    assert (
        run("cosign", "opened/recording.seal", "--key", "side-b.key", "--recording", "opened/recording.wav").code == 0
    )
    assert run("verify", "opened/recording.wav", "--seal", "opened/recording.seal", *BOTH).code == 0


def test_the_keys_p_and_q_on_a_terminal(start, desk):
    (desk / "in.wav").write_bytes(wav(sound(60.0)))
    ours, theirs = pty.openpty()
    recorder = start(*START, "--input", "in.wav", "--paced", stdin=theirs)
    os.close(theirs)
    until(lambda: leaves(b"segment") >= 1, "a second on disk")
    os.write(ours, b"p")
    until(lambda: leaves(b"event") == 1, "the pause")
    os.write(ours, b"p")
    until(lambda: leaves(b"event") == 2, "recording again")
    known = leaves(b"segment")
    until(lambda: leaves(b"segment") > known, "a second more")
    os.write(ours, b"q")
    assert recorder.wait(10) == 0
    os.close(ours)
    assert [own.event for own in events()] == [What.PAUSE, What.RESUME]


# The other side follows, with its own copy of the program


def hosted(start, desk):
    """A recorder that can be followed, and side-b following it."""
    recorder = start(*START, *RAW, "--host", "127.0.0.1:0")
    address = recorder.stderr.readline().decode().rsplit(" ", 1)[1].strip()
    words = ["follow", address, "--key", "side-b.key", "--trust", "side-a.pub", "-o", "theirs", "--every", "1"]
    follower = start(*words, stdin=subprocess.DEVNULL)
    until(lambda: os.path.exists("theirs"), "side-b has begun to follow")
    data, half = sound(5.0), RATE
    for at in range(0, len(data), half):
        feed(recorder, data[at : at + half])
        time.sleep(0.5)
    with open("out/journal", "rb") as file:
        assert b'"signed"' in file.read(), "no cosignature in five seconds"
    return recorder, follower


def test_followed_to_the_end(start, run, desk):
    recorder, follower = hosted(start, desk)
    assert end(recorder)[0] == 0
    assert follower.wait(20) == 0, follower.stderr.read().decode()
    seal = parse_seal((desk / "out" / "recording.seal").read_bytes())
    assert [head for head in seal.earlier.values() if head.note.by(B.public.cosigner)]
    assert What.FOLLOWS in {own.event for own in events()}
    assert run("cosign", "out/recording.seal", "--key", "side-b.key", "--recording", "out/recording.wav").code == 0
    assert run("verify", "out/recording.wav", "--seal", "out/recording.seal", *BOTH).code == 0


def test_killed_while_it_is_followed_nothing_that_was_cosigned_is_lost(start, run, desk):
    recorder, follower = hosted(start, desk)
    recorder.kill()
    recorder.wait()
    follower.kill()
    follower.wait()
    assert run("record", "--recover", "out", "--key", "side-a.key").code == 0
    # side-b's ledger knows what it has signed, and refuses a tree that lost it
    assert run("cosign", "out/recording.seal", "--key", "side-b.key", "--recording", "out/recording.wav").code == 0
    assert run("verify", "out/recording.wav", "--seal", "out/recording.seal", *BOTH).code == 0


def test_a_follower_that_listens_says_what_it_heard(start, run, desk):
    """One whose own recording is the same, and one whose is another, each from a file, to the end."""
    speech = Path(__file__).parents[2] / "examples" / "meeting.flac"
    other = Path(__file__).parents[2] / "examples" / "speech" / "librivox-sonnet-1.flac"
    words = ["record", "-o", "out", "--key", "side-a.key", "--party", "side-b.pub", "--party", "side-c.pub"]
    host = start(*words, "--input", str(speech), "--paced", "--for", "26", "--host", "127.0.0.1:0")
    line = host.stderr.readline().decode()
    follow = ["follow", line.split()[-1], "--trust", "side-a.pub"]
    same = start(*follow, "--key", "side-b.key", "-o", "b", "--listen", str(speech))
    wrong = start(*follow, "--key", "side-c.key", "-o", "c", "--listen", str(other))
    assert host.wait(60) == 0
    assert same.wait(30) == 0
    assert wrong.wait(30) == 1
    assert b"NOT MATCHED" in wrong.stderr.read()
    ran = run("verify", "out/recording.wav", "--trust", "side-a.pub")
    assert ran.code == 0
    for party in ("side-b", "side-c"):
        assert (
            run("cosign", "out/recording.seal", "--key", f"{party}.key", "--recording", "out/recording.wav").code == 0
        )
    told = " ".join(run("verify", "out/recording.wav", *BOTH).out.split())
    assert re.search(r"yes heard side-b's own microphone heard the same in \d\d\.\d s of 26.0 s", told)
    told = " ".join(run("verify", "out/recording.wav", *BOTH, "--trust", "side-c.pub").out.split())
    assert re.search(r"no heard .*something else in \d\.\d s", told)
