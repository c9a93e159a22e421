"""Which stretches of a lossless release are the reference's own samples: bit for bit, in every channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from wholetape.checking.runs import Interval, runs
from wholetape.checking.tiles import offset
from wholetape.findings import Stretch
from wholetape.media.blocks import PcmBlock, Samples
from wholetape.media.decode import Decoder

_CHUNK_S = 8.0
_PROBE = 1024
"""Samples that must be equal for a place to be believed."""
_PROBES = 5
"""Loudest moments of a chunk that are tried."""
_SLACK_S = 0.015
"""Seconds by which the tile's offset may be off."""
EDGE_S = 0.03
"""Seconds beyond a tile's edges that are looked at as well: the samples say better where it ends."""
_LEAST_S = 0.02
_GIVES_UP = 4
"""Chunks in a row, from the first on, in which nothing is equal: then the copy is no lossless one."""


class Window:
    """Decoded sound that is read in order: a read may begin no earlier than the one before."""

    def __init__(self, decoder: Decoder) -> None:
        self._blocks: Iterator[PcmBlock] = decoder.blocks()
        self._held = np.zeros((decoder.channels, 0), np.float32)
        self._start = 0

    def read(self, start: int, end: int) -> tuple[int, Samples]:
        """(first, samples) of [start, end), as far as there is sound; ``first`` is the place of the first one."""
        while self._start + self._held.shape[1] < end:
            block = next(self._blocks, None)
            if block is None:
                break
            keep = self._held[:, max(0, start - self._start) :]
            self._start += self._held.shape[1] - keep.shape[1]
            self._held = np.concatenate((keep, block.samples), axis=1)
            if not self._held.shape[1]:
                self._start = block.start + block.samples.shape[1]
        first = max(start, self._start)
        return first, self._held[:, first - self._start : max(first, end) - self._start]


def equal(release: Decoder, references: Sequence[Decoder], tiles: Sequence[Stretch]) -> list[list[Interval]]:
    """Of each tile, which lie in order on both clocks, the intervals in seconds that hold the reference's samples.

    They may reach up to ``EDGE_S`` beyond the tile.
    """
    own, others = Window(release), [Window(decoder) for decoder in references]
    rate = release.rate
    out: list[list[Interval]] = [[] for _ in tiles]
    fruitless = 0
    for k, tile in enumerate(tiles):
        assert tile.source is not None
        if references[tile.source].rate != rate or references[tile.source].channels != release.channels:
            continue
        shift: int | None = None
        found: list[tuple[int, int]] = []
        start, end = (round(t * rate) for t in tile.release.seconds)
        edge = round(EDGE_S * rate)
        guess = round(offset(tile) * rate)
        cuts = np.linspace(start - edge, end + edge, 2 + int((end - start) / (_CHUNK_S * rate))).astype(int).tolist()
        for first, last in pairwise(cuts):
            at, here = own.read(max(0, first), last)
            low, there = others[tile.source].read(max(0, at + guess - 2 * edge), last + guess + 2 * edge)
            if shift is None:
                shift = _find(at, here, low, there, guess, round(_SLACK_S * rate))
                fruitless += shift is None
            if shift is None:
                if fruitless >= _GIVES_UP and not any(out):
                    return [[] for _ in tiles]
                continue
            found += _same(at, here, low, there, shift)
        out[k] = [(a / rate, b / rate) for a, b in _joined(found) if b - a >= _LEAST_S * rate]
    return out


def _find(at: int, here: Samples, low: int, there: Samples, guess: int, slack: int) -> int | None:
    """By how many samples the reference is ahead, near ``guess``; None when none of the loudest moments is in it."""
    count = here.shape[1] // _PROBE
    if not count:
        return None
    loud = np.abs(here[:, : count * _PROBE]).max(axis=0).reshape(count, _PROBE).max(axis=1)
    for block in np.argsort(loud)[::-1][:_PROBES].tolist():
        first = block * _PROBE
        nearest = at + first + guess - low
        begin, stop = max(0, nearest - slack), min(there.shape[1] - _PROBE, nearest + slack)
        if stop < begin or not loud[block]:
            continue
        probe = here[:, first : first + _PROBE]
        peak = int(np.abs(probe).max(axis=0).argmax())
        starts = np.flatnonzero((there[:, begin + peak : stop + peak + 1] == probe[:, peak : peak + 1]).all(axis=0))
        fits = [k + begin for k in starts.tolist() if np.array_equal(there[:, k + begin :][:, :_PROBE], probe)]
        if fits:
            away = [abs(place - nearest) for place in fits]
            found: int = fits[away.index(min(away))]
            return found - int(nearest) + guess
    return None


def _same(at: int, here: Samples, low: int, there: Samples, shift: int) -> list[tuple[int, int]]:
    """Runs of release samples that equal the reference's ``shift`` samples on."""
    first, last = max(at, low - shift), min(at + here.shape[1], low + there.shape[1] - shift)
    if last <= first:
        return []
    one, other = here[:, first - at : last - at], there[:, first + shift - low : last + shift - low]
    return [(first + a, first + b) for a, b in runs((one == other).all(axis=0))]


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for a, b in found:
        if out and out[-1][1] >= a:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out
