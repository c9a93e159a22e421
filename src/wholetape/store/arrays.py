"""Arrays on disk that are written once and then only looked at, page by page, as they are needed (NumPy's ``.npy``)."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import MalformedFile, storage_failed


def write_arrays(folder: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes ``NAME.npy`` of each array into a new ``folder``, which is there whole or not at all.

    Raises:
        StorageFailed: a full disk, no permission.
    """
    parent = os.path.dirname(folder)
    try:
        os.makedirs(parent, exist_ok=True)
        making = tempfile.mkdtemp(prefix=".new-", dir=parent)
        try:
            for name, array in arrays.items():
                with open(os.path.join(making, f"{name}.npy"), "wb") as file:
                    np.save(file, array, allow_pickle=False)
                    file.flush()
                    os.fsync(file.fileno())
            os.rename(making, folder)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    except OSError as problem:
        raise storage_failed("write", folder, problem) from problem


def map_array(folder: str, name: str) -> NDArray[Any]:
    """The array ``NAME.npy`` of ``folder``, its pages read from disk as they are looked at; it cannot be written to.

    Raises:
        MalformedFile: it is missing or damaged.
    """
    try:
        found: NDArray[Any] = np.load(os.path.join(folder, f"{name}.npy"), mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as problem:
        raise MalformedFile(
            f"{os.path.join(folder, name)!r} is missing or damaged: {problem}",
            "`wholetape archive verify --rebuild` makes it anew",
        ) from problem
    return found


def map_words(file: str, at: int, count: int) -> NDArray[np.uint64]:
    """(count,) words of ``file`` from byte ``at`` on, read as they are looked at.

    Raises:
        MalformedFile: the file is missing or shorter.
    """
    try:
        return np.memmap(file, "<u8", "r", at, (count,)) if count else np.zeros(0, np.uint64)
    except (OSError, ValueError) as problem:
        raise MalformedFile(
            f"{file!r} is missing or damaged: {problem}", "`wholetape archive verify` tells what is"
        ) from problem


def remove_folder(folder: str) -> None:
    """Removes ``folder`` with all that is in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def folders(parent: str) -> list[str]:
    """The names of the folders in ``parent``, sorted; none where it is missing."""
    try:
        return sorted(entry.name for entry in os.scandir(parent) if entry.is_dir())
    except OSError:
        return []
