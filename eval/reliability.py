"""``python -m eval.reliability RESULTS…``: of the edits told with a confidence, how many are real.

RESULTS are what ``python -m eval --results FILE`` wrote. Counted by bin of confidence, by condition, and by the source
that the edited recording is from (each source is of one language and one kind of recording), with exact 95% bounds. A
bin is kept when its mean confidence lies within the bounds. Finds of one source are not independent: the number of
files stands beside them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from eval import measured, records
from eval.corpus import part_at
from eval.score import SURE, Score, score
from eval.stats import share_bounds

EDGES = (0.0, 0.5, 0.7, SURE, 0.99, 1.0001)


@dataclass(frozen=True, slots=True)
class Told:
    """One edit that was told."""

    confidence: float
    real: bool
    condition: str
    source: str
    file: str


def told(scores: list[Score]) -> Iterator[Told]:
    """Every edit told, real or not; those of places where a pause stands for a pause are neither."""
    for one in scores:
        record = one.record
        real = [(f, True) for hit in one.hits for f in hit.found]
        for found, is_real in [*real, *((f, False) for f in one.false)]:
            place = (found.reference or found.release)[0]
            yield Told(found.confidence, is_real, record.condition, part_at(record.parts, place) or "?", record.case)


def rows(name: str, some: list[Told]) -> Iterator[str]:
    """One row a bin of confidence."""
    for low, high in pairwise(EDGES):
        inside = [t for t in some if low <= t.confidence < high]
        if not inside:
            continue
        real = sum(t.real for t in inside)
        least, most = share_bounds(real, len(inside))
        mean = sum(t.confidence for t in inside) / len(inside)
        word = "kept" if least <= mean <= most else "cautious" if mean < least else "**too sure**"
        files = len({t.file for t in inside})
        share, bounds = f"{real} of {len(inside)} = {real / len(inside):.1%}", f"{least:.1%}–{most:.1%}"
        yield f"| {name} | {low:.2f}–{min(high, 1):.2f} | {mean:.3f} | {share} | {bounds} | {files} | {word} |"


def table(scores: list[Score]) -> str:
    """All, then by condition, then by source."""
    every = list(told(scores))
    lines = ["| of | confidence | mean | real | 95% bounds | files | |", "| --- " * 7 + "|"]
    lines += rows("all", every)
    for condition in sorted({t.condition for t in every}):
        lines += rows(condition, [t for t in every if t.condition == condition])
    for source in sorted({t.source for t in every}):
        lines += rows(source, [t for t in every if t.source == source])
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Count and tell; 0 when it ran."""
    words = argparse.ArgumentParser("python -m eval.reliability", description=__doc__.split("\n")[0])
    words.add_argument("results", type=Path, nargs="+", help="files of python -m eval --results")
    words.add_argument("--write", action="store_true", help="put the table into docs/measured.md")
    options = words.parse_args(arguments)
    scores = [score(record) for path in options.results for record in records.load(path)]
    text = table(scores)
    print(text)
    if options.write:
        speech = " and ".join(sorted({s.record.speech for s in scores}))
        against = " and ".join(sorted({s.record.against for s in scores}))
        measured.write("reliability", f"python -m eval.reliability …` of `--speech {speech} --against {against}", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
