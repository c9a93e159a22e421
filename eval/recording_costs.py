"""What recording costs: processor time and delay at real speed, and memory over hours."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.seal.live import made
from tests.seal.made import A, B
from wholetape.log.keys import encode_private, encode_public


def costs(seconds: float, folder: Path) -> str:
    """A recorder at real speed, 48 kHz mono, through the program itself."""
    folder.mkdir(exist_ok=True)
    (folder / "a.key").write_bytes(encode_private(A))
    (folder / "b.pub").write_bytes(encode_public(B))
    rate, sound = 48000, made.sound(min(seconds, 60.0), 48000)
    words = ["record", "-o", "out", "--key", "a.key", "--party", "b.pub", "--input", "-", "--rate", str(rate)]
    idle = _spent(folder, ["selftest", "--help"])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([sys.executable, "-m", "wholetape", *words], cwd=folder, stdin=subprocess.PIPE)
    assert process.stdin is not None
    journal = folder / "out" / "journal.copy"
    while not journal.exists():
        if process.poll() is not None:
            raise SystemExit("error: the recorder did not begin")
        time.sleep(0.01)
    begun, sent, seen, delays = time.monotonic(), 0, 0, []
    size = 0
    while sent < int(seconds * rate):
        due = int((time.monotonic() - begun) * rate)
        piece = min(due, int(seconds * rate))
        if piece > sent:
            data = b"".join(_looped(sound, 2 * sent, 2 * piece))
            process.stdin.write(data)
            process.stdin.flush()
            sent = piece
        if journal.stat().st_size != size:
            size = journal.stat().st_size
            count = journal.read_bytes().count(b'"leaf":"segment"')
            delays += [time.monotonic() - begun - n for n in range(seen, count)]
            seen = count
        time.sleep(0.01)
    process.stdin.close()
    process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    share = (spent - idle) / seconds
    delays = delays[1:]
    return (
        f"{seconds:.0f} s of 48 kHz mono at real speed: {share:.2%} of one core (starting and closing included, "
        f"{idle:.2f} s of starting Python not); from the first sample of a second to its leaf on disk, under a head "
        f"that can be cosigned: {max(delays):.2f} s at most, {sorted(delays)[len(delays) // 2]:.2f} s in the middle "
        f"(N = {len(delays)}); {sum(delay > 1.5 for delay in delays)} took more than 1.5 s. Beside other work: "
        f"{os.getloadavg()[1]:.1f} processes wanted one of {os.cpu_count()} cores."
    )


def _looped(sound: bytes, first: int, end: int) -> Iterator[bytes]:
    while first < end:
        at = first % len(sound)
        part = sound[at : at + end - first]
        yield part
        first += len(part)


def _spent(folder: Path, words: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "wholetape", *words], cwd=folder, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def hours(count: float, folder: Path) -> str:
    """Hours of 48 kHz mono, faster than they sound; memory of a process of its own."""
    command = [sys.executable, "-m", "eval.recording", "hours-child", str(folder / "hours"), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def hours_child(path: str, count: float) -> int:
    """Prints how memory went while recording."""
    from wholetape.store.folder import HeldFolder

    rate = 48000
    data = made.sound(10, rate)
    source, clock = made.Source(rate=rate), made.Clock()
    folder = HeldFolder(path, make=True)
    follower = made.Follower(every=5)
    recorder = made.begun(Path(path), folder, clock, follower.changed, source=source)
    follower.journal = recorder.journal
    recorder.sound.sync = lambda: None  # type: ignore[method-assign]
    size, seen, began = rate // 10 * 2, [], time.process_time()
    for second in range(int(count * 3600)):
        for tenth in range(10):
            at = (second % 10 * 10 + tenth) * size
            clock.tick(0.1)
            recorder.take(data[at : at + size])
        if second % 600 == 60:
            seen.append(_resident())
        follower.acks.clear()
    spent = time.process_time() - began
    seen.append(_resident())
    shutil.rmtree(path)
    told = ", ".join(f"{mib:.1f}" for mib in seen[:: max(1, len(seen) // 8)])
    print(
        f"{count:g} h of 48 kHz mono, faster than it sounds, a head cosigned every 5 s: memory {seen[0]:.1f} MiB after "
        f"a minute, {seen[-1]:.1f} MiB at the end (on the way: {told}); {spent / (count * 3600):.2%} of a core "
        "at real speed."
    )
    return 0


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
