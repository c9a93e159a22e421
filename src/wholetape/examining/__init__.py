"""Examine: what does this one file tell of its making? The use case behind ``wholetape examine``.

Not a detector of forgeries: traces, each with what it is worth, and never the word *authentic*.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from wholetape.errors import UnreadableInput, WholetapeError
from wholetape.examining.case import Case
from wholetape.examining.methods import run_all
from wholetape.examining.sound import Take
from wholetape.examining.survey import Survey
from wholetape.media.facts import MediaFacts, inspect
from wholetape.traces import Examination, ExaminedFile, conclude

__all__ = ["examine", "examine_all"]

PathLike = str | os.PathLike[str]
Report = Callable[[str, float], None]
_DECODING = 0.2
"""Share of the work that decoding is, for the progress bar."""


def examine(
    path: PathLike,
    *,
    reference_hum: PathLike | None = None,
    jobs: int | None = None,
    progress: Report | None = None,
) -> Examination:
    """The traces that the recording at ``path`` carries, their worth, and the outcome that follows from them.

    It says nothing about whether the content is true, and no trace is no proof of an unedited recording.

    Raises:
        UnreadableInput: the recording cannot be read.
    """
    result = examine_all([path], reference_hum=reference_hum, jobs=jobs, progress=progress)[0]
    if isinstance(result, WholetapeError):
        raise result
    return result


def examine_all(
    paths: Sequence[PathLike],
    *,
    reference_hum: PathLike | None = None,
    only: Collection[str] | None = None,
    jobs: int | None = None,
    progress: Report | None = None,
) -> tuple[Examination | UnreadableInput, ...]:
    """One result a file, in order; a file that cannot be read yields its error and does not stop the others.

    ``only``: the methods to apply, by the names that progress tells; all of them by default.
    """
    report = progress or (lambda what, share: None)
    count = jobs or _cores()
    with _one_thread_a_product(), ThreadPoolExecutor(count, "examine") as pool:
        return tuple(_one(path, reference_hum, only, count, pool, report) for path in paths)


def _one(
    path: PathLike,
    reference_hum: PathLike | None,
    only: Collection[str] | None,
    jobs: int,
    pool: ThreadPoolExecutor,
    report: Report,
) -> Examination | UnreadableInput:
    name = os.path.basename(os.fspath(path))
    try:
        facts = inspect(path)
        with Take(path, jobs=jobs) as take:
            survey = Survey(take.rate)
            take.fill(survey.feed, progress=lambda share: report(f"listening to {name}", _DECODING * share))
            survey.finish()
            case = Case(facts, take, survey, pool, reference_hum)
            traces, coverage, history = run_all(
                case, only, lambda what, share: report(f"{name}: {what}", _DECODING + (1 - _DECODING) * share)
            )
            file = _file(facts, take)
    except UnreadableInput as problem:
        return problem
    notes: tuple[str, ...] = ("of several audio streams the first was examined",) if file.streams > 1 else ()
    if take.channels > 2:
        notes += (f"of {take.channels} channels the first two were examined",)
    return Examination(conclude(traces, coverage), file, coverage, traces, history, notes)


def _file(facts: MediaFacts, take: Take) -> ExaminedFile:
    return ExaminedFile(
        facts.path,
        facts.sha256,
        take.seconds,
        facts.container,
        facts.streams[0].codec,
        take.rate,
        take.channels,
        len(facts.streams),
        tuple(f"{place.at:.2f} s: {place.reason}" for place in take.damage),
    )


def _cores() -> int:
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _one_thread_a_product() -> AbstractContextManager[object]:
    """Keep numpy's matrix products on one thread each: several are computed side by side already."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits
