"""Sounds for pages under test: noise in the place of every file, a real clip for every piece."""

from __future__ import annotations

from functools import cache

import numpy as np

from wholetape.findings import CheckResult
from wholetape.media.clips import Clip
from wholetape.media.mp3 import Mp3
from wholetape.report.places import chosen
from wholetape.report.sounds import Sounds


@cache
def clip(seconds: float = 1.0) -> Clip:
    noise = (np.random.default_rng(3).standard_normal(round(16000 * seconds)) / 8).astype(np.float32)
    encoder = Mp3(16000)
    encoder.feed(noise)
    return Clip(encoder.finish(), tuple(np.abs(noise[:240]).tolist()))


def sounds(*results: CheckResult) -> Sounds:
    """Outlines of all files, levels only of those without sound, and a clip of a second for each piece."""
    outline = tuple(abs(np.sin(np.arange(800) / 9)).tolist())
    paths = {result.release.path for result in results}
    paths |= {ref.path for result in results for ref in result.references}
    silent = {ref.path for result in results for ref in result.references if ref.kind != "audio"}
    return Sounds(dict.fromkeys(paths, outline), {piece: clip() for piece in chosen(results)}, frozenset(silent))
