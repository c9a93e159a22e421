"""One long copy in the browser: how long the check takes, what the page holds, and whether it stays responsive."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np

from eval import ffmpeg
from eval.browser import Page, longest, processor_of
from eval.compose import compose
from eval.corpus import find_speech
from eval.sound import write
from wholetape.checking import make_print
from wholetape.times import duration

RATE = 44_100
SPEECH = Path("examples/speech")


def measure(page: Page, folder: Path, minutes: float) -> str:
    """A copy of that many minutes, AAC 64k, with six cuts, against its print and against the original."""
    original, release = _made(folder, minutes)
    printed = original.with_suffix(".print")
    if not printed.exists():
        printed.write_bytes(make_print(original).encode())
    rows = []
    for against in (printed, original):
        page.watch()
        before = processor_of(page.profile)
        with _Peak(page) as peak:
            answer, seconds = page.check(release, [against])
        spent = processor_of(page.profile) - before
        told = answer.get("outcome") or answer.get("error")
        cuts = sum(edit["kind"] == "cut" for edit in answer.get("edits", ()))
        rows.append(
            f"| against the {'print' if against is printed else 'original, FLAC'} | {told}, {cuts} cuts of 6 | "
            f"{seconds:.0f} s | {spent:.0f} s | {peak.most / 2**20:.0f} MiB | {longest(page.tasks()):.0f} ms |"
        )
    size = release.stat().st_size / 2**20
    head = (
        f"A copy of {duration(minutes * 60)} (AAC 64k, {size:.0f} MiB, six cuts of 0.5 s) checked in Chromium from a "
        "file on disk. Memory is what the page's process holds at most, its worker and decoders included. Tasks are "
        "those of the page's own thread; 0 means shorter than 50 ms, the shortest that the browser tells. The machine "
        f"had {_busy()} to do besides: the processor's seconds are those of the page and its worker alone."
    )
    table = ["| | answer | time | processor | memory | longest task |", "| --- | --- | --- | --- | --- | --- |", *rows]
    return "\n".join([head, "", *table])


def _busy() -> str:
    """How busy the machine was over the last minutes."""
    one, _, _ = os.getloadavg()
    return f"work for {one:.0f} processors (of {os.cpu_count()})"


def _made(folder: Path, minutes: float) -> tuple[Path, Path]:
    original, release, wav = folder / f"{minutes:g}.flac", folder / f"{minutes:g}.m4a", folder / "long.wav"
    if original.exists() and release.exists():
        return original, release
    rng = np.random.default_rng(6)
    part, _, _ = compose(list(find_speech(SPEECH).corpus), min(minutes, 20.0), RATE, rng, False)
    total = round(minutes * 60 * RATE)
    sound = np.zeros(total, np.float32)
    for turn, at in enumerate(range(0, total, len(part))):  # no stretch is another's twin: each turn is faster
        own = np.interp(np.arange(0, len(part), 1 + 0.09 * turn), np.arange(len(part)), part)
        own = np.resize(own, len(part)) if turn % 2 == 0 else np.resize(own[::-1], len(part))
        sound[at : at + len(part)] = own[: total - at]
    write(wav, sound, RATE)
    ffmpeg.encode(wav, original, ("-c:a", "flac"))
    keep = np.ones(len(sound), bool)
    for k in range(1, 7):
        at = round(k / 7 * len(sound))
        keep[at : at + RATE // 2] = False
    write(wav, sound[keep], RATE)
    ffmpeg.encode(wav, release, ("-c:a", "aac", "-b:a", "64k"))
    wav.unlink()
    return original, release


class _Peak:
    """Asks now and then how much the page holds."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ended = threading.Event()
        self.most = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._ended.is_set():
            self.most = max(self.most, self._page.memory())
            time.sleep(0.5)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._ended.set()
        self._thread.join()
