"""Who makes the prints and searches the parts: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor

from wholetape.errors import NetworkFailed, UsageError

_PATIENCE = "10s"


@contextlib.contextmanager
def processes(count: int) -> Iterator[tuple[Executor, int]]:
    """``count`` processes of this machine, for the length of the block."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        yield pool, count


@contextlib.contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of the Dask scheduler at ``address``. What a worker that dies had under way is given to another.

    Raises:
        UsageError: Dask is not installed.
        NetworkFailed: no scheduler answers there, or it has no workers.
    """
    try:
        from distributed import Client
    except ImportError as problem:
        raise UsageError("--cluster needs Dask", "pip install 'wholetape[cluster]'") from problem
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as problem:
        raise NetworkFailed(
            f"no scheduler answers at {address!r}: {problem}", "start one with `dask scheduler`"
        ) from problem
    with client:
        count = sum(client.nthreads().values())
        if not count:
            raise NetworkFailed(
                f"the scheduler at {address!r} has no workers", f"start some with `dask worker {address}`"
            )
        yield client.get_executor(pure=False, retries=3), count
