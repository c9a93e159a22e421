"""``python -m eval.recording``: a recorder that is killed, whose files are cut off, and what it costs.

kills     a recorder process at real speed, killed with SIGKILL at a random moment, one in five again after it went on
bytes     a recorder stopped in the middle of a random write, rename or truncation, one in five again after it went on
cuts      the files of a killed recording, each cut off at a random byte
costs     a recorder at real speed: processor time, and time from sound to a head on disk
hours     four hours, faster than they sound: memory

After each damage the recording is recovered, closed, cosigned by the other party and verified; its sound is compared
with what went in, and every cosignature that the recorder acknowledged must be of a beginning of the tree.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from eval import measured
from eval.recording_costs import costs, hours, hours_child
from tests.seal.live import made
from tests.seal.made import A
from wholetape.errors import MalformedFile, UnreadableInput, UsageError, WholetapeError
from wholetape.log.checkpoint import Checkpoint
from wholetape.media.streamed import HEADER

FILES = ("recording.wav", "journal", "journal.copy")
LAST = 1.0
"""Seconds of sound at the end that a kill may cost."""
_JUDGING = Lock()


@dataclass
class Tally:
    """How many cases there were, what they lost, and what went wrong."""

    what: str
    count: int = 0
    cosigned: int = 0
    before: int = 0
    """Cases in which nothing had been recorded yet."""
    worst: float = 0.0
    failures: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """One row of a table."""
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(self.kinds.items()))
        return f"| {self.what} | {self.count} | {len(self.failures)} | {self.worst:.2f} | {self.cosigned} | {kinds} |"


def judged(tally: Tally, name: str, path: Path, data: bytes, acks: list[Checkpoint], due: float) -> None:
    """Judges one damaged recording, of which ``due`` seconds had gone in; notes what went wrong."""
    tally.count += 1
    tally.cosigned += len(acks)
    try:
        found = made.judge(path, data, acks)
        kept = (found.samples - found.lost) / made.RATE
        tally.worst = max(tally.worst, due - kept)
        if due - kept > LAST:
            tally.failures.append(f"{name}: of {due:.2f} s only {kept:.2f} s are left")
        if not found.gaps:
            tally.kinds["closed before"] += 1
    except (UnreadableInput, MalformedFile, UsageError) as problem:
        if due > LAST or acks:
            tally.failures.append(f"{name}: {problem}")
        else:
            tally.kinds["not begun"] += 1
    except (AssertionError, WholetapeError, ValueError, OSError) as problem:
        tally.failures.append(f"{name}: {type(problem).__name__}: {problem}")


def bytes_(count: int, seed: int, folder: Path) -> Tally:
    """Stopped in the middle of whatever it does to the disk."""
    rng, data = random.Random(seed), made.sound(7.3)
    tally = Tally("stopped at a random byte of what it writes")
    path = folder / "bytes"
    with made.killed_after(1 << 40) as done:
        made.record(path, data, pause_at=[33])
    for n in range(count):
        shutil.rmtree(path, ignore_errors=True)
        follower, taken, at = made.Follower(), 0, rng.randrange(done[0])
        for _ in range(2 if n % 5 == 0 else 1):
            rest = data[_written(path) :]
            with made.killed_after(at), contextlib.suppress(MalformedFile, UsageError):
                made.record(path, rest, follower=follower, pause_at=[33])
            taken = _written(path)
            at = rng.randrange(done[0])
        judged(tally, f"byte {at}", path, data, follower.acks, taken / 2 / made.RATE)
    return tally


def _written(path: Path) -> int:
    """Bytes of whole samples that are in the sound's file."""
    try:
        return max(0, (path / "recording.wav").stat().st_size - HEADER) // 2 * 2
    except FileNotFoundError:
        return 0


def cuts(count: int, seed: int, folder: Path) -> list[Tally]:
    """Each file of a killed recording, cut off."""
    rng, data = random.Random(seed), made.sound(12.3)
    whole, path = folder / "whole", folder / "cut"
    follower = made.record(whole, data, close=False, pause_at=[55])
    tallies = []
    for name in FILES:
        tally = Tally(f"`{name}` cut off at a random byte")
        size = (whole / name).stat().st_size
        for _ in range(count):
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(whole, path)
            at = rng.randrange(size)
            os.truncate(path / name, at)
            due = max(0, at - HEADER) / 2 / made.RATE if name == "recording.wav" else 12.3
            judged(tally, f"{name} at {at}", path, data, follower.acks, due)
        tallies.append(tally)
    return tallies


def kills(count: int, seed: int, folder: Path, jobs: int) -> Tally:
    """A process of its own, at real speed, killed."""
    tally = Tally("killed with SIGKILL at a random moment")
    data = made.sound(8.0)
    with ThreadPoolExecutor(jobs) as pool:
        for future in [pool.submit(_kill, tally, seed + n, n, data, folder / f"kill-{n}") for n in range(count)]:
            future.result()
    return tally


def _kill(tally: Tally, seed: int, number: int, data: bytes, path: Path) -> None:
    rng = random.Random(seed)
    acks: list[Checkpoint] = []
    sent = 0.0
    for again in range(2 if number % 5 == 0 else 1):
        rest = data[_written(path) :]
        begun = _written(path) / 2 / made.RATE
        ends = number % 7 == 3 and not again
        seconds = min(len(rest) / 2 / made.RATE, rng.uniform(0.2, 6.0))
        sent = max(sent, begun + _child(path, rest, seconds, rng.uniform(0.0, 0.15) if ends else None, acks))
    with _JUDGING:
        judged(tally, f"kill {number}", path, data, acks, sent)
    shutil.rmtree(path, ignore_errors=True)


def _child(path: Path, data: bytes, seconds: float, after_end: float | None, acks: list[Checkpoint]) -> float:
    """Feeds a recorder for ``seconds``, and kills it then, or so long after the end of its input; what was fed."""
    command = [sys.executable, "-m", "eval.recording", "child", str(path)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.readline()  # it is ready
    begun, sent = time.monotonic(), 0
    with contextlib.suppress(BrokenPipeError):
        while time.monotonic() - begun < seconds:
            due = int((time.monotonic() - begun) * made.RATE) * 2
            if due > sent and sent < len(data):
                child.stdin.write(data[sent:due])
                child.stdin.flush()
                sent = min(due, len(data))
            time.sleep(0.01)
        if after_end is not None:
            child.stdin.close()
            time.sleep(after_end)
    os.kill(child.pid, signal.SIGKILL)
    for line in child.stdout.read().decode().splitlines():
        with contextlib.suppress(ValueError):  # the last line may be cut off
            size, root = line.split()
            if len(root) == 64:
                acks.append(Checkpoint("", int(size), bytes.fromhex(root)))
    child.wait()
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()
    child.stdout.close()
    return sent / 2 / made.RATE


def child(path: str) -> int:
    """Records standard input into ``path``, tells on standard output when it is ready and what was cosigned."""
    from wholetape.media.capture import open_input
    from wholetape.seal.live.closing import close_recording
    from wholetape.seal.live.recorder import Clocks
    from wholetape.seal.live.run import Asked, Feed, Run
    from wholetape.store.folder import HeldFolder

    class Telling(made.Follower):
        def changed(self) -> None:
            known = len(self.acks)
            super().changed()
            for own in self.acks[known:]:
                os.write(1, f"{own.size} {own.root.hex()}\n".encode())

    follower = Telling()
    clocks = Clocks(time.time, time.monotonic)
    folder = HeldFolder(path, make=True)
    capture = open_input("-", rate=made.RATE, channels=1)
    try:
        recorder = made.begun(Path(path), folder, made.Clock(), follower.changed, source=capture)  # type: ignore[arg-type]
    except (UsageError, MalformedFile):  # closed already, or not begun
        return 0
    recorder._clocks = clocks
    follower.journal = recorder.journal
    os.write(1, b"ready\n")
    reason = Run(recorder, Feed(capture), True, capture.lost, clocks, Asked(), folder.asked, folder.done).run()
    close_recording(folder, recorder, A, reason)
    folder.release()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Runs what is asked; 1 when anything was lost."""
    words = argparse.ArgumentParser("python -m eval.recording", formatter_class=argparse.RawTextHelpFormatter)
    words.description = __doc__
    words.add_argument("what", nargs="*", help="of kills, bytes, cuts, costs, hours; default: all")
    words.add_argument("--count", type=int, default=500, help="cases of each kind (default: %(default)s)")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--jobs", type=int, default=10, help="recorders at once (default: %(default)s)")
    words.add_argument("--seconds", type=float, default=120.0, help="of the costs (default: %(default)s)")
    words.add_argument("--hours", type=float, default=4.0)
    words.add_argument("--write", action="store_true", help="put the figures into docs/measured.md")
    options = words.parse_args(arguments)
    if options.what[:1] == ["child"]:
        return child(options.what[1])
    if options.what[:1] == ["hours-child"]:
        return hours_child(options.what[1], float(options.what[2]))
    chosen = options.what or ["kills", "bytes", "cuts", "costs", "hours"]
    tallies: list[Tally] = []
    sentences = []
    with tempfile.TemporaryDirectory(prefix="wholetape-eval-") as name:
        folder = Path(name)
        todo: dict[str, Callable[[], list[Tally]]] = {
            "kills": lambda: [kills(options.count, options.seed, folder, options.jobs)],
            "bytes": lambda: [bytes_(options.count, options.seed, folder)],
            "cuts": lambda: cuts(options.count, options.seed, folder),
        }
        for what in chosen:
            if what in todo:
                made_now = todo[what]()
                tallies += made_now
                print(report(made_now, []), file=sys.stderr, flush=True)
        if "costs" in chosen:
            sentences.append(costs(options.seconds, folder / "costs"))
        if "hours" in chosen:
            sentences.append(hours(options.hours, folder))
    text = report(tallies, sentences)
    print(text)
    if options.write:
        command = " ".join(["python -m eval.recording", *options.what])
        measured.write("-".join(["recording", *options.what]), command, text)
    return 1 if any(tally.failures for tally in tallies) else 0


def report(tallies: list[Tally], sentences: list[str]) -> str:
    """All of it in words."""
    rows = []
    if tallies:
        rows = [
            "| what happened | cases | failed | most sound lost, s | cosigned heads, all kept | of which |",
            "| --- | ---: | ---: | ---: | ---: | --- |",
            *(tally.told() for tally in tallies),
        ]
    lost = [line for tally in tallies for line in tally.failures[:20]]
    return "\n".join([*rows, "", *("".join((s, "\n")) for s in sentences), *lost]).strip()


if __name__ == "__main__":
    sys.exit(main())
