"""``python -m eval.calibrate``: from evidence to the share of edits that were real, fitted on speech for tuning.

Cases are built and checked as by ``python -m eval``, with the calibration itself set aside. Each edit told has an
evidence (0 to 1, before calibration), and is real or not. By bins of evidence, apart for clear copies and for those
by another microphone (``EDITS.far_rate``), the share is the real ones with ``PRIOR`` findings of the uncalibrated
curve added, made monotone (pool adjacent violators). Where next to nothing told with the most evidence was false
(``FEW``), the lower 95% bound of that count is all that is known, and no share is above it. The table goes to
``src/wholetape/match/calibration.py``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from eval import measured, records
from eval.corpus import part_at
from eval.run import Job, build
from eval.score import score
from eval.stats import share_bounds
from wholetape.checking import check, make_print
from wholetape.match.params import EDITS

CONDITIONS = ("aac48", "mp3_32", "social", "opus16", "gsm", "amr122", "speed_resampled", "room", "repeats")
APART = "two_microphones"
EDGES = (0.0, 0.5, 0.7, 0.9, 0.99, 0.999, 1.0)
PRIOR = 10.0
FEW = 5
"""False findings with the most evidence below which their share is not known well enough."""
MODULE = Path(__file__).parent.parent / "src/wholetape/match/calibration.py"


@dataclass(frozen=True, slots=True)
class Told:
    """An edit that was told: its evidence, and how clearly its copy could be read (nats a frame)."""

    case: str
    condition: str
    source: str
    evidenced: float
    clarity: float
    real: bool


def told(job: Job) -> Iterator[Told]:
    """The edits told of one case."""
    case = build(job)
    clarities: list[float] = []
    conclude: Any = importlib.import_module("wholetape.checking.conclude")  # the package has a function of that name
    usual = conclude.calibrated

    def uncalibrated(evidenced: float, clarity: float) -> float:
        clarities.append(clarity)
        return evidenced

    conclude.calibrated = uncalibrated
    try:
        against = case.original.with_suffix(".print")
        against.write_bytes(make_print(case.original).encode())
        result = check(case.release, against)
    finally:
        conclude.calibrated = usual
        if not job.keep:
            shutil.rmtree(case.release.parent, ignore_errors=True)
    one = score(records.from_result(case, result, job.minutes, job.speech.name, "print"))
    found = [(f, True) for hit in one.hits for f in hit.found] + [(f, False) for f in one.false]
    for edit, real in found:
        source = part_at(case.parts, (edit.reference or edit.release)[0])
        yield Told(case.name, case.condition, source or "?", edit.confidence, clarities[0], real)


@dataclass(frozen=True, slots=True)
class Bin:
    """Edits with an evidence in [low, high): how many were told and real, and the calibrated share."""

    low: float
    high: float
    real: int
    count: int
    mean: float
    share: float


def fitted(some: list[Told]) -> list[Bin]:
    """The bins of evidence, their shares rising."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = [t for t in some if low <= t.evidenced < high or t.evidenced == high == 1.0]
        mean = sum(t.evidenced for t in inside) / len(inside) if inside else (low + high) / 2
        real = sum(t.real for t in inside)
        bins.append(Bin(low, high, real, len(inside), mean, (real + PRIOR * mean) / (len(inside) + PRIOR)))
    top = bins[-1]
    most = share_bounds(top.real, top.count)[0] if top.count and top.count - top.real < FEW else 1.0
    return [replace(one, share=min(one.share, most)) for one in rising(bins)]


def rising(bins: list[Bin]) -> list[Bin]:
    """The bins with shares that never fall: neighbours that do are given their common share."""
    groups: list[tuple[float, float, int]] = []
    for one in bins:
        groups.append((one.share, one.count + PRIOR, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (a, m, i), (b, n, j) = groups[-2:]
            groups[-2:] = [((a * m + b * n) / (m + n), m + n, i + j)]
    shares = [share for share, _, count in groups for _ in range(count)]
    return [replace(one, share=share) for one, share in zip(bins, shares, strict=True)]


def points(bins: list[Bin]) -> tuple[tuple[float, float], ...]:
    """(evidence, share) between which the program interpolates; what is above or below the last ones has theirs."""
    return tuple((round(one.mean, 4), math.floor(one.share * 1000) / 1000) for one in bins)


def classes(every: Iterable[Told]) -> dict[str, list[Told]]:
    """The edits of clear copies, and those of copies by another microphone."""
    out: dict[str, list[Told]] = {"clear": [], "apart": []}
    for one in every:
        out["apart" if one.clarity < EDITS.far_rate else "clear"].append(one)
    return out


def table(groups: dict[str, list[Told]]) -> str:
    """What was counted, and the share that follows."""
    rows = ["| copies | evidence | real of told | 95% bounds | files | sources | share |", "| --- " * 7 + "|"]
    for name, some in groups.items():
        for one in fitted(some):
            inside = [t for t in some if one.low <= t.evidenced < one.high or t.evidenced == one.high == 1.0]
            low, high = share_bounds(one.real, one.count)
            files, sources = len({t.case for t in inside}), len({t.source for t in inside})
            counted = f"{one.real} of {one.count} | {low:.1%}–{high:.1%}" if inside else "none | "
            rows.append(f"| {name} | {one.low:g}–{one.high:g} | {counted} | {files} | {sources} | {one.share:.3f} |")
    return "\n".join(rows)


def module(groups: dict[str, list[Told]], label: str) -> str:
    """The text of ``match/calibration.py``."""
    lines = [
        '"""Written by ``python -m eval.calibrate``: of edits told with an evidence, the share that were real.',
        "",
        f"{label[0].upper()}{label[1:]}.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from dataclasses import dataclass",
        "",
        "Points = tuple[tuple[float, float], ...]",
        "",
        "",
        "@dataclass(frozen=True, slots=True)",
        "class Calibration:",
        '    """(evidence, share) in rising order, for clear copies and for those by another microphone."""',
        "",
        f'    label: str = "{label}"',
        f"    clear: Points = {points(fitted(groups['clear']))!r}",
        f"    apart: Points = {points(fitted(groups['apart']))!r}",
        "",
        "",
        "CALIBRATION = Calibration()",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Build, check, fit, tell; 0 when it ran."""
    words = argparse.ArgumentParser("python -m eval.calibrate", description=__doc__.split("\n")[0])
    words.add_argument("--speech", type=Path, default=Path("examples/speech"), help="folder of recordings for tuning")
    words.add_argument("--condition", action="append", help="may be repeated (default: all of them)")
    words.add_argument("--seed", action="append", type=int, help="may be repeated (default: 1)")
    words.add_argument("--minutes", type=float, default=10.0, help="length of an original (default: %(default)s)")
    words.add_argument("--keep", type=Path, help="keep the cases' files there, and use those there")
    words.add_argument("--told", type=Path, action="append", help="edits told in an earlier run; may be repeated")
    words.add_argument("--results", type=Path, default=Path("build/told.jsonl"), help="what was told, as JSON lines")
    words.add_argument("--write", action="store_true", help="write match/calibration.py and docs/measured.md")
    options = words.parse_args(arguments)
    every = [Told(**json.loads(line)) for path in options.told or [] for line in path.read_text().splitlines()]
    if not options.told:
        with tempfile.TemporaryDirectory(prefix="wholetape-calibrate-") as folder:
            place = options.keep or Path(folder)
            options.results.parent.mkdir(parents=True, exist_ok=True)
            with options.results.open("w") as out:
                for seed in options.seed or [1]:
                    for name in options.condition or [*CONDITIONS, APART]:
                        job = Job(
                            name, seed, options.speech, None, options.minutes, "print", place, keep=bool(options.keep)
                        )
                        some = list(told(job))
                        out.writelines(json.dumps(asdict(t)) + "\n" for t in some)
                        out.flush()
                        every += some
                        print(
                            name, seed, f"{sum(t.real for t in some)} of {len(some)} real", file=sys.stderr, flush=True
                        )
    groups = classes(every)
    text = table(groups)
    print(text)
    if options.write:
        files, sources = len({t.case for t in every}), len({t.source for t in every})
        label = f"calibrated on {len(every)} edits told in {files} releases of {sources} sources of real speech"
        MODULE.write_text(module(groups, label))
        named = ", ".join(sorted({t.condition for t in every}))
        seeds = " ".join(f"--seed {seed}" for seed in sorted({int(t.case.rpartition("-")[2]) for t in every}))
        command = f"python -m eval.calibrate --speech {options.speech.name} {seeds}"
        measured.write("calibration", command, f"Conditions: {named}.\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
