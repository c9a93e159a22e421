"""Where in the sound there is a voice: utterances, cut at pauses, with WebRTC's detector as pocketsphinx carries it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from wholetape.errors import UsageError
from wholetape.media.speech import SPEECH_HZ, Speech
from wholetape.transcribing.params import GATE

FRAME = round(GATE.frame * SPEECH_HZ)
"""Samples of a frame."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch in which somebody speaks: its first sample at 16 kHz, and its sound."""

    start: int
    sound: Speech


def utterances(blocks: Iterable[Speech]) -> Iterator[Utterance]:
    """The utterances of a recording's sound, in order, none of which overlap.

    Raises:
        UsageError: the detector is not installed.
    """
    cutter = _Cutter()
    held = np.zeros(0, np.int16)
    for block in blocks:
        held = np.concatenate((held, block))
        whole = len(held) - len(held) % FRAME
        for at in range(0, whole, FRAME):
            yield from cutter.take(held[at : at + FRAME])
        held = held[whole:]
    if len(held):
        yield from cutter.take(np.concatenate((held, np.zeros(FRAME - len(held), np.int16))))
    yield from cutter.finish()


class _Cutter:
    """Follows frame by frame; holds one utterance at most."""

    def __init__(self) -> None:
        try:
            from pocketsphinx import Vad
        except ImportError as problem:
            raise UsageError(
                "the voice detector is not installed", "pip install 'wholetape[transcribe]' brings it"
            ) from problem
        self._vad = Vad(GATE.strictness, SPEECH_HZ, GATE.frame)
        self._floor = 32768.0 * 10 ** (GATE.level_db / 20)
        self._frames: list[Speech] = []
        self._voiced: list[bool] = []
        self._first = 0
        """Number of the first frame that is held."""
        self._speaking = False

    def take(self, frame: Speech) -> Iterator[Utterance]:
        self._frames.append(frame)
        loud = float(np.abs(frame.astype(np.float32)).mean()) > self._floor
        self._voiced.append(loud and bool(self._vad.is_speech(frame.tobytes())))
        if not self._speaking:
            self._speaking = sum(self._voiced[-6:]) >= GATE.begin
            if not self._speaking:
                self._drop(max(0, len(self._frames) - GATE.around - 6))
            return
        quiet = self._quiet()
        if quiet >= GATE.end or (len(self._frames) > GATE.long and quiet >= GATE.pause):
            yield from self._cut(len(self._frames) - max(0, quiet - GATE.around))
            self._speaking = False
        elif len(self._frames) > GATE.longest:
            levels = [float(np.abs(f.astype(np.float32)).mean()) for f in self._frames[GATE.long :]]
            yield from self._cut(GATE.long + int(np.argmin(levels)) + 1)

    def finish(self) -> Iterator[Utterance]:
        if self._speaking:
            yield from self._cut(len(self._frames))

    def _quiet(self) -> int:
        """Frames without a voice at the end."""
        return next((n for n, voiced in enumerate(reversed(self._voiced)) if voiced), len(self._voiced))

    def _cut(self, count: int) -> Iterator[Utterance]:
        sound = np.concatenate(self._frames[:count])
        if _varies(sound):
            yield Utterance(self._first * FRAME, sound)
        self._drop(count)

    def _drop(self, count: int) -> None:
        del self._frames[:count], self._voiced[:count]
        self._first += count


def _varies(sound: Speech) -> bool:
    """Whether the level goes up and down, as in speech; steady hum and noise do not."""
    levels = np.sqrt((sound.reshape(-1, FRAME).astype(np.float64) ** 2).mean(axis=1)) + 1.0
    low, high = np.percentile(levels, (10, 90))
    return bool(20 * np.log10(high / low) >= GATE.spread_db)
