"""Clips as somebody posts them: cut, played in a room or encoded, decoded again; many in one call of ffmpeg."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from eval import ffmpeg, sound
from eval.conditions import CONDITIONS
from eval.sound import Sound
from wholetape.match.bands import Frames, frames_of

T = TypeVar("T")
R = TypeVar("R")
RATE = 16000
CLIP_S = 5.0
Cut = tuple[str, int, Sound]
"""The recording's name, the sample at which the clip begins, and the clip."""
AT_ONCE = 25
"""Clips of one call."""
AHEAD = 2
"""Batches of clips that are made while others are sought."""


def cuts(known: dict[str, Sound], rng: np.random.Generator) -> Iterator[Cut]:
    """Clips cut at random samples of the recordings ``known``, with a second of speech in each, for ever."""
    names, size = sorted(known), round(CLIP_S * RATE)
    while True:
        name = names[rng.integers(len(names))]
        start = int(rng.integers(len(known[name]) - size))
        cut = known[name][start : start + size]
        if sound.speaks(cut, RATE):
            yield name, start, cut


def heard_ahead(
    known: dict[str, Sound], conditions: Sequence[str], count: int, rng: np.random.Generator
) -> Iterator[list[tuple[str, Cut, Frames]]]:
    """``count`` clips of each condition as they are heard, some of one at a time; the next are made meanwhile."""
    clips = cuts(known, rng)

    def batches() -> Iterator[tuple[str, list[Cut], np.random.Generator]]:
        for first in range(0, count, AT_ONCE):
            for condition in conditions:
                yield condition, list(islice(clips, min(AT_ONCE, count - first))), rng.spawn(1)[0]

    def some(batch: tuple[str, list[Cut], np.random.Generator]) -> list[tuple[str, Cut, Frames]]:
        condition, chosen, own = batch
        heard = heard_all([cut for _, _, cut in chosen], condition, own)
        return [(condition, cut, frames) for cut, frames in zip(chosen, heard, strict=True)]

    return ahead(some, batches())


def ahead(work: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
    """``work`` of each of ``jobs``, in order; the next ones are worked at meanwhile."""
    with ThreadPoolExecutor(AHEAD) as pool:
        waiting: deque[Future[R]] = deque()
        for job in jobs:
            waiting.append(pool.submit(work, job))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def process(clip: Sound, condition: str, desk: Path, name: str, rng: np.random.Generator) -> Path:
    """The file of a clip that went through ``condition``."""
    return process_all([clip], condition, desk, name, rng)[0]


def process_all(clips: Sequence[Sound], condition: str, desk: Path, name: str, rng: np.random.Generator) -> list[Path]:
    """The files of clips that went through ``condition``, each by itself."""
    how = CONDITIONS[condition]
    words: list[str] = []
    outputs: list[str] = []
    releases = []
    for number, clip in enumerate(clips):
        wav, release = desk / f"{name}-{number}.wav", desk / f"{name}-{number}{how.suffix}"
        sound.write(wav, how.process(clip, RATE, rng) if how.process else clip, RATE)
        chain = ["-af", f"{how.filters},aformat=sample_rates={RATE}"] if how.filters else []
        words += ["-i", str(wav)]
        outputs += ["-map", f"{number}:a", *chain, *how.encode, str(release)]
        releases.append(release)
    ffmpeg.run(*words, *outputs)
    return releases


def heard_all(clips: Sequence[Sound], condition: str, rng: np.random.Generator) -> list[Frames]:
    """The frames of each clip as a searcher hears it: processed, encoded, decoded."""
    with tempfile.TemporaryDirectory() as desk:
        files = process_all(clips, condition, Path(desk), "clip", rng)
        words = [word for file in files for word in ("-i", str(file))]
        outputs: list[str] = []
        for number, file in enumerate(files):
            outputs += ["-map", f"{number}:a", "-ac", "1", "-ar", "8000", "-f", "f32le", str(file.with_suffix(".raw"))]
        ffmpeg.run(*words, *outputs)
        return [frames_of(np.fromfile(file.with_suffix(".raw"), "<f4")) for file in files]
