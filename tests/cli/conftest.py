"""The program, run in this process or as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.report import results
from wholetape.cli.main import main


class Ran:
    """What one run of the program left: exit code, standard output, standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys):
    """Runs the program in this process."""

    def go(*words) -> Ran:
        code = main([str(word) for word in words])
        seen = capsys.readouterr()
        return Ran(code, seen.out, seen.err)

    return go


@pytest.fixture
def program():
    """Runs the program as a process of its own."""

    def go(*words, stdin=subprocess.DEVNULL, env=None, **how) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "wholetape", *map(os.fspath, words)],
            stdin=stdin,
            stdout=how.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
            timeout=120,
            **how,
        )
        return Ran(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())

    return go


class _Loaded:
    """A reference with sound, as far as the command line looks at one."""

    def __init__(self, path: str) -> None:
        self.facts = results.reference(60.0, path=path)
        self.print = None


@pytest.fixture
def engine(monkeypatch):
    """Puts given answers, one for each release, in the place of the engine, and records how it was called."""

    def answer_with(*answers, print_=None):
        fake = ModuleType("wholetape.checking")
        calls: list[tuple] = []

        def check_all(releases, against, **keywords):
            calls.append((list(releases), list(against), keywords))
            if len(answers) == 1 and isinstance(answers[0], BaseException):
                raise answers[0]
            return answers

        def make_print(recording, **keywords):
            calls.append((recording, keywords))
            return print_

        vars(fake).update(check_all=check_all, make_print=make_print)
        monkeypatch.setitem(sys.modules, "wholetape.checking", fake)
        references = ModuleType("wholetape.checking.references")
        vars(references).update(load_all=lambda paths, **keywords: [_Loaded(path) for path in paths])
        monkeypatch.setitem(sys.modules, "wholetape.checking.references", references)
        return calls

    return answer_with


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    """A fresh working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
