"""Several lanes side by side: one stream's sound in order, each stretch joined to the one before by proof."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np

from wholetape.media.blocks import Samples
from wholetape.media.joins import continuation, overlap
from wholetape.media.lanes import LANES, Lane, LaneFailed, Source, Stretch
from wholetape.media.packets import PacketReader

_LONG_ENOUGH_SECONDS = 60.0
"""Shorter sound is decoded before lanes are even open."""
_RANDOM_NOISE = frozenset({"aac", "aac_latm"})
"""Codecs whose decoders draw random numbers for noise that the encoder only described."""
_COARSEST_TICK = 0.005
"""Seconds; time stamps rounded more than this cannot tell that a packet is missing."""


def plan(reader: PacketReader) -> Source | None:
    """How lanes can decode the stream of ``reader``, or None where that is hopeless or does not pay."""
    claimed = reader.claims.seconds
    tick = reader.stream.time_base
    if claimed is None or claimed < _LONG_ENOUGH_SECONDS or not tick or tick > _COARSEST_TICK:
        return None
    if reader.first_pts is None or reader.preferred is not None:  # lanes have FFmpeg's own decoder
        return None
    return Source(
        reader.name,
        reader.container.format.name,
        reader.stream.index,
        reader.rate,
        reader.channels,
        tick,
        reader.first_pts,
    )


class SideBySide:
    """Decodes what ``reader`` found, with ``jobs`` threads; once this is made, ``reader`` may be closed.

    ``complete`` tells whether it got to the end. Where a stretch does not prove to continue the one before, iteration
    stops there, silently: all that was yielded is right, and the sequential engine takes over.
    """

    def __init__(self, reader: PacketReader, source: Source, jobs: int) -> None:
        self.complete = False
        self.stopped = ""
        """Why it did not get to the end."""
        self._first = reader.first_samples()
        self._claimed = int((reader.claims.seconds or 0) * source.rate)
        self._source = source
        few = self._claimed > LANES.few_lanes_seconds * source.rate
        self._lanes = min(LANES.few_lanes if few else LANES.lanes, self._expected())
        self._jobs = min(jobs, self._lanes)
        self._noise = reader.stream.codec_context.codec.canonical_name in _RANDOM_NOISE
        self._margin = overlap(source.rate) + 2 * source.slack

    def blocks(self) -> Iterator[Samples]:
        """Sound in order, a stretch a block, shape (channels, n)."""
        tail: Samples | None = None
        end, steady = 0, True
        for stretch in self._stretches():
            if stretch.broken:
                self.stopped = stretch.broken
                return
            if tail is None:
                fresh = stretch.samples
                if not np.array_equal(fresh[:, : self._first.shape[1]], self._first):
                    self.stopped = "lanes begin elsewhere"
                    return
            else:
                ahead = stretch.samples
                exact = steady and stretch.steady
                guess, slack = end - stretch.start, self._source.slack
                at = continuation(tail, ahead, guess, slack, rate=self._source.rate, exact=exact, noise=self._noise)
                if at is None:
                    self.stopped = "stretches do not prove to be continuous"
                    return
                fresh = ahead[:, at:]
            if fresh.shape[1] < overlap(self._source.rate) and not stretch.finished:
                self.stopped = "a stretch is too short"
                return
            tail, end, steady = fresh[:, -overlap(self._source.rate) :], stretch.end, stretch.steady
            if fresh.shape[1]:
                yield fresh
            if stretch.finished:
                self.complete = True
                return

    def _stretches(self) -> Iterator[Stretch]:
        """The stretches in order, decoded ahead by as many as there are threads, on lanes that take turns."""
        with ExitStack() as stack:
            lanes: list[Lane] = []
            try:
                for _ in range(self._lanes):
                    lanes.append(stack.enter_context(Lane(self._source)))
            except LaneFailed as problem:
                yield Stretch(self._first[:, :0], 0, 0, broken=str(problem))
                return
            if self._jobs == 1:
                number = 0
                while True:
                    yield self._decode(lanes, number)
                    number += 1
            pool = stack.enter_context(ThreadPoolExecutor(self._jobs, "decode"))
            waiting: list[Future[Stretch]] = []
            number = 0
            try:
                while True:
                    while len(waiting) < min(self._jobs + 1, len(lanes)) and (number < self._expected() or not waiting):
                        waiting.append(pool.submit(self._decode, lanes, number))
                        number += 1
                    yield waiting.pop(0).result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _expected(self) -> int:
        return self._claimed // self._source.stretch + 1

    def _decode(self, lanes: list[Lane], number: int) -> Stretch:
        lane, length = lanes[number % len(lanes)], self._source.stretch
        return lane.decode(number * length, (number + 1) * length, self._margin)
