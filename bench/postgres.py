"""A PostgreSQL server for a test or a measurement: on loopback, in a temporary folder, as a user without privileges."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
import sqlalchemy as sa

_DEBIAN = "/usr/lib/postgresql/*/bin"
_NOBODY = "nobody"


def _program(name: str) -> str | None:
    found = shutil.which(name)
    if found is None:
        candidates = sorted(Path("/").glob(f"{_DEBIAN[1:]}/{name}"))
        found = str(candidates[-1]) if candidates else None
    if found is None and (server := shutil.which("postgres")):
        beside = Path(os.path.realpath(server)).parent / name
        found = str(beside) if beside.exists() else None
    return found


def missing() -> str:
    """What of PostgreSQL is missing; empty when all is there."""
    lacking = [name for name in ("postgres", "initdb") if _program(name) is None]
    return f"{' and '.join(lacking)} of PostgreSQL is missing" if lacking else ""


class Postgres:
    """The server, running inside of a ``with`` block."""

    def __init__(self, folder: Path, *settings: str) -> None:
        """``settings``: as ``fsync=off``, where nothing has to outlive the machine."""
        self._folder, self._made, self._settings = folder / "data", 0, settings
        self._user = _NOBODY if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.port = 0

    def __enter__(self) -> Postgres:
        self._folder.mkdir()
        if os.getuid() == 0:
            for parent in (self._folder, *self._folder.parents):
                if parent == Path("/tmp") or parent == Path("/"):
                    break
                parent.chmod(0o755)
            shutil.chown(self._folder, _NOBODY)
        self._run("initdb", "-D", str(self._folder), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        for attempt in range(5):
            try:
                self._start()
                return self
            except RuntimeError:  # another program was given the port in between
                if attempt == 4:
                    raise
        raise AssertionError

    def _start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        words = ["-D", str(self._folder), "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        for setting in self._settings:
            words += ["-c", setting]
        with open(self._folder.parent / "log", "ab") as log:
            self._process = subprocess.Popen(self._as_user("postgres", *words), stdout=log, stderr=log, cwd="/")
        self._wait()

    def __exit__(self, *problem: object) -> None:
        self._process.send_signal(signal.SIGINT)  # ends without waiting for connections
        self._process.wait(30)

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql://tester@127.0.0.1:{self.port}/{name}"

    def fresh(self) -> str:
        """The URL of a new database."""
        self._made += 1
        name = f"t{self._made}"
        engine = sa.create_engine(self.url("postgres").replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self.url(name)

    def _as_user(self, name: str, *words: str) -> Sequence[str]:
        program = _program(name) or name
        if os.getuid() != 0:
            return (program, *words)
        return (
            "setpriv",
            f"--reuid={_NOBODY}",
            f"--regid={pwd.getpwnam(_NOBODY).pw_gid}",
            "--clear-groups",
            program,
            *words,
        )

    def _run(self, name: str, *words: str) -> None:
        done = subprocess.run(self._as_user(name, *words), capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr}")

    def _wait(self) -> None:
        for _ in range(300):
            if self._process.poll() is not None:
                raise RuntimeError((self._folder.parent / "log").read_text()[-2000:])
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            time.sleep(0.1)
        for _ in range(100):
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("postgres did not start")
