"""Check: what was done to this release? The use case behind ``wholetape check`` and ``wholetape print``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from wholetape.checking.conclude import conclude
from wholetape.checking.keyed import owned, read_keyed
from wholetape.checking.listen import listen
from wholetape.checking.references import Reference, load_all
from wholetape.checking.twins import firsts, for_each
from wholetape.errors import UnreadableInput, WholetapeError
from wholetape.findings import CheckResult
from wholetape.match.keyed import KEY_BYTES, KeyedPrint, make
from wholetape.match.printfile import Print
from wholetape.match.workers import working

__all__ = ["check", "check_all", "make_keyed_print", "make_print"]

PathLike = str | os.PathLike[str]
Report = Callable[[str, float], None]


def _quiet(what: str, share: float) -> None:
    """Tell nobody."""


def _cores() -> int:
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def check(
    release: PathLike,
    against: PathLike | Sequence[PathLike | Reference],
    *,
    keyed: Sequence[PathLike] = (),
    jobs: int | None = None,
    progress: Report | None = None,
) -> CheckResult:
    """What was done to ``release``, as far as ``against`` can tell: an original, a print, or several in their order.

    A seal is given as the ``Reference`` that ``wholetape.seal.reference`` makes of it once it verified. ``jobs`` decode
    side by side (default: as many as there are processors, at most 8). ``keyed``: keyed prints of
    references, which whoever shaped a release for the print has not had. ``progress`` is called with what is being done
    and the share of it that is done.

    Raises:
        UnreadableInput: the release or a reference cannot be read.
        MalformedFile: a print or a keyed print breaks its format.
        UsageError: nothing to check against, a seal that nobody has verified yet, or a keyed print of something else.
    """
    result = check_all([release], against, keyed=keyed, jobs=jobs, progress=progress)[0]
    if isinstance(result, WholetapeError):
        raise result
    return result


def check_all(
    releases: Sequence[PathLike],
    against: PathLike | Sequence[PathLike | Reference],
    *,
    keyed: Sequence[PathLike] = (),
    jobs: int | None = None,
    progress: Report | None = None,
) -> tuple[CheckResult | UnreadableInput, ...]:
    """One result a release, in order; a release that cannot be read yields its error and does not stop the others."""
    report, count = progress or _quiet, jobs or _cores()
    paths = [against] if isinstance(against, str | os.PathLike) else list(against)
    with _one_thread_a_product(), working(count):
        references = load_all(paths, jobs=count, progress=lambda share: report("reading the reference", share))
        of_references = owned([read_keyed(path) for path in keyed], references)
        return tuple(_one(release, references, of_references, count, report) for release in releases)


def _one(
    release: PathLike, references: list[Reference], keyed: dict[int, KeyedPrint], jobs: int, report: Report
) -> CheckResult | UnreadableInput:
    name = os.path.basename(os.fspath(release))
    try:
        heard = listen(
            release,
            jobs=jobs,
            keep_sound=True,
            keep_mean=bool(keyed),
            progress=lambda share: report(f"listening to {name}", share),
        )
    except UnreadableInput as problem:
        return problem
    first = firsts(references)
    different = [references[k] for k in sorted(set(first))]
    of_different = {sorted(set(first)).index(first[k]): one for k, one in keyed.items()}
    result = conclude(heard, different, of_different, lambda share: report(f"comparing {name}", share))
    return for_each(result, references, first) if len(different) < len(references) else result


def make_print(recording: PathLike, *, jobs: int | None = None, progress: Report | None = None) -> Print:
    """The print of ``recording``: small, and enough to check a release against without the sound.

    Raises:
        UnreadableInput: the recording cannot be read.
    """
    report = progress or _quiet
    with _one_thread_a_product():
        heard = listen(
            recording, jobs=jobs or _cores(), keep_sound=False, progress=lambda share: report("making the print", share)
        )
        return heard.to_print()


def make_keyed_print(
    recording: PathLike, *, jobs: int | None = None, progress: Report | None = None
) -> tuple[Print, KeyedPrint]:
    """The print of ``recording``, and its keyed print by a new key: to be kept as secret as the key that is in it.

    Raises:
        UnreadableInput: the recording cannot be read.
    """
    report = progress or _quiet
    with _one_thread_a_product():
        heard = listen(
            recording,
            jobs=jobs or _cores(),
            keep_sound=True,
            keep_mean=True,
            progress=lambda share: report("making the prints", share),
        )
        made, mean = heard.to_print(), heard.voices[0]
        return made, make(mean.sound, made.samples, made.recording, secrets.token_bytes(KEY_BYTES))


def _one_thread_a_product() -> AbstractContextManager[object]:
    """Keep numpy's matrix products on one thread: they are small, and threads that wait for each other cost tenfold."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits
