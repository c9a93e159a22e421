"""How many processors a piece of work may use, and a map over them that keeps the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_jobs: ContextVar[int] = ContextVar("jobs", default=1)


@contextmanager
def working(jobs: int) -> Iterator[None]:
    """Let ``mapped`` use ``jobs`` threads within."""
    token = _jobs.set(jobs)
    try:
        yield
    finally:
        _jobs.reset(token)


def mapped(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """``[work(item) for item in items]``, on as many threads as are allowed: for numpy, which lets go of the lock."""
    given = list(items)
    jobs = min(_jobs.get(), len(given))
    if jobs < 2:
        return [work(item) for item in given]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(work, given))
