"""``wholetape record --tsa``: the beginning of a recording is time-stamped while it goes on."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.cli.recorder import RAW, START, desk, end, feed, start, until, wav
from tests.seal.live.made import sound
from tests.seal.tsa import Authority

__all__ = ["desk", "start"]


@pytest.fixture
def clocks(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program")
    folder = tmp_path_factory.mktemp("tsa")
    with Authority(folder, "Clock A") as a, Authority(folder, "Clock B") as b:
        yield a, b


def by(clocks):
    words = [word for clock in clocks for word in ("--tsa", clock.url)]
    return words, [word for clock in clocks for word in ("--tsa-roots", clock.root_file)]


def test_its_beginning_is_stamped_while_it_is_recorded(run, desk, clocks):
    (desk / "in.wav").write_bytes(wav(sound(14)))
    words, roots = by(clocks)
    ran = run(*START, "--input", "in.wav", *words, *roots)
    assert ran.code == 0
    assert ran.err.count("its beginning is stamped") == 2
    assert sorted(path.name for path in (desk / "out").iterdir()) == [
        "journal", "recording.print", "recording.seal", "recording.wav",
    ]  # fmt: skip
    ran = run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub", *roots)
    assert ran.code == 0
    assert re.search(r"its first 1\d s existed by 20.*by the clock of Clock", " ".join(ran.out.split()))


def test_an_authority_that_is_not_there_holds_nothing_up(run, desk):
    (desk / "in.wav").write_bytes(wav(sound(11)))
    ran = run(*START, "--input", "in.wav", "--tsa", "http://127.0.0.1:1/")
    assert ran.code == 0
    assert "no early time-stamp" in ran.err
    assert run(*START, "--input", "in.wav", "--tsa", "nonsense").code == 2


def test_an_early_stamp_survives_a_kill_and_is_not_asked_for_again(start, run, desk, clocks):
    words, roots = by(clocks)
    process = start(*START, *RAW, *words)
    feed(process, sound(12))
    until(lambda: (desk / "out" / "early").exists(), "an early stamp")
    process.kill()
    process.communicate()
    asked = len(clocks[0].requests)
    again = start(*START, *RAW, *words)
    feed(again, sound(12))
    end(again)
    assert len(clocks[0].requests) == asked
    ran = run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub", *roots)
    assert ran.code == 0
    assert "s existed by 20" in " ".join(ran.out.split())


@pytest.mark.parametrize("name", ["early", "early-0.tsr"])
def test_a_damaged_early_stamp_is_left_out(start, run, desk, clocks, name):
    words, roots = by(clocks)
    process = start(*START, *RAW, *words)
    feed(process, sound(12))
    until(lambda: (desk / "out" / "early").exists(), "an early stamp")
    process.kill()
    process.communicate()
    (desk / "out" / name).write_bytes(b"nonsense")
    assert run("record", "--recover", "out", "--key", "side-a.key").code == 0
    ran = run("verify", "out/recording.wav", "--seal", "out/recording.seal", "--trust", "side-a.pub", *roots)
    assert ran.code == 0
    assert ("s existed by 20" in " ".join(ran.out.split())) == (name != "early")
