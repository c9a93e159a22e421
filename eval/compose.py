"""Originals: recordings one after the other, on request with jingles, announcements, hold music and silence between."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eval.sound import Sound, levels, read, source_of, speech_level
from eval.truth import Part

TAKE_S = (40.0, 240.0)
"""Shortest and longest stretch taken from one source before another one follows."""


def compose(
    paths: list[Path], minutes: float, rate: int, rng: np.random.Generator, repeats: bool = False
) -> tuple[Sound, tuple[Part, ...], tuple[tuple[int, int], ...]]:
    """An original of ``minutes`` (shorter when the recordings give no more), its parts, and its repeated stretches.

    No recording is used twice. The repeated stretches are sample spans that edits leave alone.
    """
    by_source: dict[str, list[Path]] = {}
    for path in paths:
        by_source.setdefault(source_of(path), []).append(path)
    for files in by_source.values():
        rng.shuffle(files)
    want, have = round(minutes * 60 * rate), 0
    blocks: list[Sound] = []
    parts: list[Part] = []
    kept: list[tuple[int, int]] = []
    inserts = Repeats(rate, rng) if repeats else None
    while have < want and by_source:
        counts = np.array([len(f) ** 0.5 for f in by_source.values()])
        source = list(by_source)[int(rng.choice(len(by_source), p=counts / counts.sum()))]
        take = have + round(rng.uniform(*TAKE_S) * rate)
        while have < min(take, want) and by_source.get(source):
            path = by_source[source].pop()
            sound = levelled(read(path, rate), rate)[: want - have]
            parts.append(Part(have / rate, (have + len(sound)) / rate, source, path.name))
            blocks.append(sound)
            have += len(sound)
        if not by_source[source]:
            del by_source[source]
        if inserts and have < want:
            extra = inserts.next()
            kept.append((have - rate, have + len(extra) + rate))
            parts.append(Part(have / rate, (have + len(extra)) / rate, "repeated", ""))
            blocks.append(extra)
            have += len(extra)
    if not blocks:
        raise ValueError("no recording in the speech folder could be read")
    return np.concatenate(blocks), tuple(parts), tuple(kept)


def levelled(sound: Sound, rate: int) -> Sound:
    """``sound`` with its speech between -32 and -16 dBFS; unchanged when it is there already."""
    loud = speech_level(levels(sound, rate))
    gain = 10 ** ((min(max(loud, -32.0), -16.0) - loud) / 20)
    return np.asarray(np.clip(sound * gain, -0.99, 0.99), np.float32)


class Repeats:
    """Things that a recording holds more than once: each call of ``next`` gives one of a few, sample for sample."""

    def __init__(self, rate: int, rng: np.random.Generator) -> None:
        self.rng = rng
        jingle = melody(rate, rng, notes=8, note_s=0.22)
        loop = melody(rate, rng, notes=16, note_s=0.35)
        hiss = (10 ** (-62 / 20) * rng.standard_normal(20 * rate)).astype(np.float32)
        self.things: list[Sound] = [
            jingle,
            jingle,
            np.tile(loop, 4),
            np.zeros(15 * rate, np.float32),
            hiss,
            np.concatenate([jingle, np.zeros(rate, np.float32), jingle]),
        ]

    def next(self) -> Sound:
        """One of the repeated things."""
        return self.things[int(self.rng.integers(len(self.things)))]


def melody(rate: int, rng: np.random.Generator, notes: int, note_s: float) -> Sound:
    """A random tune of plucked harmonic notes, the same each time it is played."""
    size = round(note_s * rate)
    time = np.arange(size) / rate
    tune: list[Sound] = []
    for _ in range(notes):
        pitch = 220 * 2 ** (int(rng.integers(0, 24)) / 12)
        partials = [np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6) if pitch * k < rate / 2]
        tune.append((0.15 * np.sum(partials, axis=0) * np.exp(-4 * time)).astype(np.float32))
    return np.concatenate(tune)
