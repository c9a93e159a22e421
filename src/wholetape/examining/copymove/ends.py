"""Where a copied passage ends in a pause, whose samples an encoder replaced: its fingerprint still agrees there."""

from __future__ import annotations

from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from wholetape.examining.copymove.params import COPY
from wholetape.times import CLOCK_HZ

_FRAME = CLOCK_HZ // 100


def farther(words: NDArray[np.uint64], start: int, end: int, lag: int) -> tuple[int, int]:
    """Samples [start, end) of a passage that stands again ``lag`` later, out to where fingerprints cease to agree.

    ``words``: one a frame of 10 ms, which also holds the 64 ms behind it and what lies 100 ms before it.
    """
    shift = round(lag / _FRAME)
    differ = np.bitwise_count(words[: len(words) - shift] ^ words[shift:])
    first, last = start // _FRAME + COPY.well_inside, end // _FRAME - COPY.well_inside
    width = COPY.together_frames
    smooth = np.convolve(differ, np.full(width, 1 / width), "valid")
    before = range(first - width + 1, -1, -1)
    behind = range(last, len(smooth))
    agrees = [list(takewhile(lambda k: smooth[k] <= COPY.agree, side)) for side in (before, behind)]
    out = _FRAME * COPY.frame_reach
    if agrees[0] and (begin := (agrees[0][-1] + width - 2) * _FRAME - out) < start - _FRAME * 2:
        start = max(0, begin)
    if agrees[1] and (stop := (agrees[1][-1] + 1) * _FRAME + out) > end + _FRAME * 2:
        end = min(stop, len(words) * _FRAME - lag)
    return start, end
