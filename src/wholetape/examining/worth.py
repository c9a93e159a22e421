"""What each trace is worth: counted, not guessed, and read from the data file that the evaluation writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from wholetape.traces import FalseAlarm


@dataclass(frozen=True, slots=True)
class Worth:
    """``false_alarm``, and ``log10_lr`` where a ratio was calibrated; None where nothing was counted."""

    false_alarm: FalseAlarm | None
    log10_lr: float | None


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, object]]:
    table: dict[str, dict[str, object]] = json.loads(
        files("wholetape.examining").joinpath("calibration.json").read_text("utf-8")
    )["traces"]
    return table


def worth(name: str, codec: str = "") -> Worth:
    """The worth of the trace called ``name`` in a file whose sound is in ``codec``.

    A rate of which nothing was seen in n recordings is given as its upper 95% bound, 3/n; a ratio never exceeds what
    that bound allows, and is given only for encodings on which it was calibrated.
    """
    row = _table().get(name)
    if row is None:
        return Worth(None, None)
    n, seen = int(str(row["n"])), int(str(row["false"]))
    rate = seen / n if seen else min(1.0, 3 / n)
    ratios = row.get("log10_lr")
    ratio = ratios.get(_form(codec)) if isinstance(ratios, dict) else None
    return Worth(FalseAlarm(rate, n, str(row["material"]), seen), None if ratio is None else float(ratio))


def _form(codec: str) -> str:
    return "pcm" if codec.startswith("pcm_") or codec == "flac" else codec
