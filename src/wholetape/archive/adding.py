"""Recordings into an archive: each is printed, possibly elsewhere, then filed in one step: a crash loses none."""

from __future__ import annotations

import datetime
import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

from wholetape.archive import layout
from wholetape.archive.companions import keep_companions
from wholetape.archive.entries import Added, Addition
from wholetape.archive.words import WordIndex
from wholetape.match.printfile import Print, parse
from wholetape.store.atomic import atomic_write
from wholetape.store.catalog import Catalog
from wholetape.store.finds import Candidate

AHEAD = 2
"""Recordings for each worker that are under way at once: bounds memory."""


Printer = Callable[[str], tuple[bytes, str]]
"""The print of the recording at a path, or why there is none; a function of a module, so that processes find it."""


def add_all(
    catalog: Catalog,
    words: WordIndex,
    folder: str,
    candidates: Sequence[Candidate],
    make: Printer,
    executor: Executor | None,
    workers: int,
    progress: Callable[[str, float], None],
) -> Iterator[Addition]:
    """Files each of ``candidates`` that is not there yet, in their order.

    Raises:
        StorageFailed: the archive cannot be written; what was filed before stays.
    """
    fresh: list[Candidate] = []
    for candidate in candidates:
        known = _known(catalog, words, folder, candidate)
        if known is None:
            fresh.append(candidate)
        else:
            yield known
    with _pool(executor) as pool:
        waiting, under_way = deque(fresh), deque[tuple[Candidate, Future[tuple[bytes, str]]]]()
        broken = False
        while (waiting or under_way) and not broken:
            try:
                while waiting and len(under_way) < AHEAD * workers:
                    under_way.append((waiting[0], pool.submit(make, waiting[0].path)))
                    waiting.popleft()
                data, why = under_way[0][1].result()
            except BrokenExecutor:
                broken = True
                continue
            candidate, _ = under_way.popleft()
            yield _file(catalog, words, folder, candidate, data, why)
            progress(candidate.path, 1 - (len(waiting) + len(under_way)) / len(fresh))
    for candidate in [*(candidate for candidate, _ in under_way), *waiting]:
        yield _file(catalog, words, folder, candidate, *_apart(make, candidate))


def _apart(make: Printer, candidate: Candidate) -> tuple[bytes, str]:
    """The print, made in a process of its own: some file here ends the process that decodes it."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        try:
            return pool.submit(make, candidate.path).result()
        except BrokenExecutor:
            return b"", "it ended the process that decoded it"


def _pool(executor: Executor | None) -> Executor:
    """``executor`` for the length of a block that does not end it, or a thread of our own."""
    return ThreadPoolExecutor(1) if executor is None else _Borrowed(executor)


class _Borrowed(Executor):
    """Somebody else's executor: leaving the block does not shut it down."""

    def __init__(self, executor: Executor) -> None:
        self.submit = executor.submit  # type: ignore[method-assign]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leaves it as it is."""


def _known(catalog: Catalog, words: WordIndex, folder: str, candidate: Candidate) -> Addition | None:
    """What to say of a file that need not be printed: it was seen before, or another of the same bytes was."""
    seen = catalog.rows(
        """SELECT sha256, seconds FROM files JOIN recordings USING (sha256)
        WHERE files.path = ? AND size = ? AND changed = ?""",
        (candidate.path, candidate.size, candidate.changed),
    )
    if seen:
        why = "; ".join(keep_companions(catalog, words, folder, candidate.path, seen[0]["sha256"]))
        return Addition(candidate.path, Added.KNOWN, seen[0]["seconds"], why)
    return None


def _file(catalog: Catalog, words: WordIndex, folder: str, candidate: Candidate, data: bytes, why: str) -> Addition:
    if why:
        return Addition(candidate.path, Added.BROKEN, why=why)
    made = parse(data)
    if not made.samples:
        return Addition(candidate.path, Added.BROKEN, why="there is no sound in it")
    sha256 = made.recording.hex()
    where = layout.print_of(folder, sha256)
    known = bool(catalog.rows("SELECT 1 FROM recordings WHERE sha256 = ?", (sha256,)))
    if not known:
        atomic_write(where, data)
    with catalog.change():
        if not known:
            _enter(catalog, candidate, made, data)
        catalog.run(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
            (candidate.path, candidate.size, candidate.changed, sha256),
        )
    why = "; ".join(keep_companions(catalog, words, folder, candidate.path, sha256))
    return Addition(candidate.path, Added.KNOWN if known else Added.NEW, made.duration, why)


def _enter(catalog: Catalog, candidate: Candidate, made: Print, data: bytes) -> None:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    sha256 = made.recording.hex()
    number = catalog.run(
        """INSERT INTO recordings (sha256, name, path, seconds, added, print, print_sha256)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            sha256,
            candidate.name,
            candidate.path,
            made.duration,
            now,
            f"{sha256}.print",
            hashlib.sha256(data).hexdigest(),
        ),
    )
    for index, track in enumerate(made.tracks):
        catalog.run("INSERT INTO lanes (recording, track, frames) VALUES (?, ?, ?)", (number, index, len(track.words)))
