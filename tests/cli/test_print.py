"""The command ``print``, with a given print in the place of the engine's."""

from __future__ import annotations

import os

from tests.checking.desk import meeting, save


class Made:
    duration = 75.0

    def encode(self) -> bytes:
        return b"print bytes"


def test_it_writes_the_print_and_says_how_large(run, engine, here):
    engine(print_=Made())
    ran = run("print", "a.flac", "-o", "a.print")
    assert (ran.code, ran.err) == (0, "")
    assert (here / "a.print").read_bytes() == b"print bytes"
    assert ran.out == "a.print: print of 1 min 15 s of sound, 11 bytes\n"


def test_it_never_writes_over_the_recording(run, engine, here):
    (here / "a.flac").write_bytes(b"recording")
    calls = engine(print_=Made())
    assert run("print", "a.flac", "-o", "./a.flac").code == 2
    assert calls == []
    assert (here / "a.flac").read_bytes() == b"recording"


def test_a_keyed_print_is_for_its_keeper_alone_and_goes_into_a_check(run, here):
    save(here / "a.wav", meeting(0, 12))
    ran = run("print", "a.wav", "-o", "a.print", "--keyed", "a.keyed")
    assert (ran.code, ran.err) == (0, "")
    assert "keep it secret" in ran.out
    if os.name == "posix":
        assert (here / "a.keyed").stat().st_mode & 0o077 == 0
    before = (here / "a.keyed").read_bytes()
    assert run("print", "a.wav", "-o", "a.print", "--keyed", "a.keyed").code == 2
    assert (here / "a.keyed").read_bytes() == before
    ran = run("check", "a.wav", "--against", "a.print", "--keyed", "a.keyed")
    assert ran.code == 0
    assert "fits the keyed print as well" in " ".join(ran.out.split())
    save(here / "b.wav", meeting(20, 30))
    run("print", "b.wav", "-o", "b.print", "--keyed", "b.keyed")
    assert run("check", "a.wav", "--against", "a.print", "--keyed", "b.keyed").code == 2
    (here / "a.keyed").write_bytes(before[:-1])
    ran = run("check", "a.wav", "--against", "a.print", "--keyed", "a.keyed")
    assert ran.code == 5
    assert "a.keyed: keyed print is truncated" in ran.err
