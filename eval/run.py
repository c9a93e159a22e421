"""Builds cases, checks them, and writes one line each."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from eval import records
from eval.corpus import build_case, find_speech
from eval.records import Record
from eval.truth import Case

CORPUS = 3
"""Version of the corpus builder: a case that another version built is built anew."""


@dataclass(frozen=True, slots=True)
class Job:
    """One case to build and to check, against its print or (``against="audio"``) against the original's sound."""

    condition: str
    seed: int
    speech: Path
    foreign: Path | None
    minutes: float
    against: str
    folder: Path
    edited: bool | None = None
    keep: bool = False


def build(job: Job) -> Case:
    """The case of ``job``, in ``job.folder/CONDITION-SEED``; one that was built there before is used again."""
    place = job.folder / f"{job.condition}-{job.seed}"
    built = place / "case.json"
    key = f"{CORPUS} {job.speech.resolve()} {job.foreign} {job.minutes:g} {job.edited}"
    if built.exists():
        case = records.load_case(built, key)
        if case:
            return case
    speech = find_speech(job.speech, job.foreign)
    case = build_case(job.seed, job.condition, speech, place, job.minutes, job.edited)
    records.save_case(case, built, key)
    return case


def check_case(case: Case, job: Job) -> Record:
    """The record of checking ``case``; an exception of the check becomes part of it."""
    from wholetape.checking import check, make_print

    try:
        against = case.original
        if job.against == "print":
            against = case.original.with_suffix(".print")
            against.write_bytes(make_print(case.original).encode())
        result = check(case.release, against)
    except Exception:  # an evaluation goes on and counts it
        return records.from_error(case, traceback.format_exc(limit=-4), job.minutes, job.speech.name, job.against)
    return records.from_result(case, result, job.minutes, job.speech.name, job.against)


def run_job(job: Job) -> Record:
    """Build, check, and remove the files again unless ``job.keep``."""
    case = build(job)
    try:
        return check_case(case, job)
    finally:
        if not job.keep:
            shutil.rmtree(case.release.parent, ignore_errors=True)


def run_jobs(jobs: list[Job], workers: int) -> Iterator[Record]:
    """The records of ``jobs``, as they finish, at most ``workers`` at a time."""
    if workers <= 1:
        yield from map(run_job, jobs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(run_job, jobs)
