"""``python -m bench.cluster``: adding recordings to an archive on one Dask worker and on two, in one run.

A real scheduler and workers of one thread each, started as their users do; whole runs of ``Archive.add``, best of
several, alternating.

python -m bench.cluster --speech DIR --hours 10 [--write]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from eval import ffmpeg, measured, sound
from eval.archive import originals
from eval.clips import RATE
from wholetape.archive import Archive
from wholetape.archive.workers import cluster
from wholetape.checking.printing import print_or_why
from wholetape.errors import NetworkFailed

ASKED = 1.7
PATIENCE_S = 60


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    words = argparse.ArgumentParser(
        "python -m bench.cluster", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("--speech", default="examples/speech", help="folder of recordings (default: %(default)s)")
    words.add_argument("--hours", type=float, default=10.0, help="of sound, recordings repeated (default: %(default)s)")
    words.add_argument("--times", type=int, default=3, help="runs of each; the best counts (default: %(default)s)")
    words.add_argument("--write", action="store_true", help="put the figures into docs/measured.md")
    options = words.parse_args(arguments)
    best = {1: float("inf"), 2: float("inf")}
    with tempfile.TemporaryDirectory(prefix="wholetape-cluster-") as scratch:
        desk = Path(scratch)
        files, seconds = recordings(Path(options.speech), options.hours, desk)
        for turn in range(options.times):
            for count in best:
                took = added(files, count, desk / f"archive-{turn}-{count}", desk)
                print(f"{count} workers: {took:.1f} s", file=sys.stderr, flush=True)
                best[count] = min(best[count], took)
    text = (
        f"{seconds / 3600:.1f} h of sound in {len(files)} files, 16 kHz FLAC, added on a Dask cluster of this machine, "
        f"workers of one thread each, best of {options.times}: one worker {best[1]:.1f} s, two {best[2]:.1f} s, "
        f"**{best[1] / best[2]:.2f} times as fast** (asked: {ASKED:g}); "
        f"one worker adds {seconds / best[1]:.0f} times real time."
    )
    print(text)
    if options.write:
        measured.write("bench-cluster", f"python -m bench.cluster --speech … --hours {options.hours:g}", text)
    return 0


def recordings(speech: Path, hours: float, desk: Path) -> tuple[list[Path], float]:
    """Files of ``hours`` in all, no two alike, and their seconds."""
    files: list[Path] = []
    seconds, turn = 0.0, 0
    while seconds < hours * 3600:
        for name, samples in originals(speech):
            path = desk / f"{turn:02d}-{Path(name).stem}.flac"
            sound.write(path.with_suffix(".wav"), samples[turn * RATE :], RATE)
            ffmpeg.run("-i", str(path.with_suffix(".wav")), str(path))
            path.with_suffix(".wav").unlink()
            files.append(path)
            seconds += len(samples) / RATE - turn
            if seconds >= hours * 3600:
                break
        turn += 1
    return files, seconds


def added(files: list[Path], count: int, folder: Path, desk: Path) -> float:
    """Seconds that ``count`` workers take to add ``files`` to a new archive."""
    with workers(count, desk) as address, cluster(address) as (executor, found):
        assert found == count
        with Archive(folder, make=True) as archive:
            began = time.perf_counter()
            done = list(archive.add([str(f) for f in files], print_or_why, executor=executor, workers=found))
            took = time.perf_counter() - began
    assert len(done) == len(files)
    return took


@contextlib.contextmanager
def workers(count: int, desk: Path) -> Iterator[str]:
    """The address of a scheduler with ``count`` workers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    started = [
        _dask(desk, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--dashboard-address", "127.0.0.1:0")
    ]
    try:
        own = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        started += [_dask(desk, "worker", address, *own) for _ in range(count)]
        _wait(address, count)
        yield address
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _dask(desk: Path, *words: str) -> subprocess.Popen[bytes]:
    with (desk / "dask.log").open("ab") as log:
        program = Path(sys.executable).parent / "dask"
        return subprocess.Popen([program, *words], stdout=log, stderr=log, cwd=desk, start_new_session=True)


def _wait(address: str, count: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(NetworkFailed), cluster(address) as (_, found):
            if found == count:
                return
        time.sleep(0.2)
    raise TimeoutError("the workers never came")


if __name__ == "__main__":
    sys.exit(main())
