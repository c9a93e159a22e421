"""The print that a release carries for its readers' own checks: the sealed one, the one given, or one made here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from wholetape.errors import UsageError, WholetapeError
from wholetape.match.printfile import Print, parse
from wholetape.release.sealed import Judged
from wholetape.store.files import read_file

Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class PrintOf:
    """A print: the ``name`` and bytes to publish, and its content."""

    name: str
    data: bytes
    content: Print


def read_print(path: str) -> bytes:
    """The bytes of a print's file."""
    from wholetape.seal.reference import MAX_PRINT

    return read_file(path, MAX_PRINT)


def print_of(
    recording: str, sha256: str, path: str, data: bytes | None, seal: Judged | None, jobs: int, report: Report
) -> PrintOf:
    """The print of ``recording``: ``data`` from ``path``, else a new one, as always of an excerpt.

    Raises:
        MalformedFile: the print breaks its format.
        UsageError: it is of another recording.
    """
    from wholetape.checking import make_print

    if data is None or (seal is not None and seal.proof is not None):
        made = make_print(recording, jobs=jobs, progress=report)
        stem = os.path.basename(recording).rpartition(".")[0] or os.path.basename(recording)
        return PrintOf(f"{stem}.print", made.encode(), made)
    try:
        found = parse(data)
    except WholetapeError as problem:
        raise type(problem)(f"{path}: {problem}", problem.hint) from problem
    if seal is None and found.recording.hex() != sha256:
        raise UsageError(f"{path} is not the print of {recording}", "make it with `wholetape print`")
    return PrintOf(os.path.basename(path), data, found)
