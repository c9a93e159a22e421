"""Runs mutants through the decoder in child processes with limits, and tells what should not have happened.

``python -m tests.fuzz.run COUNT [SEED]`` for the full corpus; the test suite takes a sample.
"""

from __future__ import annotations

import argparse
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.fuzz.mutants import Mutant, breed, mutants

SECONDS = 20.0
"""One mutant may take this long: 10 s beyond the decoding of the longest one on a slow machine."""
ADDRESS_SPACE_MB = 4096
"""Limit of the child's address space; libraries and thread stacks alone reserve more than 1 GB."""
PEAK_MB = 500
"""Most memory that the child may really have used."""


@dataclass(slots=True)
class Verdict:
    """What became of the mutants: counts by kind of answer, and those that failed, with the reason."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    slowest: float = 0.0
    peak_mb: int = 0


class Child:
    """A process that decodes; killed when it does not answer in time."""

    def __init__(self, megabytes: int) -> None:
        command = [sys.executable, "-m", "tests.fuzz.child", str(megabytes)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line.rstrip("\n"))
        self._answers.put("")

    def ask(self, path: Path) -> str:
        """The child's answer: ``PEAK_MB KIND …``, or ``died …`` or ``hangs``, after which it is gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{path}\n")
            self._process.stdin.flush()
            answer = self._answers.get(timeout=SECONDS)
        except queue.Empty:
            self._process.kill()
            return "hangs"
        except BrokenPipeError:
            answer = ""
        return answer or f"died with {self._process.wait()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()


ROOT = Path(__file__).parents[2]


def run(cases: Iterable[Mutant], folder: Path, megabytes: int = ADDRESS_SPACE_MB) -> Verdict:
    """Decode every case; failures are kept in ``folder``, where they can be looked at."""
    verdict = Verdict()
    child = Child(megabytes)
    try:
        for case in cases:
            path = folder / case.name
            path.write_bytes(case.content)
            begun = time.monotonic()
            answer = child.ask(path)
            verdict.slowest = max(verdict.slowest, time.monotonic() - begun)
            peak, _, rest = answer.partition(" ")
            kind = rest.split(" ", 1)[0] if peak.isdigit() else peak
            verdict.counts[kind] += 1
            if peak.isdigit():
                verdict.peak_mb = max(verdict.peak_mb, int(peak))
            if kind in ("ok", "refused") and int(peak) <= PEAK_MB:
                path.unlink()
                continue
            verdict.failures.append((case.name, answer))
            child.__exit__()
            child = Child(megabytes)
    finally:
        child.__exit__()
    return verdict


def main() -> int:
    """The whole corpus; 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    words = parser.parse_args()
    from tests.media.conftest import EXAMPLES, ffmpeg

    folder = Path(tempfile.mkdtemp(prefix="wholetape-fuzz-"))
    parents = folder / "parents"
    parents.mkdir()
    speech = parents / "speech.wav"
    ffmpeg("-stream_loop", -1, "-i", next(EXAMPLES.glob("*.flac")), "-t", 75, "-ar", 44100, "-ac", 2, speech)
    verdict = run(mutants(words.seed, words.count, breed(speech, parents)), folder)
    for name, why in verdict.failures:
        sys.stdout.write(f"{folder / name}: {why}\n")
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(verdict.counts.items()))
    sys.stdout.write(
        f"{words.count} mutants, seed {words.seed}: {counts}; {len(verdict.failures)} failures; "
        f"slowest {verdict.slowest:.1f} s; peak {verdict.peak_mb} MB\n"
    )
    if not verdict.failures:
        for path in parents.iterdir():
            path.unlink()
        parents.rmdir()
        folder.rmdir()
    return 1 if verdict.failures else 0


if __name__ == "__main__":
    sys.exit(main())
