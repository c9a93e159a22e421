"""The best path of a short region through candidate diagonals and "not from the reference".

Source: A. Viterbi, *Error bounds for convolutional codes*, 1967; the foreign state plays the part that introns and
soft clips play in H. Li, *Minimap2*, Bioinformatics 2018.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wholetape.match.params import ALIGN
from wholetape.match.score import Scorer

FOREIGN = None


def transitions(diagonals: list[int]) -> NDArray[np.float32]:
    """(n + 1, n + 1) scores of going from state i to state j; the last state is foreign sound."""
    d = np.array(diagonals)
    steps = np.abs(d[:, None] - d[None, :])
    table = np.full((len(d) + 1, len(d) + 1), -ALIGN.leave, np.float32)
    table[:-1, :-1] = np.where(steps == 0, 0.0, np.where(steps == 1, -ALIGN.drift, -ALIGN.jump))
    table[-1, -1] = 0.0
    return table


def best_path(scores: NDArray[np.float32], table: NDArray[np.float32], first: int | None) -> NDArray[np.int64]:
    """(t,) states of the best path through ``scores`` (n, t), starting in state ``first`` or anywhere when None."""
    n, length = scores.shape
    back = np.empty((length, n), np.int64)
    value = scores[:, 0].copy()
    if first is not None:
        value[np.arange(n) != first] -= 1e6
    columns = np.arange(n)
    for t in range(1, length):
        options = value[:, None] + table
        source = options.argmax(axis=0)
        back[t] = source
        value = options[source, columns] + scores[:, t]
    path = np.empty(length, np.int64)
    path[-1] = int(value.argmax())
    for t in range(length - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path


def solve(
    scorer: Scorer, start: int, end: int, diagonals: list[int], first: int | None
) -> list[tuple[int, int, int | None]]:
    """Runs (start, end, diagonal or None for foreign) tiling frames [start, end); ``first``: the one held before."""
    scores = np.zeros((len(diagonals) + 1, end - start), np.float32)
    for row, diagonal in enumerate(diagonals):
        scores[row] = scorer.llr(start, end, diagonal)
    state = diagonals.index(first) if first is not None else None
    path = best_path(scores, transitions(diagonals), state)
    cuts = np.flatnonzero(np.diff(path)) + 1
    edges = [0, *cuts.tolist(), len(path)]
    runs: list[tuple[int, int, int | None]] = []
    for a, b in pairwise(edges):
        index = int(path[a])
        runs.append((start + a, start + b, diagonals[index] if index < len(diagonals) else FOREIGN))
    return runs
