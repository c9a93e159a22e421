"""Files that are not what they should be: the exit code says which kind, one line says what, no traceback ever."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import wave
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
GOOD = "whole.mp3"
REFERENCE = "meeting.print"


@pytest.fixture
def desk(here):
    """A working folder with a good release and a good reference."""
    for name in (GOOD, REFERENCE):
        (here / name).symlink_to(EXAMPLES / name)
    return here


def wav(path, samples=b"", rate=8000, channels=1):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)


def missing(path):
    pass


def folder(path):
    path.mkdir()


def empty(path):
    path.touch()


def text(path):
    path.write_text("not a recording\n" * 1000)


def noise(path):
    path.write_bytes(bytes(range(256)) * 400)


def picture(path):
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + b"\0" * 64)


def playlist(path):
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{EXAMPLES / GOOD}\n#EXT-X-ENDLIST\n")


def script(path):
    path.write_text(f"ffconcat version 1.0\nfile '{EXAMPLES / GOOD}'\n")


def head_only(path):
    wav(path, b"\0\0" * 8000)
    path.write_bytes(path.read_bytes()[:20])


def pipe(path):
    os.mkfifo(path)


def listener(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.close()


def loop(path):
    path.symlink_to(path.name)


def dangling(path):
    path.symlink_to("nowhere")


UNREADABLE = [missing, folder, empty, text, noise, picture, playlist, script, head_only, pipe, listener, loop, dangling]


def one_line_and_a_hint(ran):
    message, hint = ran.err.splitlines()
    assert message.startswith("wholetape: ")
    assert hint.startswith("wholetape: hint: ")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("make", UNREADABLE)
class TestWhatCannotBeReadIs4:
    def test_as_a_release(self, run, desk, make):
        make(desk / "bad.m4a")
        ran = run("check", "bad.m4a", "--against", REFERENCE)
        assert ran.code == 4
        assert "bad.m4a" in ran.err
        one_line_and_a_hint(ran)

    def test_as_a_reference(self, run, desk, make):
        make(desk / "bad.m4a")
        ran = run("check", GOOD, "--against", "bad.m4a")
        assert ran.code == 4
        assert "bad.m4a" in ran.err
        one_line_and_a_hint(ran)

    def test_as_a_recording_to_print(self, run, desk, make):
        make(desk / "bad.m4a")
        ran = run("print", "bad.m4a", "-o", "bad.print")
        assert ran.code == 4
        one_line_and_a_hint(ran)
        assert not (desk / "bad.print").exists()


@pytest.mark.parametrize("damage", ["cut", "flip", "grow", "text", "version"])
def test_a_malformed_print_is_5(run, desk, damage):
    whole = (EXAMPLES / REFERENCE).read_bytes()
    middle = len(whole) // 2
    (desk / "bad.print").write_bytes(
        {
            "cut": whole[:middle],
            "flip": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "grow": whole + b"\0",
            "text": b"not a print",
            "version": whole[:8] + b"\xff\xff" + whole[10:],
        }[damage]
    )
    ran = run("check", GOOD, "--against", "bad.print")
    assert ran.code == 5
    assert "bad.print" in ran.err
    one_line_and_a_hint(ran)


def test_a_print_is_no_release(run, desk):
    ran = run("check", REFERENCE, "--against", REFERENCE)
    assert ran.code == 4
    one_line_and_a_hint(ran)


def test_a_print_beside_a_reference_that_needs_none_is_refused(run, desk):
    ran = run("check", GOOD, "--against", REFERENCE, "--print", REFERENCE)
    assert ran.code == 2
    one_line_and_a_hint(ran)


@pytest.mark.parametrize("silent", [b"", b"\0\0" * 80, b"\0\0" * 80_000])
def test_silence_and_next_to_nothing_are_answered_or_unreadable_but_never_whole(run, desk, silent):
    wav(desk / "silent.wav", silent)
    ran = run("check", "silent.wav", "--against", REFERENCE)
    assert ran.code in (1, 3, 4)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "name", ["bad\nname.mp3", "-dash.mp3", "sp ace'\".mp3", "http:x.mp3", "concat:a|b.mp3", b"caf\xe9.mp3", "é‮.mp3"]
)
def test_a_hostile_name_is_only_a_name(program, desk, name):
    name = os.fsdecode(name)
    shutil.copy(EXAMPLES / GOOD, name)
    ran = program("check", "--against", REFERENCE, "--json", "found.json", "--", name)
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert json.loads((desk / "found.json").read_text())["release"]["path"] == name
    assert all(c.isprintable() for c in ran.out.replace("\n", ""))


def test_the_suffix_of_a_file_does_not_matter(run, desk):
    shutil.copy(EXAMPLES / GOOD, "mislabelled.wav")
    shutil.copy(EXAMPLES / REFERENCE, "reference.bin")
    assert run("check", "mislabelled.wav", "--against", "reference.bin").code == 0


def test_an_unreadable_release_among_others_leaves_their_answers(run, desk):
    ran = run("check", "gone.m4a", GOOD, "--against", REFERENCE, "--json", "found.json")
    assert ran.code == 4
    assert [entry["outcome"] for entry in json.loads((desk / "found.json").read_text())] == [None, "whole"]
    assert "whole: " in ran.out


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no /dev/zero on this system")
def test_an_endless_device_is_refused_at_once(run, desk):
    assert run("check", "/dev/zero", "--against", REFERENCE).code == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_4(run, desk):
    shutil.copy(EXAMPLES / GOOD, "closed.mp3")
    os.chmod("closed.mp3", 0)
    ran = run("check", "closed.mp3", "--against", REFERENCE)
    assert ran.code == 4
    one_line_and_a_hint(ran)


def test_a_full_disk_under_the_report_is_8(desk):
    command = [sys.executable, "-m", "wholetape", "check", GOOD, "--against", REFERENCE, "--json", "-"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 8
    assert b"Traceback" not in done.stderr


def test_a_limit_on_file_size_leaves_no_half_written_print(desk):
    command = f"ulimit -f 8; exec '{sys.executable}' -m wholetape print {GOOD} -o out.print"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.returncode == 8, done.stderr
    assert sorted(path.name for path in desk.iterdir()) == sorted([GOOD, REFERENCE])
