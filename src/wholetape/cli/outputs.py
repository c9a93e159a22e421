"""Files that a command is about to write, judged before the long work begins."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from wholetape.errors import StorageFailed, UsageError


def judge(outputs: Iterable[str | None], inputs: Iterable[str]) -> None:
    """Returns when every output can be written, overwrites no input, and no two are one file. ``-`` is no file.

    Raises:
        UsageError: an output is an input, a folder or a device, or two outputs are one file.
        StorageFailed: the folder does not exist, or does not let us write.
    """
    taken = {os.path.realpath(path): path for path in inputs}
    for path in outputs:
        if path is None or path == "-":
            continue
        real = os.path.realpath(path)
        if real in taken or any(_same(path, other) for other in taken.values()):
            raise UsageError(
                f"{path} would be overwritten", "give each output a file of its own, apart from the inputs"
            )
        if os.path.isdir(real):
            raise UsageError(f"{path} is a folder", "name a file in it")
        if os.path.exists(real) and not os.path.isfile(real):
            raise UsageError(f"{path} is not a regular file", "name a file; --json - writes to standard output")
        folder = os.path.dirname(real)
        if not os.path.isdir(folder):
            raise StorageFailed(f"{path} cannot be written: there is no folder {folder}", "create the folder first")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise StorageFailed(f"{path} cannot be written: no permission in {folder}", "choose another folder")
        taken[real] = path


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def write_json(target: str, tree: Any) -> None:
    """Writes ``tree`` as JSON to the file ``target`` in one step, or to standard output where that is ``-``."""
    text = json.dumps(tree, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(text)
        return
    from wholetape.store.atomic import atomic_write

    atomic_write(target, text.encode())
