"""What a print let pass, held against the keyed print: sound that was shaped for the one does not fit the other."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wholetape.checking.listen import Heard, Voice
from wholetape.checking.references import Reference
from wholetape.checking.tiles import overlay, reference_at
from wholetape.errors import MalformedFile, UsageError
from wholetape.findings import Kind, Stretch
from wholetape.match.keyed import MAX_BYTES, KeyedPrint, parse, patterns, signs_at
from wholetape.match.params import KEYED, PRINT
from wholetape.match.printfile import ALL_CHANNELS, Print
from wholetape.media.guard import open_regular
from wholetape.times import Span


def read_keyed(path: str | os.PathLike[str]) -> KeyedPrint:
    """The keyed print in a file; raises ``MalformedFile`` when it is none."""
    with open_regular(path) as file:
        data = file.read(MAX_BYTES + 1)
    try:
        return parse(data)
    except MalformedFile as problem:
        raise MalformedFile(f"{os.fspath(path)}: {problem}", problem.hint) from problem


def owned(keyed: Sequence[KeyedPrint], references: Sequence[Reference]) -> dict[int, KeyedPrint]:
    """For each reference that has one, its keyed print: both were made from the same file.

    Raises:
        UsageError: a keyed print of no reference.
    """
    found = {}
    for one in keyed:
        of = [k for k, reference in enumerate(references) if reference.print.recording == one.recording]
        if not of:
            raise UsageError(
                "a keyed print is of another recording than the references",
                "the keyed print and the print, or the original, must be made from the same file",
            )
        found.update(dict.fromkeys(of, one))
    return found


@dataclass(frozen=True, slots=True)
class _Looked:
    """Windows of a kept stretch: where each starts in the release (8 kHz samples), its share of signs that differ, and
    the index of its level in ``KEYED.levels``, one beyond the last where nothing is heard."""

    starts: NDArray[np.int64]
    wrong: NDArray[np.float64]
    level: NDArray[np.int64]


def held_against(
    keyed: Mapping[int, KeyedPrint], heard: Heard, references: Sequence[Reference], spans: tuple[Stretch, ...]
) -> tuple[tuple[Stretch, ...], list[str]]:
    """The tiles, those parts unverified that fit the print and not the keyed print; and what is to be said of it."""
    if not keyed:
        return spans, []
    voice = next(v for v in heard.voices if (v.stream, v.channel) == (0, ALL_CHANNELS))
    looked, beside = [], 0
    weights = {source: patterns(one.key) for source, one in keyed.items()}
    levels = {source: _below_the_loudest(references[source].print) for source in keyed}
    for tile in spans:
        source = tile.source
        if tile.kind is not Kind.KEPT or source is None or source not in keyed:
            continue
        if tile.speed != 1.0:
            beside += len(tile.release)
            continue
        looked.append(_look(tile, voice, keyed[source], weights[source], levels[source]))
    notes: list[str] = []
    wrong, level = (np.concatenate([getattr(o, name) for o in looked] or [[]]) for name in ("wrong", "level"))
    if not (level < len(KEYED.levels)).any():
        return spans, ["the keyed print had nothing to be compared with"]
    usual = [float(np.median(wrong[level == k])) if (level == k).any() else 0.0 for k in range(len(KEYED.levels))]
    if usual[int(level.min())] > KEYED.worn:
        return spans, ["this copy is too worn for the keyed print to tell: what is kept, is so by the print alone"]
    limits = [max(*pair) for pair in zip(KEYED.least, np.multiply(KEYED.times, usual), strict=True)]
    astray = tuple(span for one in looked for span in _over(one, limits))
    unverified = tuple(Stretch(Kind.UNVERIFIED, span, *reference_at(spans, span)) for span in astray)
    if astray:
        at = ", ".join(f"{span.seconds[0]:.2f} s" for span in astray[:5]) + (" and more" if len(astray) > 5 else "")
        notes.append(f"fits the print but not the keyed print, as sound does that was shaped for the print: at {at}")
    else:
        notes.append("what is kept fits the keyed print as well")
    if beside:
        notes.append("what is kept at another speed was not compared with the keyed print")
    return overlay(spans, unverified), notes


def _below_the_loudest(printed: Print) -> NDArray[np.float64]:
    """Steps of level by which each group of frames of a print's first track lies below its loudest moments."""
    level = printed.tracks[0].levels & 127
    return np.asarray(np.percentile(level, 95) - level)


def _look(
    tile: Stretch, voice: Voice, keyed: KeyedPrint, weights: NDArray[np.float32], below: NDArray[np.float64]
) -> _Looked:
    """The windows of one kept stretch in which the recording is heard."""
    assert tile.reference is not None
    ahead = tile.reference.start - tile.release.start
    reach = KEYED.frames // 2 * PRINT.hop + PRINT.window // 2  # what a position sees on either side
    first = max(0, -(-(tile.reference.start + reach) // KEYED.hop))
    last = min(len(keyed.signs), (tile.reference.end - reach) // KEYED.hop)
    if last - first < KEYED.window:
        return _Looked(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64))
    found = signs_at(voice.sound, voice.samples, first * KEYED.hop - ahead, last - first, weights)
    differ = np.bitwise_count(found ^ keyed.signs[first:last]) / KEYED.patterns
    here = below[np.arange(first, last) * KEYED.stride // PRINT.level_frames]
    fainter = [_mean(here > steps) > 1 - KEYED.level_share for steps in KEYED.levels]
    starts = np.arange(first, first + len(fainter[0])) * KEYED.hop - ahead
    return _Looked(starts.astype(np.int64), _mean(differ), np.sum(fainter, axis=0, dtype=np.int64))


def _mean(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Means over windows of ``KEYED.window`` positions."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return np.asarray((total[KEYED.window :] - total[: -KEYED.window]) / KEYED.window)


def _over(looked: _Looked, limits: list[float]) -> list[Span]:
    """The windows in which more signs differ than the limit for their level, those that touch as one."""
    out: list[Span] = []
    length = KEYED.window * KEYED.hop
    for start in looked.starts[looked.wrong > np.array([*limits, np.inf])[looked.level]].tolist():
        start = max(0, start)
        if out and start <= out[-1].end:
            out[-1] = replace(out[-1], end=start + length)
        else:
            out.append(Span(start, start + length))
    return out
