"""Places to listen to, and a description of the sound: no conclusion follows from any of them, and none accuses.

Splices that were cut at a zero crossing show nothing here, and every recording has clicks, pauses and knocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.case import Answer, Case
from wholetape.examining.sound import MID
from wholetape.examining.survey import LEVEL_S
from wholetape.traces import Reach, Trace, Weight

PLACE, DESCRIPTION = "listen", "description"
_PIECE_S = 30
_SILENT_S = 0.03
"""Seconds of samples of zero, amid sound that is never still, that are told."""
_CLIP = 0.999
_CLIPPED = 3
"""Samples at full scale that follow each other from which it is clipping."""
_FLOOR_S = 4.0
"""Seconds on either side of a step of the background."""
_STEP_DB = 9.0
_MOST = 12
"""Places of one kind at most, the clearest ones."""
_INNOCENT = {
    "silence": "noise gates, voice activation, packets lost, a recorder's start; a muted microphone",
    "step": "a door, a machine switched on or off, a talker who moves, automatic gain",
    "clipping": "loud speech close to the microphone",
}


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    start: float
    end: float
    size: float
    words: str


def places(case: Case, progress: Callable[[float], None]) -> Answer:
    """Digital silence, steps of the background, clipping; and bandwidth, offset and levels in one line."""
    reach = Reach("places", 0.0, "places to listen to, no judgement: never counted as evidence")
    if case.take.seconds < 1.0:
        return Answer((), reach)
    scan = _Scan(case)
    for start, sound in scan.pieces(progress):
        scan.take(start, sound)
    traces = [
        Trace(DESCRIPTION, None, scan.description(), Weight.NOTED, "", details=scan.facts()),
        *(
            Trace(PLACE, (one.start, one.end), one.words, Weight.NOTED, _INNOCENT[one.kind], details={"kind": one.kind})
            for one in sorted([*_most(scan.found), *_steps(case.survey.level)], key=lambda one: one.start)
        ),
    ]
    return Answer(tuple(traces), reach)


class _Scan:
    """One pass over the sound, piece by piece."""

    def __init__(self, case: Case) -> None:
        self._take = case.take
        self._level = case.survey.level
        self.found: list[_Found] = []
        self._sum, self._peak, self._clipped = 0.0, 0.0, 0
        self._power: NDArray[np.float64] = np.zeros(513)

    def pieces(self, progress: Callable[[float], None]) -> Iterator[tuple[int, NDArray[np.float32]]]:
        step = _PIECE_S * self._take.rate
        for start in range(0, len(self._take), step):
            yield start, self._take.read(MID, start, min(len(self._take), start + step))
            progress(start / len(self._take))

    def take(self, start: int, sound: NDArray[np.float32]) -> None:
        rate = self._take.rate
        self._sum += float(sound.sum(dtype=np.float64))
        self._peak = max(self._peak, float(np.abs(sound).max(initial=0.0)))
        rows = sound[: len(sound) // 1024 * 1024].reshape(-1, 1024)[::8]
        self._power += (np.abs(np.fft.rfft(rows * np.hanning(1024).astype(np.float32), axis=1)) ** 2).sum(axis=0)
        for first, last in _stretches(sound == 0, round(_SILENT_S * rate)):
            a, b = (start + first) / rate, (start + last) / rate
            if a > LEVEL_S and b < self._take.seconds - LEVEL_S:
                words = f"{b - a:.2f} s of digital silence"
                self.found.append(_Found("silence", a, b, b - a, words))
        for first, last in _stretches(np.abs(sound) >= _CLIP, _CLIPPED):
            self._clipped += last - first
            a, b = (start + first) / rate, (start + last) / rate
            self.found.append(_Found("clipping", a, b, b - a, f"{last - first} samples at full scale"))

    def facts(self) -> dict[str, object]:
        level = 20 * np.log10(np.maximum(self._level, 1e-5)) if len(self._level) else np.array([-100.0])
        total = np.cumsum(self._power)
        edge = int(np.searchsorted(total, 0.9999 * total[-1])) if total[-1] > 0 else 0
        return {
            "bandwidth": round(edge / 512 * self._take.rate / 2),
            "offset": round(self._sum / max(1, len(self._take)), 6),
            "peak_dbfs": round(20 * float(np.log10(max(self._peak, 1e-5))), 1),
            "floor_dbfs": round(float(np.quantile(level, 0.05)), 1),
            "speech_dbfs": round(float(np.quantile(level, 0.9)), 1),
            "clipped_samples": self._clipped,
        }

    def description(self) -> str:
        facts = self.facts()
        return (
            f"99.99% of the power lies below {facts['bandwidth']} Hz; peak {facts['peak_dbfs']} dBFS, loud moments "
            f"{facts['speech_dbfs']}, background {facts['floor_dbfs']}; constant offset {facts['offset']}; "
            f"{facts['clipped_samples']} clipped samples"
        )


def _stretches(flags: NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """[first, last) of the runs of at least ``least`` true values."""
    flips = np.flatnonzero(np.diff(np.concatenate(([0], flags.view(np.int8), [0]))))
    pairs = zip(flips[::2].tolist(), flips[1::2].tolist(), strict=True)
    return [(a, b) for a, b in pairs if b - a >= max(1, least)]


def _most(found: list[_Found]) -> list[_Found]:
    out = []
    for kind in _INNOCENT:
        out += sorted((one for one in found if one.kind == kind), key=lambda one: -one.size)[:_MOST]
    return out


def _steps(level: NDArray[np.float32]) -> list[_Found]:
    """Where the background of the seconds before and after differ most; digital silence does not count."""
    side = round(_FLOOR_S / LEVEL_S)
    if len(level) < 3 * side:
        return []
    decibel = 20 * np.log10(np.maximum(level, 1e-5))
    windows = np.lib.stride_tricks.sliding_window_view(decibel, side)
    floor = np.quantile(windows, 0.15, axis=1)
    change = floor[side:] - floor[:-side]
    size = np.where(np.minimum(floor[side:], floor[:-side]) > -90, np.abs(change), 0)
    out: list[_Found] = []
    while len(out) < _MOST and size.max(initial=0.0) >= _STEP_DB:
        best = int(np.argmax(size))
        at = (best + side) * LEVEL_S
        way = "rises" if change[best] > 0 else "falls"
        words = f"the background {way} by {abs(float(change[best])):.0f} dB"
        out.append(_Found("step", at - LEVEL_S, at + LEVEL_S, float(size[best]), words))
        size[max(0, best - side) : best + side] = 0
    return out
