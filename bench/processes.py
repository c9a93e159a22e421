"""Time and memory of whole processes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """One process from start to end: wall clock, and exit code."""

    seconds: float
    code: int


def timed(command: Sequence[str]) -> Run:
    """Run ``command``, its output thrown away."""
    began = time.perf_counter()
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return Run(time.perf_counter() - began, done.returncode)


def peak_memory(command: Sequence[str]) -> int:
    """The most bytes that ``command`` and its children held at one time, sampled; shared pages count twice."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        family = descendants(process.pid)
        now = [status(pid) for pid in family]
        # A single process has its exact high-water mark; of several only the sum at one moment means anything.
        peak = max(peak, now[0][1] if len(now) == 1 else sum(rss for rss, _ in now)) if now else peak
        time.sleep(SAMPLE_S)
    return peak


def descendants(pid: int) -> list[int]:
    """``pid`` and all processes below it."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def status(pid: int) -> tuple[int, int]:
    """Bytes that a process holds, and the most that it held; zeros when it is gone."""
    values = {"VmRSS": 0, "VmHWM": 0}
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in values:
                values[name] = int(rest.split()[0]) * 1024
    except OSError:
        pass
    return values["VmRSS"], values["VmHWM"]
