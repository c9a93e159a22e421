"""A log of the mains frequency, as grid operators and laboratories publish it: one line a second."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from wholetape.errors import UnreadableInput
from wholetape.media.guard import open_regular

_LARGEST = 1 << 28


def read_hum_log(path: str | os.PathLike[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds since 1970 and Hz, each (n,), of the lines ``TIME,HZ`` at ``path``; TIME in seconds or ISO 8601.

    A first line of headings is passed over.

    Raises:
        UnreadableInput: no such file, too large, or a line that is none of both.
    """
    name = os.fspath(path)
    with open_regular(path) as file:
        raw = file.read(_LARGEST + 1) or b""
    if len(raw) > _LARGEST:
        raise UnreadableInput(
            f"{name!r} is too large for a log of the mains frequency", hint="cut it to the days in question"
        )
    times, values = [], []
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines()):
        parts = [part.strip() for part in line.replace(";", ",").split(",")]
        if not line.strip():
            continue
        try:
            moment, value = _seconds(parts[0]), float(parts[1])
        except (ValueError, IndexError):
            if number == 0:
                continue
            hint = "one line a second: TIME,HZ with TIME in seconds since 1970 or as 2024-05-01T12:00:00Z, UTC"
            raise UnreadableInput(f"line {number + 1} of {name!r} is no time and frequency", hint=hint) from None
        times.append(moment)
        values.append(value)
    if len(times) < 60:
        raise UnreadableInput(f"{name!r} holds less than a minute of mains frequency", hint="give a longer log")
    order = np.argsort(times)
    return np.array(times)[order], np.array(values)[order]


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float(np.datetime64(text.removesuffix("Z"), "ms").astype(np.int64)) / 1000
