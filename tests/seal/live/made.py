"""Recordings in the making, in this process: made from fixed sound, killed at any byte, damaged anywhere, and judged.

acks = record(folder, sound)                 # closed; acks are the cosigned heads that were acknowledged
with killed_after(4000): record(...)         # as if the process had been killed in the middle of a write
judge(folder, sound, acks)                   # recovers, cosigns, verifies; returns what is lost
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.media.conftest import speech_like
from tests.seal.made import A, B
from wholetape.log.checkpoint import Checkpoint, cosign, parse_checkpoint
from wholetape.log.keys import PrivateKey, encode_public
from wholetape.log.kinds import Event, SampleFormat, What
from wholetape.log.merkle import Tree
from wholetape.log.note import Note
from wholetape.match.printfile import Print
from wholetape.media.streamed import HEADER
from wholetape.seal.cosigning import check_and_cosign
from wholetape.seal.judged import judge_print
from wholetape.seal.live.closing import Closed, close_recording
from wholetape.seal.live.journal import LiveJournal
from wholetape.seal.live.recorder import Clocks, Recorder
from wholetape.seal.live.recover import is_recording, resume
from wholetape.seal.live.setting import Setting, begin
from wholetape.seal.sealfile import Seal, parse_seal
from wholetape.seal.sound import compare
from wholetape.seal.verify import AtHand, verify
from wholetape.store.folder import HeldFolder
from wholetape.store.ledger import HeadLedger

RATE = 8000
PINS = (A.public, B.public)


@dataclass
class Source:
    """What gives sound."""

    rate: int = RATE
    channels: int = 1
    sample_format: SampleFormat = SampleFormat.S16
    name: str = "a test"
    live: bool = True

    def blocks(self) -> Iterator[bytes]:
        yield from ()

    def lost(self) -> int:
        return 0

    def close(self) -> None:
        pass


@dataclass
class Clock:
    """Two clocks that the test sets."""

    now: float = 1_700_000_000.0
    ran: float = 0.0

    @property
    def clocks(self) -> Clocks:
        return Clocks(lambda: self.now, lambda: self.ran)

    def tick(self, seconds: float) -> None:
        self.now, self.ran = self.now + seconds, self.ran + seconds


def sound(seconds: float, rate: int = RATE, channels: int = 1, seed: int = 7) -> bytes:
    """16-bit sound like speech."""
    data: bytes = speech_like(seconds, rate, seed)[:, :channels].astype("<i2").tobytes()
    return data


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


@contextlib.contextmanager
def killed_after(count: int) -> Iterator[list[int]]:
    """Whatever writes in it is killed after ``count`` bytes, or other changes of the disk; yields how many it made."""
    left = [count]
    real = {name: getattr(os, name) for name in ("pwrite", "replace", "ftruncate", "unlink")}

    def pwrite(fd: int, data: bytes, at: int) -> int:
        part = bytes(data)[: left[0]]
        if len(part) < len(data):
            real["pwrite"](fd, part, at)
            left[0] = 0
            raise Killed
        left[0] -= len(data)
        return int(real["pwrite"](fd, data, at))

    def once(name: str) -> Callable[..., object]:
        def go(*words: object) -> object:
            if left[0] <= 0:
                raise Killed
            left[0] -= 1
            return real[name](*words)

        return go

    for name in real:
        setattr(os, name, pwrite if name == "pwrite" else once(name))
    done = [0]
    try:
        with contextlib.suppress(Killed):
            yield done
    finally:
        done[0] = count - left[0]
        for name, function in real.items():
            setattr(os, name, function)


def drop(folder: HeldFolder) -> None:
    """What the end of a process does to its lock."""
    if folder._fd >= 0:
        os.close(folder._fd)
        folder._fd = -1


@dataclass
class Follower:
    """A party that cosigns every few heads; ``acks`` are those that the recorder has acknowledged."""

    journal: LiveJournal | None = None
    every: int = 2
    acks: list[Checkpoint] = field(default_factory=list)
    seen: int = 0

    def changed(self) -> None:
        self.seen += 1
        if self.seen % self.every == 0 and self.journal is not None:
            text = self.journal.head().text
            self.journal.cosigned(cosign(Note(text, ()), B, 1_700_000_000))
            self.acks.append(parse_checkpoint(text))


def begun(
    path: Path,
    folder: HeldFolder,
    clock: Clock,
    changed: Callable[[], None],
    recipients: Sequence[str] = (),
    identities: Sequence[object] = (),
    source: Source | None = None,
) -> Recorder:
    """A new recorder, or the one that goes on."""
    if is_recording(folder):
        return resume(folder, A, clock.clocks, identities=identities, changed=changed)
    setting = Setting((encode_public(B),), tuple(recipients), ("a test",))
    return begin(folder, setting, source or Source(), A, clock.clocks, changed)


def record(
    path: Path,
    data: bytes,
    *,
    follower: Follower | None = None,
    clock: Clock | None = None,
    close: bool = True,
    pause_at: Sequence[int] = (),
    source: Source | None = None,
    block: float = 0.1,
    **how: Sequence[object],
) -> Follower:
    """Records ``data`` into ``path``, a new folder or one that goes on; what stops it drops the lock as a kill does."""
    follower, clock, source = follower or Follower(), clock or Clock(), source or Source()
    folder = HeldFolder(os.fspath(path), make=True)
    recorder = None
    try:
        recorder = begun(path, folder, clock, follower.changed, source=source, **how)  # type: ignore[arg-type]
        follower.journal = recorder.journal
        size = int(block * source.rate) * source.channels * source.sample_format.width
        for n, at in enumerate(range(0, len(data), size)):
            clock.tick(block)
            if n in pause_at:
                recorder.pause()
                clock.tick(60)
                recorder.resume()
            recorder.take(data[at : at + size])
        if close:
            close_recording(folder, recorder, A, "stopped")
    finally:
        follower.journal = None
        if recorder is not None:
            recorder.journal.close()
            recorder.sound.close()
        drop(folder)
    return follower


def recover(path: Path, key: PrivateKey = A, identities: Sequence[object] = ()) -> Closed:
    """What ``wholetape record --recover`` does."""
    folder = HeldFolder(os.fspath(path))
    try:
        recorder = resume(folder, key, Clock().clocks, identities=identities, go_on=False)
        return close_recording(folder, recorder, key, "recovered")
    finally:
        folder.release()


def _nobody_asks() -> Print:
    raise AssertionError("the print of a live recording is made by what made it live")


@dataclass(frozen=True)
class Judged:
    """What is left of a recording: samples that are as they came, the seal, gaps that are recorded, seconds lost."""

    samples: int
    seal: Seal
    gaps: tuple[Event, ...]
    lost: int


def judge(path: Path, data: bytes, acks: Sequence[Checkpoint], *, recovering: bool = True) -> Judged:
    """Recovers and has the other party cosign; asserts that what is there verifies and nothing cosigned is lost."""
    if recovering:
        recover(path)
    wav = path / "recording.wav"
    seal = parse_seal((path / "recording.seal").read_bytes())
    printed = (path / "recording.print").read_bytes()
    ledger = HeadLedger(path.with_name(path.name + ".heads"))
    Path(ledger._path).unlink(missing_ok=True)
    signed = check_and_cosign(seal, B, wav, _nobody_asks, ledger, 1_700_000_001, sealed_print=printed)
    found = verify(signed, PINS, AtHand(compare(wav, signed), judge_print(signed, printed)))
    assert found.failure is None, found.failure
    tree = Tree(signed.raw)
    for ack in acks:
        assert ack.size <= len(tree), f"a cosigned head over {ack.size} leaves is lost: there are {len(tree)}"
        assert tree.root(ack.size) == ack.root
    if acks:
        kept = [head.checkpoint.size for head in seal.earlier.values() if head.note.by(B.public.cosigner)]
        kept += [len(tree)] if seal.head.note.by(B.public.cosigner) else []
        newest = max(kept, default=0)  # later than any acknowledged one, where the kill came in between
        assert newest >= acks[-1].size, f"of {acks[-1].size} leaves that were cosigned the seal says {newest}"
    here = wav.read_bytes()[HEADER:]
    width = signed.header.channels * 2
    gaps = tuple(leaf for leaf in signed.leaves if isinstance(leaf, Event) and leaf.event is What.GAP)
    mask = np.ones(len(here) // width, bool)
    for gap in gaps:
        mask[gap.first : gap.first + gap.samples] = False
    mine = np.frombuffer(here, np.uint8).reshape(-1, width)
    theirs = np.frombuffer(data[: len(here)], np.uint8).reshape(-1, width)
    assert len(mine) == len(theirs), "more sound than came"
    assert np.array_equal(mine[mask], theirs[mask]), "sound that is not what came"
    assert not mine[~mask].any(), "lost sound must be silence"
    return Judged(len(mine), signed, gaps, int((~mask).sum()))
