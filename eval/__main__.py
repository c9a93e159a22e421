"""``python -m eval``: build cases, check them, score them.

python -m eval --quick                          a few minutes, every condition
python -m eval --hours 10 --jobs 2              the whole evaluation, hours of release for each condition
python -m eval --condition aac48 --minutes 10 --seed 1 [--seed 2]
python -m eval --only-score results.jsonl       tables of an earlier run
python -m eval case aac48-1 --keep DIR          rebuild one case and keep its files
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from eval import measured, records, tables, telling
from eval.conditions import CONDITIONS
from eval.run import Job, build, check_case, run_jobs
from eval.score import Score, score

QUICK_MINUTES = 4.0


def main(arguments: list[str] | None = None) -> int:
    """Run the evaluation; 0 when it ran, 2 when the words of the call are wrong."""
    options = parser().parse_args(arguments)
    if options.only_score:
        show([score(r) for r in records.load(Path(options.only_score))], options)
        return 0
    with tempfile.TemporaryDirectory(prefix="wholetape-eval-") as scratch:
        folder = Path(options.keep or scratch)
        if options.fuzz:
            return mutated(options, folder)
        jobs = plan(options, folder)
        if options.what:
            return one_case(jobs[0])
        if options.build_only:
            for case in map(build, jobs):
                print(case.release, flush=True)
            return 0
        results = Path(options.results)
        results.parent.mkdir(parents=True, exist_ok=True)
        scores: list[Score] = []
        began = time.monotonic()
        with results.open("w") as out:
            for record in run_jobs(jobs, options.jobs):
                out.write(records.encode(record) + "\n")
                out.flush()
                scores.append(score(record))
                if sys.stderr.isatty() or options.verbose:
                    print(line(scores[-1], len(scores), len(jobs), time.monotonic() - began), file=sys.stderr)
        show(scores, options)
    return 0


def parser() -> argparse.ArgumentParser:
    """The words of the call."""
    raw = argparse.RawTextHelpFormatter
    words = argparse.ArgumentParser("python -m eval", description=__doc__, formatter_class=raw)
    words.add_argument("what", nargs="*", help="case NAME: rebuild and check one case, for example: case aac48-1")
    words.add_argument("--speech", default="examples/speech", help="folder of recordings (default: %(default)s)")
    words.add_argument("--foreign", help="folder for insertions (default: SPEECH/../foreign, else some of the sources)")
    words.add_argument("--condition", action="append", choices=list(CONDITIONS), help="only this one; may be repeated")
    words.add_argument("--seed", action="append", type=int, help="only this one; odd seeds are edited, even ones not")
    words.add_argument("--seeds", type=int, default=2, help="how many seeds, from 1 (default: %(default)s)")
    words.add_argument("--hours", type=float, help="so many seeds that each condition has these hours of release")
    words.add_argument("--minutes", type=float, default=10.0, help="length of an original (default: %(default)s)")
    words.add_argument("--quick", action="store_true", help=f"originals of {QUICK_MINUTES:.0f} minutes")
    against = "what to check against (default: %(default)s)"
    words.add_argument("--against", choices=("print", "audio"), default="print", help=against)
    words.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes (default: %(default)s)")
    words.add_argument("--results", default="build/eval.jsonl", help="results file, JSON lines (default: %(default)s)")
    words.add_argument("--only-score", metavar="FILE", help="tables of an earlier results file; checks nothing")
    words.add_argument("--failures", type=int, default=40, help="how many failed places to list (default: %(default)s)")
    words.add_argument("--fuzz", type=int, metavar="COUNT", help="check so many mutated files instead")
    words.add_argument("--write", action="store_true", help="put the tables into docs/measured.md")
    words.add_argument("--keep", metavar="DIR", help="keep the cases' files there, and use those there")
    words.add_argument("--build-only", action="store_true", help="build the cases and check nothing; wants --keep")
    words.add_argument("--verbose", action="store_true", help="one line a case as it finishes")
    return words


def plan(options: argparse.Namespace, folder: Path) -> list[Job]:
    """The cases to run."""
    names = options.condition or list(CONDITIONS)
    minutes = QUICK_MINUTES if options.quick else options.minutes
    count = round(options.hours * 60 / minutes) if options.hours else options.seeds
    seeds = options.seed or list(range(1, count + 1))
    if options.what:
        if len(options.what) != 2 or options.what[0] != "case" or "-" not in options.what[1]:
            raise SystemExit("error: say: python -m eval case CONDITION-SEED")
        name, _, seed = options.what[1].rpartition("-")
        names, seeds = [name], [int(seed)]
    return [
        Job(
            condition=name,
            seed=seed,
            speech=Path(options.speech),
            foreign=Path(options.foreign) if options.foreign else None,
            minutes=minutes,
            against=options.against,
            folder=folder,
            keep=bool(options.keep),
        )
        for seed in seeds
        for name in names
    ]


def mutated(options: argparse.Namespace, folder: Path) -> int:
    """Run the fuzz corpus; 1 when anything failed."""
    from eval.fuzz import fuzz, tell

    seed = options.seed[0] if options.seed else 1
    tally = fuzz(options.fuzz, seed, Path(options.speech), folder)
    text = tell(tally, options.fuzz, seed)
    print(text)
    if options.write:
        measured.write("fuzz", f"python -m eval --fuzz {options.fuzz}", text)
    return 1 if tally.failures else 0


def one_case(job: Job) -> int:
    """Rebuild one case, check it, and tell truth and findings side by side."""
    case = build(job)
    print(f"original {case.original}\nrelease  {case.release}\nexpected {case.expected}")
    for truth in case.truth:
        print(f"  made   {telling.tell(truth)}{'' if truth.counts else ' (does not count)'}")
    record = check_case(case, job)
    print(f"outcome  {record.outcome}{record.error}")
    for found in record.found:
        print(f"  found  {telling.tell_found(found)}")
    print("\n".join(telling.failures([score(record)])))
    return 0


def line(one: Score, done: int, total: int, seconds: float) -> str:
    """How one case went."""
    record = one.record
    outcome = f"{record.outcome} (expected {record.expected})"
    numbers = f"{len(one.hits)} found, {len(one.misses)} missed, {len(one.false)} false"
    return f"{done}/{total} {seconds:.0f} s {record.case}: {outcome}, {numbers}{' ERROR' if record.error else ''}"


def show(scores: list[Score], options: argparse.Namespace) -> None:
    """Print the tables, then the places to look at."""
    text = tables.report(scores)
    print(text)
    if options.write:
        with_sound = {s.record.against for s in scores} == {"audio"}
        measured.write("original" if with_sound else "eval", command(scores), text)
    lost = telling.failures(scores)
    some = f", the first {options.failures}" if len(lost) > options.failures else ""
    print(f"## {len(lost)} places to look at{some}")
    print("\n".join(lost[: options.failures]))


def command(scores: list[Score]) -> str:
    """What was run, as the page of measured figures tells it."""
    names = sorted({s.record.speech for s in scores})
    minutes = sorted({s.record.minutes for s in scores})
    against = sorted({s.record.against for s in scores})
    seeds = sorted({s.record.seed for s in scores})
    words = f"--speech {' and '.join(names)} --minutes {' and '.join(f'{m:g}' for m in minutes)}"
    return f"python -m eval {words} --against {' and '.join(against)} (seeds: {spans(seeds)})"


def spans(seeds: list[int]) -> str:
    """Seeds in words: odd ones (edited) and even ones in a row, each row by its ends."""
    rows: list[list[int]] = []
    for seed in sorted(seeds, key=lambda seed: (seed % 2 == 0, seed)):
        if rows and seed - rows[-1][-1] == 2:
            rows[-1].append(seed)
        else:
            rows.append([seed])
    kinds = {1: "odd", 0: "even"}
    told = [f"{kinds[r[0] % 2]} {r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in rows]
    return ", ".join(told)


if __name__ == "__main__":
    sys.exit(main())
