"""Clips as somebody posts them: cut, played in a room or encoded, decoded again; many in one call of ffmpeg."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from eval import ffmpeg, sound
from eval.conditions import CONDITIONS
from eval.sound import Sound
from wholetape.match.bands import Frames, frames_of

RATE = 16000
CLIP_S = 5.0
Cut = tuple[str, int, Sound]
"""The recording's name, the sample at which the clip begins, and the clip."""
AT_ONCE = 25
"""Clips of one call."""


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
    """``count`` clips of each condition as they are heard, some of each at a time; the next are made meanwhile."""
    clips = cuts(known, rng)

    def some(condition: str, chosen: list[Cut], own: np.random.Generator) -> list[tuple[str, Cut, Frames]]:
        with tempfile.TemporaryDirectory() as desk:
            heard = heard_all([cut for _, _, cut in chosen], condition, Path(desk), own)
            return [(condition, cut, frames) for cut, frames in zip(chosen, heard, strict=True)]

    with ThreadPoolExecutor(len(conditions)) as pool:
        waiting: deque[list[Future[list[tuple[str, Cut, Frames]]]]] = deque()
        for first in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - first)
            waiting.append([pool.submit(some, c, list(islice(clips, size)), rng.spawn(1)[0]) for c in conditions])
            if first:
                yield [one for future in waiting.popleft() for one in future.result()]
        for futures in waiting:
            yield [one for future in futures for one in future.result()]


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


def heard_all(clips: Sequence[Sound], condition: str, desk: Path, rng: np.random.Generator) -> Iterator[Frames]:
    """The frames of each clip as a searcher hears it: processed, encoded, decoded."""
    files = process_all(clips, condition, desk, "clip", rng)
    words = [word for file in files for word in ("-i", str(file))]
    outputs: list[str] = []
    for number, file in enumerate(files):
        outputs += ["-map", f"{number}:a", "-ac", "1", "-ar", "8000", "-f", "f32le", str(file.with_suffix(".raw"))]
    ffmpeg.run(*words, *outputs)
    for file in files:
        yield frames_of(np.fromfile(file.with_suffix(".raw"), "<f4"))
