"""The archive's work on a Dask cluster: a real scheduler and worker processes, one of which is killed midway."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wholetape.archive import Added, Archive, FindOutcome
from wholetape.archive.workers import cluster, processes
from wholetape.checking.printing import hear_clip, print_or_why
from wholetape.errors import NetworkFailed

SPEECH = Path(__file__).parents[2] / "examples" / "speech"
RECORDINGS = sorted(SPEECH.glob("*.flac"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def dask(*words: str, desk: Path) -> subprocess.Popen:
    program = Path(sys.executable).parent / "dask"
    with (desk / f"{words[0]}.log").open("ab") as log:
        return subprocess.Popen([program, *words], stdout=log, stderr=log, cwd=desk, start_new_session=True)


@pytest.fixture
def running(tmp_path):
    """The scheduler's address, and the processes of two workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    words = ("--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--dashboard-address", "127.0.0.1:0")
    started = [dask("scheduler", *words, desk=tmp_path)]
    try:
        for _ in range(2):
            own = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
            started.append(dask("worker", address, *own, desk=tmp_path))
        wait_for_workers(address, 2)
        yield address, started[1:]
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_workers(address: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with cluster(address) as (_, found):
                if found >= count:
                    return
        except NetworkFailed:
            pass
        time.sleep(0.2)
    raise AssertionError("the workers never came")


# Dask's own threads and loops warn of what they left open at the end.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def test_nothing_is_lost_and_nothing_twice_when_a_worker_is_killed_midway(running, tmp_path):
    address, workers = running
    with Archive(tmp_path / "A", make=True) as archive, cluster(address) as (executor, count):
        assert count == 2
        states = []
        for addition in archive.add([str(SPEECH)], print_or_why, executor=executor, workers=count):
            states.append(addition.state)
            if len(states) == 2:
                os.killpg(workers[0].pid, signal.SIGKILL)
        assert states == [Added.NEW] * len(RECORDINGS)
        assert sorted(entry.name for entry in archive.entries()) == [path.name for path in RECORDINGS]
        assert archive.verify() == []
        frames, _ = hear_clip(SPEECH / "ami-trn01.flac", jobs=1)
        found = archive.find(frames, executor=executor)
        assert found.outcome is FindOutcome.FOUND
        assert found == archive.find(frames)


def test_where_no_scheduler_answers_the_address_is_told():
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(NetworkFailed, match=address), cluster(address):
        pass


def deadly(path: str) -> tuple[bytes, str]:
    """Ends the process that prints one of the recordings."""
    if path.endswith(RECORDINGS[1].name):
        os._exit(9)
    return print_or_why(path)


def test_a_recording_that_kills_its_decoder_is_told_and_the_others_are_added(tmp_path):
    with Archive(tmp_path / "A", make=True) as archive, processes(2) as (executor, count):
        paths = [str(path) for path in RECORDINGS[:4]]
        done = {Path(a.path).name: a for a in archive.add(paths, deadly, executor=executor, workers=count)}
    assert done.pop(RECORDINGS[1].name).why == "it ended the process that decoded it"
    assert {addition.state for addition in done.values()} == {Added.NEW}
    assert len(done) == 3
