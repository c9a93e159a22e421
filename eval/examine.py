"""How well ``wholetape examine`` sees, and how often it accuses the innocent: ``python -m eval.examine``.

Each case's findings become one line of a results file, so that a run can be stopped and taken up again; ``--report``
writes the tables to ``docs/measured.md``, and the counts that findings quote to the package's ``calibration.json``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from eval import examining_cases as cases
from eval import examining_streams as streams
from eval.examining_report import write_report, write_section
from eval.examining_unfamiliar import unfamiliar
from wholetape.examining import examine_all
from wholetape.traces import Examination

PARTS = ("innocent", "unfamiliar", "grid", "splice", "copy", "join", "hum", "never")
_ALONE = {"innocent": cases.innocent, "unfamiliar": unfamiliar}
"""Parts of a single condition, called as they are."""
_MAKE = {
    "grid": cases.gridded,
    "splice": cases.spliced,
    "copy": cases.copied,
    "join": streams.joined,
    "hum": streams.hummed,
    "never": streams.never,
}
_METHODS = {
    "grid": ("codec history",),
    "splice": ("codec history",),
    "never": ("codec history", "Opus history"),
    "copy": ("copied passages",),
    "join": ("joins of MP3 frames", "joins of AAC frames"),
    "hum": ("mains hum",),
}
"""The methods that a part applies; all for the unedited files of ``_ALONE``."""


def main(argv: Sequence[str] | None = None) -> None:
    """Runs the parts that are named, or reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, default=Path("speech/heldout"), help="folder of recordings")
    parser.add_argument("--results", type=Path, default=Path("examine.jsonl"), help="one line a case")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--count", type=int, default=20, help="cases of each condition")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", default="", help="conditions whose name holds these words")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--report",
        nargs="*",
        type=Path,
        metavar="RESULTS",
        help="write docs/ and calibration.json; of further files, too",
    )
    parser.add_argument("--fitted", nargs="*", type=Path, default=(), help="results on speech/dev, to fit ratios on")
    parser.add_argument("--into", metavar="SECTION", help="of --report: only a section of docs/measured.md, so called")
    args = parser.parse_args(argv)
    if args.report is not None and args.into:
        write_section(args.into, _rows((args.results, *args.report)))
        return
    if args.report is not None:
        write_report(_rows((args.results, *args.report)), _rows(args.fitted))
        return
    speech = cases.Speech(args.speech)
    done = set()
    if args.results.exists():
        done = {(row["part"], row["condition"], row["seed"]) for row in map(json.loads, args.results.open())}
    with args.results.open("a") as out:
        for part, condition, make in _planned(args.parts, speech, args.only):
            for seed in range(args.first, args.first + args.count):
                if (part, condition, seed) in done:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    row = _row(part, make(seed, folder=Path(folder)), args.jobs)
                out.write(json.dumps(row) + "\n")
                out.flush()
                print(
                    part, condition, seed, row["outcome"], row["breaks"], row["copies_found"], row["places"], flush=True
                )


def _rows(files: Sequence[Path]) -> list[dict[str, Any]]:
    """The cases of all files, each once."""
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return list({(row["part"], row["condition"], row["seed"]): row for row in rows}.values())


def _planned(
    parts: Sequence[str], speech: cases.Speech, only: str
) -> Iterator[tuple[str, str, Callable[..., cases.ExamineCase]]]:
    for part in parts:
        if part in _ALONE:
            yield part, part, partial(_ALONE[part], speech=speech)
            continue
        for name in _conditions(part):
            if only in name:
                yield part, name, partial(_named, _MAKE[part], name, speech)


def _conditions(part: str) -> list[str]:
    if part in ("join", "hum"):
        names = list(streams.STREAMS if part == "join" else streams.HUMS)
        return [*names, *(f"{name}, uncut" for name in names)]
    if part == "never":
        return ["never coded"]
    return list(cases.COPIES if part == "copy" else cases.GRIDS)


def _named(make: Any, name: str, speech: cases.Speech, seed: int, folder: Path) -> cases.ExamineCase:
    made: cases.ExamineCase = make(name, seed, speech, folder)
    return made


def _row(part: str, case: cases.ExamineCase, jobs: int) -> dict[str, Any]:
    truth = {key: value for key, value in asdict(case).items() if key != "path"}
    result = examine_all([case.path], jobs=jobs, only=_METHODS.get(part))[0]
    truth["name"] = case.path.name
    empty: dict[str, Any] = {"breaks": [], "copies_found": [], "grids": [], "places": [], "seconds": 0.0}
    if not isinstance(result, Examination):
        return {"part": part, **truth, **empty, "outcome": f"error: {result}"}
    named: dict[str, list[Any]] = {}
    for trace in result.traces:
        named.setdefault(trace.name, []).append(trace)
    return {
        "part": part,
        **truth,
        "outcome": str(result.outcome),
        "seconds": result.file.duration,
        "breaks": [[*(trace.at or ()), trace.details["z"]] for trace in named.get("grid-break", [])],
        "copies_found": [[*(trace.at or ()), trace.details["score"]] for trace in named.get("copy-move", [])],
        "grids": [
            [trace.details["codec"], trace.details["rate"], trace.details["z"], trace.details["own"]]
            for trace in named.get("codec-grid", [])
        ],
        "places": [
            [name, *(trace.at or ()), str(trace.weight)]
            for name in ("mp3-join", "aac-join", "hum-break")
            for trace in named.get(name, [])
        ],
        "reach": {reach.method: round(reach.share, 3) for reach in result.coverage},
        "others": sorted(set(named) - {"grid-break", "copy-move", "codec-grid"}),
    }


if __name__ == "__main__":
    main()
