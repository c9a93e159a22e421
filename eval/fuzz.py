"""Mutated media and mutated prints through the whole ``check``: no crash, no hang, no traceback, bounded memory."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eval import ffmpeg
from eval.sound import recordings
from tests.fuzz.mutants import MUTATIONS, breed, mutants

ROOT = Path(__file__).parents[1]
SECONDS = 20.0
"""One check of a recording of at most 70 s may take this long: 10 s beyond the decode, on a slow machine.

Counted by the processor's clock, so that a machine that is busy or was halted makes no hang of it; ``PATIENCE`` times
as long by the clock on the wall, for what waits for ever.
"""
PATIENCE = 10
MEGABYTES = 4096
"""Limit of the child's address space, most of which libraries reserve and never use."""
PRINTS = 0.25
"""Share of the mutants that are prints."""
SIGNED_AGAIN = 0.6
"""Share of the mutated prints whose checksum is made to fit, so that what is behind it is reached."""
CHECKSUM = 32
"""Bytes of the checksum at the end of a print."""
ANSWERS = {0: "whole", 1: "not whole", 3: "undecided", 4: "unreadable", 5: "malformed"}


@dataclass(slots=True)
class Tally:
    """Counts by answer, the failures with their reason, and the extremes."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    peak_mb: int = 0


class Child:
    """A process that checks; gone when it did not answer in time."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "eval.fuzz_child", str(MEGABYTES)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        )
        self.answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Hand on what the process says."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.answers.put(line)
        self.answers.put("")

    def ask(self, release: Path, reference: Path) -> tuple[int, int, str]:
        """Exit code, peak memory in MB, last words; code -1 for a process that died or hangs."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(f"{release}\t{reference}\n")
            self.process.stdin.flush()
            answer = self.hear()
        except queue.Empty:
            return -1, 0, f"no answer after {SECONDS:.0f} s"
        except BrokenPipeError:
            answer = ""
        if not answer:
            return -1, 0, f"died with {self.process.wait()}"
        code, peak, words = json.loads(answer)
        return code, peak, words

    def hear(self) -> str:
        """Its next answer; ``queue.Empty`` when it has had its time."""
        began, used = time.monotonic(), self.worked()
        while True:
            try:
                return self.answers.get(timeout=1)
            except queue.Empty:
                if self.worked() - used >= SECONDS or time.monotonic() - began >= PATIENCE * SECONDS:
                    raise

    def worked(self) -> float:
        """Seconds of processor time that the process has used; of the clock where the system does not say."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def fuzz(count: int, seed: int, speech: Path, folder: Path) -> Tally:
    """Check ``count`` mutants made from ``speech``; those that fail stay in ``folder``."""
    parents = folder / "parents"
    parents.mkdir(parents=True, exist_ok=True)
    sound = parents / "speech.wav"
    ffmpeg.run(
        "-stream_loop", "-1", "-i", str(recordings(speech)[0]), "-t", "75", "-ar", "44100", "-ac", "2", str(sound)
    )
    good = folder / "good.print"
    if subprocess.run(
        [sys.executable, "-m", "wholetape", "print", str(sound), "-o", str(good)], check=False
    ).returncode:
        raise RuntimeError("the print of unmutated sound could not be made")
    media = breed(sound, parents)
    tally = Tally()
    child = Child()
    for release, reference, mutant in pairs(count, seed, media, good, folder):
        began = time.monotonic()
        code, peak, words = child.ask(release, reference)
        tally.slowest = max(tally.slowest, time.monotonic() - began)
        tally.peak_mb = max(tally.peak_mb, peak)
        tally.counts[ANSWERS.get(code, "failed")] += 1
        if code in ANSWERS:
            mutant.unlink()
            continue
        tally.failures.append(f"{mutant.name}: exit {code}: {words}")
        if code == -1:
            child.stop()
            child = Child()
    child.stop()
    return tally


def pairs(count: int, seed: int, media: list[Path], good: Path, folder: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Release, reference, and which of both is the mutant."""
    prints = round(count * PRINTS)
    for case in mutants(seed, count - prints, media):
        path = folder / case.name
        path.write_bytes(case.content)
        yield path, good, path
    content = good.read_bytes()
    release = next(p for p in media if p.name == "a.m4a")
    for number in range(prints):
        rng = random.Random(f"print {seed}/{number}")
        mutation = MUTATIONS[number % len(MUTATIONS)]
        mutated = bytes(mutation(bytearray(content), content, rng))
        if rng.random() < SIGNED_AGAIN:
            mutated = mutated[:-CHECKSUM] + hashlib.sha256(mutated[:-CHECKSUM]).digest()
        path = folder / f"{number:05d}-{mutation.__name__}.print"
        path.write_bytes(mutated)
        yield release, path, path


def tell(tally: Tally, count: int, seed: int) -> str:
    """The tally in words."""
    counts = ", ".join(f"{answer} {number}" for answer, number in sorted(tally.counts.items()))
    head = (
        f"{count} mutants (seed {seed}; {PRINTS:.0%} of them prints), each through the whole check: {counts}. "
        f"{len(tally.failures)} failures. Slowest {tally.slowest:.1f} s, peak memory {tally.peak_mb} MB."
    )
    return "\n".join([head, *tally.failures])
