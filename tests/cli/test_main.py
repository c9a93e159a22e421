"""What holds for every command: help, errors in one line, exit codes, and silence where it is due."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys

import pytest

import wholetape
from tests.report import results
from wholetape import errors


def test_alone_it_prints_its_help_and_exits_2(run):
    ran = run()
    assert ran.code == 2
    assert ran.out == ""
    assert "usage: wholetape" in ran.err


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["print", "-h"], ["selftest", "--help"]])
def test_help_is_on_standard_output(run, words):
    ran = run(*words)
    assert ran.code == 0
    assert "usage: wholetape" in ran.out
    assert ran.err == ""


def test_version_is_the_packages(run):
    assert run("--version").out == f"wholetape {wholetape.__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["chekc"],
        ["check"],
        ["check", "a.m4a"],
        ["check", "--against", "a.flac"],
        ["check", "a.m4a", "--against"],
        ["check", "a.m4a", "--aga", "b.flac"],
        ["check", "a.m4a", "--against", "b.flac", "--jobs", "0"],
        ["check", "a.m4a", "--against", "b.flac", "--jobs", "two"],
        ["check", "a.m4a", "--against", "b.flac", "--jobs", "٣"],
        ["print", "a.flac"],
        ["print", "-o", "a.print"],
        ["selftest", "twice"],
    ],
)
def test_wrong_words_exit_2_with_one_line_and_a_hint(run, words):
    ran = run(*words)
    assert ran.code == 2
    assert ran.out == ""
    message, hint = ran.err.splitlines()
    assert message.startswith("wholetape: ")
    assert hint.startswith("wholetape: hint: ")
    assert not message.endswith(".")


def test_help_loads_neither_numpy_nor_av_nor_the_engine():
    code = (
        "import sys; from wholetape.cli.main import main; main(['check', '--help']);"
        "heavy = {'numpy', 'av', 'wholetape.checking', 'asyncio', 'multiprocessing'} & set(sys.modules);"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, wholetape; sys.exit(bool({'numpy', 'av', 'argparse'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_each_name_of_the_package_is_there_and_no_other():
    assert set(wholetape.__all__) <= set(dir(wholetape))
    for name in set(wholetape.__all__) - {"check", "check_all", "make_print"}:
        assert getattr(wholetape, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        wholetape.nonsense  # noqa: B018 - the access is the test


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("no", "so"), 2),
        (errors.UnreadableInput("no", "so"), 4),
        (errors.MalformedFile("no", "so"), 5),
        (errors.VerificationFailed("no", "so"), 6),
        (errors.NetworkFailed("no", "so"), 7),
        (errors.StorageFailed("no", "so"), 8),
        (errors.WholetapeError("no", "so"), 70),
    ],
)
def test_each_error_has_its_exit_code_and_two_lines(run, engine, here, error, code):
    engine(error)
    ran = run("check", "a.m4a", "--against", "b.flac")
    assert (ran.code, ran.out, ran.err) == (code, "", "wholetape: no\nwholetape: hint: so\n")


def test_the_errors_form_the_tree_that_their_module_draws():
    drawn = errors.__doc__
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, errors.WholetapeError):
            line = next(line for line in drawn.splitlines() if error.__name__ in line)
            assert f" {int(error.exit_code)}  " in line
            assert error.__base__ in (Exception, errors.WholetapeError)


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("x"), MemoryError(), RecursionError(), KeyError("k"), AssertionError()]
)
def test_the_unforeseen_is_70_in_one_line_without_a_traceback(run, engine, here, error):
    engine(error)
    ran = run("check", "a.m4a", "--against", "b.flac")
    assert ran.code == 70
    assert ran.err.startswith(f"wholetape: internal error: {type(error).__name__}")
    assert len(ran.err.splitlines()) == 2
    assert "Traceback" not in ran.err


def test_the_traceback_can_be_asked_for(run, engine, here, monkeypatch):
    monkeypatch.setenv("WHOLETAPE_TRACEBACK", "1")
    engine(ZeroDivisionError("x"))
    assert "Traceback" in run("check", "a.m4a", "--against", "b.flac").err


def test_the_user_may_stop_it_quietly(run, engine, here):
    engine(KeyboardInterrupt())
    ran = run("check", "a.m4a", "--against", "b.flac")
    assert (ran.code, ran.out, ran.err) == (130, "", "")


def test_a_reader_that_goes_away_ends_it_quietly(program):
    read, write = os.pipe()
    os.close(read)
    ran = program("--help", stdout=write)
    os.close(write)
    assert ran.code in (0, 128 + signal.SIGPIPE)
    assert "Traceback" not in ran.err
    assert "Exception ignored" not in ran.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full on this system")
def test_a_full_disk_under_standard_output_is_a_storage_error(program):
    with open("/dev/full", "w") as full:
        ran = program("--version", stdout=full)
    assert ran.code == 8
    assert len(ran.err.splitlines()) == 2
    assert "Exception ignored" not in ran.err


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-", "2>/dev/full", ">&- 2>/dev/full"])
def test_closed_or_full_streams_change_no_exit_code(redirection):
    code = f"{shlex.quote(sys.executable)} -m wholetape check gone.m4a {redirection}"
    done = subprocess.run(["sh", "-c", code], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stdout + done.stderr


def test_a_hostile_name_in_a_message_cannot_act_on_the_terminal(run, here):
    ran = run("check", "a.m4a", "--against", "b.flac", "--\x1b[2J\nwholetape: all is well")
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert len(ran.err.splitlines()) == 2


def test_a_stream_without_unicode_gets_plain_text(program, here):
    code = (
        "import sys; from wholetape.cli.terminal import say; from wholetape.report import summary;"
        "from tests.report import results; say(summary(results.edited()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.isascii()
    assert b"1:01.402-1:13.910" in done.stdout
    assert results.edited().outcome.encode() in done.stdout
