"""The command ``print``, with a given print in the place of the engine's."""

from __future__ import annotations


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
