"""Time and memory of whole processes."""

from __future__ import annotations

import os
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


@dataclass(frozen=True, slots=True)
class Watched:
    """One process and its children, looked at while they run.

    ``processor``: seconds of processor time; ``memory``: the most bytes held at one time, as ``peak_memory`` has it.
    """

    seconds: float
    code: int
    processor: float
    memory: int


def timed(command: Sequence[str]) -> Run:
    """Run ``command``, its output thrown away."""
    began = time.perf_counter()
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return Run(time.perf_counter() - began, done.returncode)


def peak_memory(command: Sequence[str]) -> int:
    """The most bytes that ``command`` and its children held at one time, sampled; of shared pages each holds a part."""
    return watched(command).memory


def watched(command: Sequence[str]) -> Watched:
    """Run ``command``, its output thrown away, with its time, processor time and memory."""
    before, began = os.times(), time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        family = descendants(process.pid)
        # A single process has its exact high-water mark; of several only the sum at one moment means anything.
        now = high_water(family[0]) if len(family) == 1 else sum(proportional(pid) for pid in family)
        peak = max(peak, now)
        time.sleep(SAMPLE_S)
    seconds, after = time.perf_counter() - began, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Watched(seconds, process.returncode, processor, peak)


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


def high_water(pid: int) -> int:
    """The most bytes that a process ever held; 0 when it is gone."""
    return _value(f"/proc/{pid}/status", "VmHWM")


def proportional(pid: int) -> int:
    """Bytes that a process holds, of shared pages its share; 0 when it is gone."""
    return _value(f"/proc/{pid}/smaps_rollup", "Pss")


def _value(path: str, name: str) -> int:
    try:
        for line in Path(path).read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
