"""Which stretches of a release are the reference's own packets, carried over without re-encoding.

Equal packets are equal sound only if the decoder comes to them in the same state: its configuration is the same, and so
are the packets before, as many as reach into these. MP3 frames borrow bits from some before them, AAC windows overlap,
Opus takes most of a second to forget. Time stamps must run alike, too, or a player pauses where there was no pause.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wholetape.checking.runs import Interval, runs
from wholetape.checking.tiles import offset
from wholetape.findings import Stretch
from wholetape.media.payloads import Payloads

_SETTLES_S = {"aac": 0.25, "mp3": 0.5, "mp2": 0.1, "vorbis": 0.25, "opus": 1.5, "ac3": 0.1}
"""Seconds of equal packets before those that are sure to sound equal: spectral bands, reservoirs, overlap, filters."""
_OTHERS_SETTLE_S = 1.5
_SAME_S = 0.03
"""Seconds by which the packets' place may differ from that which their sound was found at."""
_STEADY_S = 0.002
"""Seconds by which time stamps may be rounded."""


def carried(release: Payloads, reference: Payloads, tiles: Sequence[Stretch]) -> list[list[Interval]]:
    """Of each tile, the intervals of the release in seconds that hold the reference's own packets, settled."""
    if release.config != reference.config or not len(release) or not len(reference):
        return [[] for _ in tiles]
    return [_of_tile(release, reference, tile) for tile in tiles]


def _of_tile(release: Payloads, reference: Payloads, tile: Stretch) -> list[Interval]:
    start, end = tile.release.seconds
    first, last = np.searchsorted(release.starts, (start - 1e-6, end), side="left").tolist()
    if last - first < 2:
        return []
    shift = _shift(release, reference, first, last, offset(tile))
    if shift is None:
        return []
    settles = _SETTLES_S.get(release.config.codec, _OTHERS_SETTLE_S)
    first = int(np.searchsorted(release.starts, start - settles - _STEADY_S))
    low, high = max(first, -shift), min(last, len(reference) - shift)
    own, other = release.starts[low:high], reference.starts[low + shift : high + shift]
    equal = (release.digests[low:high] == reference.digests[low + shift : high + shift]).all(axis=1)
    steady = np.abs(np.diff(other) - np.diff(own)) <= _STEADY_S
    equal[1:] &= steady | ~equal[:-1]
    ends = np.append(release.starts[low + 1 : high], release.starts[high] if high < len(release) else end)
    out = []
    for a, b in runs(equal):
        begins_both = low + a == 0 and low + a + shift == 0
        ready = a if begins_both else int(np.searchsorted(own, own[a] + settles))
        if ready < b:
            out.append((max(start, float(own[ready])), min(end, float(ends[b - 1]))))
    return [(a, b) for a, b in out if b > a]


def _shift(release: Payloads, reference: Payloads, first: int, last: int, ahead: float) -> int | None:
    """By how many packets the reference is ahead where the tile lies, or None when none of its packets are there."""
    best, answer = 0, None
    step = max(1, (last - first) // 64)
    chosen = np.arange(first, last, step)
    guess = int(np.searchsorted(reference.starts, release.starts[first] + ahead)) - first
    for shift in range(guess - 3, guess + 4):
        there = chosen + shift
        inside = (there >= 0) & (there < len(reference))
        here, there = chosen[inside], there[inside]
        near = np.abs(reference.starts[there] - release.starts[here] - ahead) <= _SAME_S
        same = int(((release.digests[here] == reference.digests[there]).all(axis=1) & near).sum())
        if same > best:
            best, answer = same, shift
    return answer
